/** What every measure stands on: the bare upstream, a scratch folder, the OpenAPI document of the peers, an environment. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { program } from '../budget/weigh.js';
import { accountId } from './accounts.js';

export interface Seen {
  readonly tokens: number;
  readonly requests: number;
  /** Requests that are not answered; and when the sockets of such were closed, on `now()`'s clock. */
  readonly hanging: number;
  readonly closed: readonly number[];
}

export interface Stage {
  readonly folder: string;
  readonly origin: string;
  /** File with the OpenAPI document the peers are driven by. */
  readonly document: string;
  /** Text of each operation: a peer that renames tools keeps it. */
  readonly descriptions: ReadonlyMap<string, string>;
  /** Nothing of the machine's own comes along but PATH: NODE_EXTRA_CA_CERTS alone can double a start. */
  readonly env: Readonly<Record<string, string>>;
  seen(): Promise<Seen>;
  /** Waits until the upstream has seen this; false after three seconds. */
  until(like: (seen: Seen) => boolean): Promise<boolean>;
  reset(): Promise<void>;
  usage(bytes: number): Promise<void>;
  close(): void;
}

export async function setStage(): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'databricks-actions-mcp-bench-'));
  const home = join(folder, 'home');
  mkdirSync(home);
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: home,
    USERPROFILE: home,
    LOCALAPPDATA: home,
    XDG_STATE_HOME: join(home, 'state'),
    XDG_CACHE_HOME: join(home, 'cache'),
  };
  const upstream = spawn(process.execPath, [join(import.meta.dirname, 'upstream.js')], {
    env,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const port = await new Promise<string>((resolve) => createInterface(upstream.stdout).once('line', resolve));
  const origin = `http://127.0.0.1:${port}`;
  const ask = async (path: string) => (await fetch(`${origin}/bench/${path}`)).json() as Promise<Seen>;
  const { document, descriptions } = documentFor(origin, env);
  const file = join(folder, 'openapi.json');
  writeFileSync(file, document);
  return {
    folder,
    origin,
    document: file,
    descriptions,
    env,
    seen: () => ask('state'),
    async until(like) {
      for (let tries = 0; tries < 600; tries += 1) {
        if (like(await ask('state'))) return true;
        await wait(5);
      }
      return false;
    },
    reset: async () => void (await ask('reset')),
    usage: async (bytes) => void (await ask(`usage/${bytes}`)),
    close() {
      upstream.stdin.end();
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

interface Operation {
  readonly operationId?: string;
  readonly description?: string;
}

/**
 * The document as somebody would hand it to a peer for one account: the account filled in, this upstream as its server.
 * SCIM bodies are called plain JSON: not every peer knows the other name, and would leave these tools out.
 */
function documentFor(origin: string, env: Readonly<Record<string, string>>) {
  const printed = execFileSync(process.execPath, [program, 'actions', '--openapi'], { env, encoding: 'utf8' });
  const { paths, components, ...rest } = JSON.parse(
    printed.replaceAll('{account_id}', accountId).replaceAll('application/scim+json', 'application/json'),
  );
  const { parameters: _account, ...others } = components;
  const items: Record<string, Record<string, Operation>> = {};
  for (const [path, { parameters: _shared, ...item }] of Object.entries<Record<string, Operation>>(paths)) {
    items[path] = item;
  }
  const operations = Object.values(items).flatMap((item) => Object.values(item));
  return {
    document: JSON.stringify({ ...rest, servers: [{ url: origin }], paths: items, components: others }),
    descriptions: new Map(operations.map(({ operationId = '', description = '' }) => [operationId, description])),
  };
}
