/** Runs the built program the way a shell does: as a process of its own, in an empty home and a clean environment. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import { after } from 'node:test';
import { unasked } from '../mcp/unasked.js';

export const mainFile = join(import.meta.dirname, '..', '..', 'src', 'cli', 'main.js');

/** An empty folder that takes the place of the user's home; removed when the file is done. */
export const home = mkdtempSync(join(tmpdir(), 'databricks-actions-mcp-cli-test-'));
after(() => rmSync(home, { recursive: true, force: true, maxRetries: 3 }));

type Env = Readonly<Record<string, string>>;

/** Settings of an operator who lets every write through, for tests that are not about approval. */
export const nobodyAsked: Env = unasked(home);

const cleanEnv: Env = {
  HOME: home,
  USERPROFILE: home,
  LOCALAPPDATA: home,
  XDG_STATE_HOME: home,
  PATH: process.env.PATH ?? '',
  ...(process.env.SystemRoot !== undefined && { SystemRoot: process.env.SystemRoot }),
};

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export function start(args: readonly string[], env: Env = {}): ChildProcess & { readonly ended: Promise<Ended> } {
  const child = spawn(process.execPath, [mainFile, ...args], { env: { ...cleanEnv, ...env } });
  after(() => child.kill());
  const code = new Promise<number | null>((resolve) => child.once('close', resolve));
  const ended = Promise.all([code, text(child.stdout), text(child.stderr)]).then(([code, stdout, stderr]) => ({
    code,
    stdout,
    stderr,
  }));
  return Object.assign(child, { ended });
}

export function run(args: readonly string[], env: Env = {}, input = ''): Promise<Ended> {
  const child = start(args, env);
  child.stdin?.end(input);
  return child.ended;
}

// biome-ignore lint/suspicious/noExplicitAny: a black-box test reads whatever JSON was printed
export const json = ({ stdout }: Ended): any => JSON.parse(stdout);

export interface Account {
  readonly url: string;
  readonly account_id: string;
  readonly client_id: string;
  readonly client_secret: string;
  readonly scopes: readonly string[];
  readonly env: Env;
}

/** The `sandbox` command as a process of its own, and what it says about itself. */
export async function startSandbox(...args: readonly string[]) {
  const child = start(['sandbox', '--port', '0', '--json', ...args]);
  const account = await new Promise<Account>((resolve, reject) => {
    child.stdout?.once('data', (line: Buffer) => resolve(JSON.parse(line.toString()) as Account));
    child.once('close', () => reject(new Error('The sandbox has ended.')));
  });
  return { child, account };
}
