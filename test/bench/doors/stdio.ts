/** A server as a client starts it: a child process, one message a line. Thin, so that it is the server that is measured. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { mine } from '../children.js';
import { type Door, hello, type Message } from './door.js';

export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

export class StdioDoor implements Door {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #waiting = new Map<number, (message: Message) => void>();
  readonly #ended: Promise<void>;
  #rest = '';
  #id = 0;

  constructor({ command, args, env, cwd }: Program) {
    this.#child = mine(spawn(command, args, { env, cwd, stdio: ['pipe', 'pipe', 'ignore'] }));
    this.#child.stdin.on('error', () => {});
    this.#child.stdout.setEncoding('utf8').on('data', (text: string) => this.#read(text));
    this.#ended = new Promise((resolve) => this.#child.once('close', () => resolve()));
    this.#ended.then(() => {
      for (const answer of this.#waiting.values()) answer({ error: { message: 'The server has ended.' } });
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  async open(): Promise<Message> {
    const { result } = await this.request('initialize', hello);
    this.#send({ method: 'notifications/initialized' });
    return result;
  }

  request(method: string, params: object = {}, signal?: AbortSignal): Promise<Message> {
    this.#id += 1;
    const id = this.#id;
    this.#send({ id, method, params });
    signal?.addEventListener('abort', () =>
      this.#send({ method: 'notifications/cancelled', params: { requestId: id, reason: 'bench' } }),
    );
    return new Promise((resolve) => this.#waiting.set(id, resolve));
  }

  async close(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }

  #send(message: object): void {
    this.#child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  }

  #read(text: string): void {
    const lines = (this.#rest === '' ? text : this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      if (!line.startsWith('{')) continue;
      const message = JSON.parse(line);
      const answer = message.method === undefined ? this.#waiting.get(message.id) : undefined;
      if (answer === undefined) continue;
      this.#waiting.delete(message.id);
      answer(message);
    }
  }
}
