/**
 * A server process with every byte of its stdio in our hands: the transport a real client talks through, and at the
 * same time the witness of what the process wrote (pure JSON-RPC, one answer per id, no secret) and of how it ended.
 */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import type { JSONRPCMessage, Transport } from '@modelcontextprotocol/client';
import type { Sandbox } from '../../src/sandbox/index.js';
import { raisedLimits, unasked } from '../mcp/unasked.js';

export const program = join(import.meta.dirname, '../../src/cli/main.js');

/** Values minted by the sandbox, its own client secret and its tokens all look like one of these. */
const canaries = [/dose[0-9a-f]{8}/, /eyJ[\w-]{8,}\.eyJ/];
const stderrKept = 200_000;

export interface WireOptions {
  readonly sandbox: Sandbox;
  /** Home and state folder; kept across restarts, so that what a dead process left behind is met by the next one. */
  readonly home: string;
  /** Risky calls need a person; else the operator lets everything through. */
  readonly asks?: boolean;
  readonly program?: string;
}

export class Wire implements Transport {
  onmessage?: (message: JSONRPCMessage) => void;
  onclose?: () => void;
  onerror?: (error: Error) => void;
  readonly pid: number;
  /** Resolves when the process has ended. */
  readonly exit: Promise<void>;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #canaries: readonly (RegExp | string)[];
  /** Answers by request id. */
  readonly #answers = new Map<string | number, number>();
  #wrong: string[] = [];
  #line = '';
  #stderr = '';

  constructor({ sandbox, home, asks = false, program: main = program }: WireOptions) {
    const { clientId, clientSecret } = sandbox;
    this.#canaries = [...canaries, Buffer.from(`${clientId}:${clientSecret}`).toString('base64')];
    this.#child = spawn(process.execPath, [main, 'stdio'], { cwd: home, env: environment(sandbox, home, asks) });
    this.pid = this.#child.pid ?? 0;
    this.#child.stdout.setEncoding('utf8').on('data', (text: string) => this.#read(text));
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-stderrKept);
    });
    // Writing to a process that was killed is part of the exercise.
    this.#child.stdin.on('error', () => {});
    this.exit = new Promise((resolve) => {
      this.#child.once('close', () => {
        resolve();
        this.onclose?.();
      });
    });
  }

  async start(): Promise<void> {}

  async send(message: JSONRPCMessage): Promise<void> {
    if ('method' in message && 'id' in message && message.id !== undefined) this.#answers.set(message.id, 0);
    this.#child.stdin.write(`${JSON.stringify(message)}\n`);
  }

  /** As a client leaves: closes stdin, and ends a process that does not go. */
  async close(): Promise<void> {
    const impatience = setTimeout(() => this.kill(), 5_000);
    this.#child.stdin.end();
    await this.exit;
    clearTimeout(impatience);
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  get stderr(): string {
    return this.#stderr;
  }

  /** What was wrong with the bytes since the last look. With `settled`, every request has to be answered by now. */
  takeWrong(settled = true): string[] {
    if (settled) {
      for (const [id, answers] of this.#answers) if (answers === 0) this.#wrong.push(`no answer for request ${id}`);
    }
    this.#scan('stderr', this.#stderr);
    if (/"bug"|UnhandledPromise|Warning:/.test(this.#stderr)) this.#wrong.push(`stderr: ${this.#stderr.slice(0, 600)}`);
    this.#stderr = '';
    const wrong = this.#wrong;
    this.#wrong = [];
    return wrong;
  }

  #read(text: string): void {
    const lines = (this.#line + text).split('\n');
    this.#line = lines.pop() ?? '';
    for (const line of lines) this.#take(line);
  }

  #take(line: string): void {
    this.#scan('stdout', line);
    let message: JSONRPCMessage;
    try {
      message = JSON.parse(line) as JSONRPCMessage;
    } catch {
      this.#wrong.push(`stdout is no JSON: ${line.slice(0, 200)}`);
      return;
    }
    if (message.jsonrpc !== '2.0') this.#wrong.push(`stdout is no JSON-RPC: ${line.slice(0, 200)}`);
    if (!('method' in message) && message.id !== undefined) {
      const answers = (this.#answers.get(message.id) ?? 1) + 1;
      this.#answers.set(message.id, answers);
      if (answers > 1) this.#wrong.push(`answer ${answers} for request ${message.id}, which expects one`);
    }
    this.onmessage?.(message);
  }

  #scan(where: string, text: string): void {
    for (const canary of this.#canaries) {
      const at = typeof canary === 'string' ? text.indexOf(canary) : text.search(canary);
      // The value itself is not repeated: this line goes to a terminal and into reports.
      if (at !== -1)
        this.#wrong.push(`a secret on ${where}, after ${JSON.stringify(text.slice(Math.max(0, at - 80), at))}`);
    }
  }
}

/** Nothing of the machine's own settings but PATH comes along. */
const environment = (sandbox: Sandbox, home: string, asks: boolean): Record<string, string> => ({
  PATH: process.env.PATH ?? '',
  ...(asks ? raisedLimits(home) : unasked(home)),
  HOME: home,
  XDG_STATE_HOME: join(home, 'state'),
  DATABRICKS_HOST: sandbox.url,
  DATABRICKS_ACCOUNT_ID: sandbox.accountId,
  DATABRICKS_CLIENT_ID: sandbox.clientId,
  DATABRICKS_CLIENT_SECRET: sandbox.clientSecret,
  DATABRICKS_SCOPES: 'all-apis',
});
