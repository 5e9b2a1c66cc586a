/**
 * JSON-RPC lines to the real server process in either era of the protocol, with whatever a client could write in them:
 * for attacks that no client library would send.
 */
import assert from 'node:assert/strict';
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { atEnd, environment, program } from '../mcp/server-process.js';

// biome-ignore lint/suspicious/noExplicitAny: a test reads whatever JSON came back
export type Message = any;
export type Era = 'modern' | 'legacy';

export interface WireOptions {
  readonly home: string;
  readonly settings: Record<string, string>;
  readonly era: Era;
  /** What the client says of itself; able to show forms unless said. */
  readonly capabilities?: object;
  readonly flags?: readonly string[];
  /** Options of Node itself. */
  readonly nodeOptions?: readonly string[];
  /** What the client calls itself. */
  readonly clientInfo?: object;
  /** Told of each request the server makes; nothing is answered by itself. */
  readonly onRequest?: (request: Message, wire: Wire) => void;
}

const version = { modern: '2026-07-28', legacy: '2025-11-25' };
const raw = { name: 'raw', version: '1' };

export class Wire {
  readonly child: ChildProcessWithoutNullStreams;
  /** Exit code, or the name of the signal that ended it. */
  readonly exit: Promise<number | string | null>;
  /** Every line of stdout as it came. */
  readonly lines: string[] = [];
  stderr = '';
  readonly #options: WireOptions;
  readonly #waiting = new Map<unknown, (message: Message) => void>();
  #rest = '';
  #id = 0;

  private constructor(options: WireOptions) {
    this.#options = options;
    const { home, settings, flags = [], nodeOptions = [] } = options;
    this.child = spawn(process.execPath, [...nodeOptions, program, 'stdio', ...flags], {
      env: environment(home, settings),
      cwd: home,
    });
    this.child.stdout.setEncoding('utf8').on('data', (text: string) => this.#read(text));
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
    // Writing to a process that has ended is part of some tests.
    this.child.stdin.on('error', () => {});
    this.exit = new Promise((resolve) => this.child.once('close', (code, signal) => resolve(code ?? signal)));
    void this.exit.then(() => {
      for (const settle of this.#waiting.values()) settle(undefined);
      this.#waiting.clear();
    });
    atEnd(() => this.child.kill('SIGKILL'));
  }

  /** A server that has shaken hands, where its era does. */
  static async start(options: WireOptions): Promise<Wire> {
    const wire = new Wire(options);
    if (options.era === 'modern') return wire;
    const { capabilities = { elicitation: {} }, clientInfo = raw } = options;
    const hello = { protocolVersion: version.legacy, capabilities, clientInfo };
    const answer = await wire.request('initialize', hello);
    assert.ok(answer?.result, `no handshake; stderr: ${wire.stderr.slice(0, 500)}`);
    wire.send({ jsonrpc: '2.0', method: 'notifications/initialized' });
    return wire;
  }

  /** The params with what every request of the 2026 revision says of its client. */
  params(params: object): object {
    if (this.#options.era === 'legacy') return params;
    const { capabilities = { elicitation: { form: {} } }, clientInfo = raw } = this.#options;
    const meta = {
      'io.modelcontextprotocol/protocolVersion': version.modern,
      'io.modelcontextprotocol/clientInfo': clientInfo,
      'io.modelcontextprotocol/clientCapabilities': capabilities,
    };
    return { _meta: meta, ...params };
  }

  send(message: unknown): void {
    this.child.stdin.write(`${JSON.stringify(message)}\n`);
  }

  /** Sends a request and leaves its answer for `answer`. */
  post(method: string, params: object = {}): number {
    this.#id += 1;
    this.send({ jsonrpc: '2.0', id: this.#id, method, params: this.params(params) });
    return this.#id;
  }

  /** Undefined where the process ends first. */
  answer(id: number): Promise<Message> {
    return new Promise((resolve) => this.#waiting.set(id, resolve));
  }

  request(method: string, params: object = {}): Promise<Message> {
    return this.answer(this.post(method, params));
  }

  /** `extra` goes beside the name and the arguments. */
  call(name: string, args: unknown = {}, extra: object = {}): Promise<Message> {
    return this.request('tools/call', { name, arguments: args, ...extra });
  }

  /** Closes stdin, as a client does that leaves, and returns how the process ended. */
  async leave(): Promise<number | string | null> {
    this.child.stdin.end();
    const ended = await Promise.race([this.exit, wait(30_000, 'still running' as const, { ref: false })]);
    assert.notEqual(ended, 'still running');
    return ended;
  }

  #read(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      this.lines.push(line);
      const message: Message = JSON.parse(line);
      if (message.method !== undefined) {
        if (message.id !== undefined) this.#options.onRequest?.(message, this);
        continue;
      }
      this.#waiting.get(message.id)?.(message);
      this.#waiting.delete(message.id);
    }
  }
}

/** What a tool answered, read off its text; undefined where the answer is no tool's. */
export function told(message: Message): Message {
  const text = message?.result?.content?.[0]?.text;
  return text === undefined ? undefined : JSON.parse(text);
}

/** A yes to this question as the person would give it, with the name where one has to be typed. */
export function yesTo(request: Message): { action: string; content: Record<string, unknown> } {
  const typed = /^To approve, also type (.*)$/m.exec(request.params.message)?.[1];
  return { action: 'accept', content: { approve: true, ...(typed !== undefined && { name: typed }) } };
}

/** The question and the state of a result that asks. */
export function askedIn(message: Message): { request: Message; state: string } | undefined {
  const { resultType, inputRequests, requestState } = message?.result ?? {};
  return resultType === 'input_required' ? { request: inputRequests.approval, state: requestState } : undefined;
}
