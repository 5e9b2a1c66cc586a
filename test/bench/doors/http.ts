/**
 * Streamable HTTP of both eras: a session of 2025-11-25, or requests of 2026-07-28 that each stand alone. Some servers
 * accept a request and answer it on the session's stream; for those the door `listens`.
 */
import { Pool } from 'undici';
import { type Door, hello, type Message } from './door.js';
import { onEvents } from './events.js';
import type { Served } from './served.js';

export type Era = '2025-11-25' | '2026-07-28';

const meta = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': hello.clientInfo,
  'io.modelcontextprotocol/clientCapabilities': {},
};

export interface HttpOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly listens?: boolean;
}

export class HttpDoor implements Door {
  readonly pid: number | undefined;
  readonly #served: Served;
  readonly #era: Era;
  readonly #pool: Pool;
  readonly #headers: Record<string, string>;
  readonly #listens: boolean;
  readonly #waiting = new Map<number, (message: Message) => void>();
  #id = 0;

  constructor(served: Served, era: Era, { headers = {}, listens = false }: HttpOptions = {}) {
    this.pid = served.pid;
    this.#served = served;
    this.#era = era;
    this.#pool = new Pool(served.origin, { connections: 65, keepAliveTimeout: 5_000 });
    this.#listens = listens;
    this.#headers = {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...headers,
    };
  }

  async open(): Promise<Message> {
    this.#headers['mcp-protocol-version'] = this.#era;
    if (this.#era === '2026-07-28') return undefined;
    const { result } = await this.request('initialize', hello);
    await this.#post(JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' }), {});
    if (this.#listens) this.#listen();
    return result;
  }

  async request(method: string, params: object = {}, signal?: AbortSignal): Promise<Message> {
    this.#id += 1;
    const id = this.#id;
    const isModern = this.#era === '2026-07-28';
    const name = (params as { name?: string }).name;
    const headers = isModern ? { 'mcp-method': method, ...(name !== undefined && { 'mcp-name': name }) } : {};
    const sent = isModern ? { _meta: meta, ...params } : params;
    if (!isModern) {
      signal?.addEventListener('abort', () => {
        const params = { requestId: id, reason: 'bench' };
        void this.#post(JSON.stringify({ jsonrpc: '2.0', method: 'notifications/cancelled', params }), {});
      });
    }
    const answered = this.#listens ? new Promise<Message>((resolve) => this.#waiting.set(id, resolve)) : undefined;
    const answer = await this.#post(
      JSON.stringify({ jsonrpc: '2.0', id, method, params: sent }),
      headers,
      isModern ? signal : undefined,
    );
    return answer ?? answered;
  }

  /** Not waited for: some send the headers of the stream with its first event. */
  #listen(): void {
    const headers = { ...this.#headers, accept: 'text/event-stream' };
    const stream = this.#pool.request({ method: 'GET', path: '/mcp', headers, headersTimeout: 0, bodyTimeout: 0 });
    const read = (data: string) => {
      const message = JSON.parse(data);
      this.#waiting.get(message.id)?.(message);
      this.#waiting.delete(message.id);
    };
    stream.then(({ body }) => onEvents(body, read)).catch(() => {});
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
    await this.#served.stop();
  }

  async #post(body: string, headers: Record<string, string>, signal?: AbortSignal): Promise<Message> {
    const answer = await this.#pool.request({
      method: 'POST',
      path: '/mcp',
      headers: { ...this.#headers, ...headers },
      body,
      ...(signal && { signal }),
    });
    const session = answer.headers['mcp-session-id'];
    if (typeof session === 'string') this.#headers['mcp-session-id'] = session;
    const text = await answer.body.text();
    if (text === '' && answer.statusCode === 202) return undefined;
    if (String(answer.headers['content-type']).startsWith('application/json')) return JSON.parse(text);
    const data = text.split('\n').findLast((line) => line.startsWith('data: {'));
    if (data === undefined) throw new Error(`Not an answer: ${answer.statusCode} ${text.slice(0, 200)}`);
    return JSON.parse(data.slice(6));
  }
}
