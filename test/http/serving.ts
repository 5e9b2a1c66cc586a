/** The `http` command as a process of its own, on a free port and open to anybody on this machine. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import process from 'node:process';
import { program } from '../mcp/server-process.js';

export interface Served {
  readonly url: string;
  /** Lets the server drain, and resolves when it has ended. */
  close(): Promise<unknown>;
}

/** Waits until a server that was started says where it serves. `said`: all it has written to stderr so far. */
export async function served(child: ChildProcess): Promise<{ readonly url: string; said(): string }> {
  let said = '';
  const url = await new Promise<string>((resolve, reject) => {
    child.stderr?.on('data', (part: Buffer) => {
      said += part.toString();
      const [, found] = /Serving MCP at (http\S+)\/mcp/.exec(said) ?? [];
      if (found !== undefined) resolve(found);
    });
    child.once('close', () => reject(new Error(`The server did not start. It said: ${said}`)));
  });
  return { url, said: () => said };
}

/** `env`: all of its environment. Whoever starts it closes it. */
export async function startHttp(flags: readonly string[], env: Readonly<Record<string, string>>): Promise<Served> {
  const args = ['http', '--no-auth', '--port', '0', '--rate', '10000', '--log-level', 'error', ...flags];
  const child = spawn(process.execPath, [program, ...args], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = once(child, 'close');
  const { url } = await served(child);
  const close = () => {
    child.kill();
    return ended;
  };
  return { url, close };
}

/** A port that was free just now: for what cannot be told to take any. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}
