/** HTTP+SSE of 2024-11-05: messages are posted, answers come on one stream. */
import { Pool } from 'undici';
import { type Door, hello, type Message } from './door.js';
import { onEvents } from './events.js';
import type { Served } from './served.js';

export class SseDoor implements Door {
  readonly pid: number | undefined;
  readonly #served: Served;
  readonly #pool: Pool;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #waiting = new Map<number, (message: Message) => void>();
  #endpoint = '';
  #id = 0;

  constructor(served: Served, headers: Readonly<Record<string, string>> = {}) {
    this.pid = served.pid;
    this.#served = served;
    this.#pool = new Pool(served.origin, { connections: 65, keepAliveTimeout: 5_000, bodyTimeout: 0 });
    this.#headers = headers;
  }

  async open(): Promise<Message> {
    const { body } = await this.#pool.request({
      method: 'GET',
      path: '/sse',
      headers: { accept: 'text/event-stream', ...this.#headers },
    });
    const endpoint = new Promise<string>((resolve) => {
      onEvents(body, (data, name) => {
        if (name === 'endpoint') resolve(data);
        else this.#read(JSON.parse(data));
      });
    });
    const { pathname, search } = new URL(await endpoint, this.#served.origin);
    this.#endpoint = pathname + search;
    const { result } = await this.request('initialize', { ...hello, protocolVersion: '2024-11-05' });
    await this.#post({ method: 'notifications/initialized' });
    return result;
  }

  async request(method: string, params: object = {}, signal?: AbortSignal): Promise<Message> {
    this.#id += 1;
    const id = this.#id;
    const answer = new Promise<Message>((resolve) => this.#waiting.set(id, resolve));
    signal?.addEventListener(
      'abort',
      () => void this.#post({ method: 'notifications/cancelled', params: { requestId: id, reason: 'bench' } }),
    );
    await this.#post({ id, method, params });
    return answer;
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
    await this.#served.stop();
  }

  #read(message: Message): void {
    this.#waiting.get(message.id)?.(message);
    this.#waiting.delete(message.id);
  }

  async #post(message: object): Promise<void> {
    const { body } = await this.#pool.request({
      method: 'POST',
      path: this.#endpoint,
      headers: { 'content-type': 'application/json', ...this.#headers },
      body: JSON.stringify({ jsonrpc: '2.0', ...message }),
    });
    await body.dump();
  }
}
