/** A redis-server of the test's own, on a free port and without files; and links to it as replicas have them. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { TestContext } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { type Link, openLink } from '../../src/store/link.js';
import { freePort } from '../http/serving.js';

/** The reason not to run, where there is no redis-server. */
export const withoutRedis: string | false =
  spawnSync('redis-server', ['--version']).error === undefined ? false : 'redis-server is not installed';

export interface Redis {
  readonly url: string;
  readonly port: number;
  /** Stops answering, without closing a connection. */
  freeze(): void;
  thaw(): void;
  /** Ends it, all it knew included. */
  stop(): Promise<void>;
  start(): Promise<void>;
}

export async function startRedis(): Promise<Redis> {
  const port = await freePort();
  let child: ChildProcess;
  const start = async () => {
    child = spawn('redis-server', ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--dir', '/'], {
      stdio: 'ignore',
    });
    while (!(await listens(port))) await wait(20);
  };
  await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    start,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const over = once(child, 'exit');
      child.kill('SIGKILL');
      await over;
    },
  };
}

export async function redis(t: TestContext): Promise<Redis> {
  const started = await startRedis();
  t.after(() => started.stop());
  return started;
}

export async function link(t: TestContext, { url }: Redis, patience = 2_000): Promise<Link> {
  const opened = await openLink({ url, onChange: () => {}, patience });
  t.after(() => opened.close());
  return opened;
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const over = (does: boolean) => {
      socket.destroy();
      resolve(does);
    };
    socket.once('connect', () => over(true)).once('error', () => over(false));
  });
}
