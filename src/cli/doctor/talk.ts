/**
 * Starts a server the way an MCP client does and says the least to it over stdio: hello, which tools are there, how
 * access stands. Nothing it says changes anything, and the server ends with it.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { isObject, objectIn } from '../../core/json.js';
import { statusTool } from '../../status-tool.js';
import { product } from '../../version.js';

export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly folder: string;
}

export interface Patience {
  readonly milliseconds: number;
  readonly signal: AbortSignal;
}

export interface Talk {
  readonly tools: number;
  /** What `databricks_access_status` says, if it was told in time. */
  readonly status?: Readonly<Record<string, unknown>>;
}

/** No talk came about. `code`: that of the system (ENOENT), `exit 3`, or `ETIMEDOUT`. */
export class NoTalk extends Error {
  override readonly name = 'NoTalk';
  readonly code: string;
  /** The end of what the program wrote to stderr: text of others. */
  readonly last: string;

  constructor(code: string, last: string) {
    super(`The server did not talk (${code}).`);
    this.code = code;
    this.last = last;
  }
}

/** As much of stderr as is worth telling. */
const mostKept = 2_000;
/** Every revision of the protocol that has this method is answered alike. */
const revision = '2025-06-18';

export async function talkTo(program: Program, { milliseconds, signal }: Patience): Promise<Talk> {
  const child = spawn(program.command, program.args, {
    cwd: program.folder,
    env: program.env,
    stdio: 'pipe',
    windowsHide: true,
  });
  const limit = AbortSignal.any([signal, AbortSignal.timeout(milliseconds)]);
  const line = createLine(child, limit);
  try {
    const client = { protocolVersion: revision, capabilities: {}, clientInfo: product };
    await line.ask('initialize', client);
    line.tell('notifications/initialized');
    const { tools } = await line.ask('tools/list', {});
    const count = Array.isArray(tools) ? tools.length : 0;
    const answer = await line.ask('tools/call', { name: statusTool.id, arguments: {} }).catch(() => undefined);
    const status = answer?.structuredContent;
    return { tools: count, ...(isObject(status) && { status: isObject(status.data) ? status.data : status }) };
  } finally {
    await end(child);
  }
}

function createLine(child: ChildProcess, limit: AbortSignal) {
  const waiting = new Map<number, { resolve(result: Record<string, unknown>): void; reject(error: Error): void }>();
  let last = '';
  let over: Error | undefined;
  let id = 0;
  const finish = (code: string) => {
    over ??= new NoTalk(code, last.trim());
    for (const { reject } of waiting.values()) reject(over);
    waiting.clear();
  };
  child.stderr?.on('data', (part: Buffer) => {
    last = (last + part.toString()).slice(-mostKept);
  });
  // A server that has gone is told by its end, not by the pipe it left.
  child.stdin?.on('error', () => {});
  child.once('error', (error: NodeJS.ErrnoException) => finish(error.code ?? 'unknown error'));
  child.once('close', (code, killed) => finish(killed === null ? `exit ${code}` : killed));
  limit.addEventListener('abort', () => finish('ETIMEDOUT'), { once: true });
  if (child.stdout) {
    createInterface({ input: child.stdout }).on('line', (text) => {
      const message = objectIn(text);
      const asked = typeof message?.id === 'number' ? waiting.get(message.id) : undefined;
      if (asked === undefined) return;
      waiting.delete(message?.id as number);
      if (isObject(message?.result)) asked.resolve(message.result);
      else asked.reject(new NoTalk('an error of the protocol', last.trim()));
    });
  }
  const say = (message: object) => child.stdin?.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  return {
    ask: (method: string, params: object) =>
      new Promise<Record<string, unknown>>((resolve, reject) => {
        if (over !== undefined) return reject(over);
        id += 1;
        waiting.set(id, { resolve, reject });
        say({ id, method, params });
      }),
    tell: (method: string) => say({ method }),
  };
}

/** Milliseconds a server has to end by itself. */
const grace = 2_000;

/** By the end of its input, as clients do; what does not end then is ended. */
async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));
  child.stdin?.end();
  const timer = setTimeout(() => child.kill('SIGKILL'), grace);
  await gone;
  clearTimeout(timer);
}
