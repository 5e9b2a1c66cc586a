/** Three server processes on one sandbox account, with a Redis between them and nginx in front that takes turns. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { type Sandbox, startSandbox } from '../../../src/sandbox/index.js';
import { startRedis, withoutRedis } from '../../store/redis.js';
import { freePort } from '../serving.js';

export const callers = ['ann', 'bob', 'cid', 'dan', 'eve', 'fay'] as const;
export const tokenOf = (caller: string): string => `${caller}-token-of-the-test-with-all-scopes-000`;

/** The reason not to run, where something is missing. */
export const withoutCluster: string | false =
  withoutRedis || (spawnSync('nginx', ['-v']).error === undefined ? false : 'nginx is not installed');

export interface Cluster {
  readonly sandbox: Sandbox;
  readonly url: string;
  /** Folders of the replicas' files. */
  readonly states: readonly string[];
  kill(replica: number): Promise<void>;
  close(): Promise<void>;
}

const program = join(import.meta.dirname, '../../../src/cli/main.js');

export async function startCluster(destructiveCalls: number): Promise<Cluster> {
  const home = mkdtempSync(join(tmpdir(), 'databricks-actions-mcp-replicas-'));
  const children: ChildProcess[] = [];
  const sandbox = await startSandbox();
  const redis = await startRedis();
  const close = async () => {
    await Promise.all(children.map(end));
    await redis.stop();
    await sandbox.close();
    rmSync(home, { recursive: true, force: true });
  };
  try {
    const secret = (name: string, content: string | Buffer) => {
      writeFileSync(join(home, name), content, { mode: 0o600 });
      return join(home, name);
    };
    const scopes = ['dbx:read', 'dbx:write', 'dbx:admin', 'dbx:secrets'];
    const tokens = callers.map((name) => ({ name, token: tokenOf(name), scopes }));
    const settings = {
      PATH: process.env.PATH ?? '',
      HOME: home,
      DATABRICKS_HOST: sandbox.url,
      DATABRICKS_ACCOUNT_ID: sandbox.accountId,
      DATABRICKS_CLIENT_ID: sandbox.clientId,
      DATABRICKS_CLIENT_SECRET: sandbox.clientSecret,
      DATABRICKS_SCOPES: 'all-apis',
      DATABRICKS_MCP_STORE: redis.url,
      DATABRICKS_MCP_KEY_FILE: secret('key', randomBytes(32)),
      DATABRICKS_MCP_HTTP_TOKEN_FILE: secret('tokens.json', JSON.stringify(tokens)),
      DATABRICKS_MCP_POLICY_FILE: secret(
        'policy.json',
        JSON.stringify({ limits: { destructive: { calls: destructiveCalls, minutes: 10 } } }),
      ),
    };
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const states: string[] = [];
    const ports: number[] = [];
    for (const name of ['one', 'two', 'three']) {
      const own = await freePort();
      const state = join(home, name);
      const limits = ['--rate', '10000', '--max-calls', '100', '--max-connections-per-address', '200'];
      const args = ['http', '--port', `${own}`, '--behind-tls-proxy', '--public-url', url, '--state-dir', state];
      const child = spawn(process.execPath, [program, ...args, ...limits], {
        env: settings,
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      children.push(child);
      await said(child, /Serving MCP/);
      ports.push(own);
      states.push(state);
    }
    children.push(await startNginx(home, port, ports));
    return { sandbox, url, states, kill: (replica) => end(children[replica] as ChildProcess), close };
  } catch (error) {
    await close();
    throw error;
  }
}

const end = async (child: ChildProcess) => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const over = once(child, 'exit');
  child.kill('SIGKILL');
  await over;
};

async function said(child: ChildProcess, what: RegExp): Promise<void> {
  let text = '';
  await new Promise<void>((resolve, reject) => {
    child.stderr?.on('data', (part: Buffer) => {
      text += part.toString();
      if (what.test(text)) resolve();
    });
    child.once('exit', () => reject(new Error(`It ended: ${text}`)));
  });
}

/** As README has it for operators: no buffering, and nothing that may have been carried out is sent again. */
async function startNginx(home: string, port: number, ports: readonly number[]): Promise<ChildProcess> {
  const folder = join(home, 'nginx');
  mkdirSync(folder);
  const places = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${folder}/${name};`,
  );
  const servers = ports.map((each) => `server 127.0.0.1:${each} max_fails=1 fail_timeout=1s;`);
  writeFileSync(
    join(folder, 'nginx.conf'),
    `daemon off; master_process off; pid ${folder}/pid; error_log stderr crit;
events { worker_connections 512; }
http {
  access_log off; ${places.join(' ')}
  upstream replicas { ${servers.join(' ')} }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://replicas;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_buffering off;
      proxy_read_timeout 3600s;
    }
  }
}`,
  );
  const child = spawn('nginx', ['-p', folder, '-c', join(folder, 'nginx.conf')], { stdio: 'ignore' });
  for (let tries = 0; tries < 200; tries += 1) {
    if (child.exitCode !== null) break;
    if (
      await fetch(`http://127.0.0.1:${port}/livez`).then(
        (answer) => answer.ok,
        () => false,
      )
    )
      return child;
    await wait(25);
  }
  await end(child);
  throw new Error('nginx did not start.');
}
