/**
 * The server program without a client in between: bytes in, bytes out. For everything a well-behaved client would never
 * send, and for seeing what the process really writes and how it ends.
 */
import assert from 'node:assert/strict';
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { allSettings, atEnd, environment, program, type ServerOptions, temporaryHome } from './server-process.js';

// biome-ignore lint/suspicious/noExplicitAny: a test reads whatever JSON came back
export type Message = any;

export class RawProcess {
  readonly child: ChildProcessWithoutNullStreams;
  /** Exit code, or the name of the signal that ended it. */
  readonly exit: Promise<number | string | null>;
  stdout = Buffer.alloc(0);
  stderr = '';
  #id = 0;

  constructor(options: ServerOptions = {}) {
    const { home = temporaryHome(), flags = [], nodeOptions = [] } = options;
    this.child = spawn(process.execPath, [...nodeOptions, program, 'stdio', ...flags], {
      env: environment(home, allSettings(options, home)),
      cwd: home,
    });
    this.child.stdout.on('data', (chunk: Buffer) => {
      this.stdout = Buffer.concat([this.stdout, chunk]);
    });
    this.child.stderr.on('data', (chunk: Buffer) => {
      this.stderr += chunk.toString();
    });
    // Writing to a process that has ended is part of some tests.
    this.child.stdin.on('error', () => {});
    this.exit = new Promise((resolve) => this.child.once('close', (code, signal) => resolve(code ?? signal)));
    atEnd(() => this.child.kill('SIGKILL'));
  }

  /** A process that has shaken hands as a client of the 2025 revisions does. */
  static async started(options: ServerOptions = {}): Promise<RawProcess> {
    const server = new RawProcess(options);
    const { result } = await server.request('initialize', {
      protocolVersion: '2025-11-25',
      capabilities: {},
      clientInfo: { name: 'raw', version: '1' },
    });
    assert.equal(result.serverInfo.name, 'databricks-actions-mcp');
    server.send({ jsonrpc: '2.0', method: 'notifications/initialized' });
    return server;
  }

  /** Everything on stdout, which has to be JSON-RPC and nothing else. */
  messages(): Message[] {
    const lines = this.stdout.toString('utf8').split('\n').slice(0, -1);
    return lines.map((line) => {
      const message = JSON.parse(line) as Message;
      assert.equal(message.jsonrpc, '2.0', line.slice(0, 200));
      return message;
    });
  }

  /** The one line, as written, that answers this request. */
  line(id: number): string {
    const lines = this.stdout.toString('utf8').split('\n');
    return lines.find((line) => line !== '' && JSON.parse(line).id === id) ?? '';
  }

  bytes(bytes: string | Uint8Array): void {
    this.child.stdin.write(bytes);
  }

  send(message: object): void {
    this.bytes(`${JSON.stringify(message)}\n`);
  }

  /** Sends a request and leaves the answer for later; returns its id. */
  post(method: string, params: object = {}): number {
    this.#id += 1;
    this.send({ jsonrpc: '2.0', id: this.#id, method, params });
    return this.#id;
  }

  request(method: string, params: object = {}): Promise<Message> {
    return this.answer(this.post(method, params));
  }

  call(name: string, args: object = {}): Promise<Message> {
    return this.request('tools/call', { name, arguments: args });
  }

  answer(id: number): Promise<Message> {
    return this.until((message) => message.id === id && message.method === undefined);
  }

  /** The first message like this, waiting for it. */
  async until(like: (message: Message) => boolean): Promise<Message> {
    const found = await eventually(() => this.messages().find(like));
    assert.ok(found, `no such answer; stderr: ${this.stderr.slice(0, 500)}`);
    return found;
  }

  /** Closes stdin, as a client does that leaves, and returns how the process ended. */
  async leave(): Promise<number | string | null> {
    this.child.stdin.end();
    return this.ended();
  }

  async ended(within = 10_000): Promise<number | string | null> {
    return Promise.race([this.exit, wait(within, 'still running', { ref: false })]);
  }
}

/** Looks until there is something to see, for at most ten seconds. */
export async function eventually<T>(look: () => T | undefined | false): Promise<T | undefined> {
  for (const started = Date.now(); Date.now() - started < 10_000; await wait(5)) {
    const seen = look();
    if (seen !== undefined && seen !== false) return seen;
  }
  return undefined;
}
