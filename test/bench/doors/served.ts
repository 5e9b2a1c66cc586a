/** A server that listens: started on a free port, ready when something accepts there, stopped by force. */
import { type ChildProcess, spawn } from 'node:child_process';
import { type AddressInfo, connect, createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { mine } from '../children.js';
import type { Program } from './stdio.js';

export interface Served {
  readonly pid: number | undefined;
  readonly origin: string;
  stop(): Promise<void>;
}

/** `program` is told the port. */
export async function serve(program: (port: number) => Program): Promise<Served> {
  const port = await freePort();
  const { command, args, env, cwd } = program(port);
  const child = mine(spawn(command, args, { env, cwd, stdio: ['pipe', 'ignore', 'ignore'] }));
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const stop = async () => {
    child.kill('SIGKILL');
    await ended;
  };
  if (!(await listens(port, child))) {
    await stop();
    throw new Error(`Nothing listens: ${args.join(' ')}`);
  }
  return { pid: child.pid, origin: `http://127.0.0.1:${port}`, stop };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function listens(port: number, child: ChildProcess): Promise<boolean> {
  for (let tries = 0; tries < 400 && child.exitCode === null; tries += 1) {
    const socket = connect(port, '127.0.0.1');
    const open = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    });
    socket.destroy();
    if (open) return true;
    await wait(25);
  }
  return false;
}
