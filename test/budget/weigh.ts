/**
 * What does not depend on time: tokens and bytes of the lists a client is sent by the real program, of the instructions,
 * and how much an installation brings. The lists are asked for as a client of the 2025 revisions does.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { answers } from './answers.js';
import { countTokens } from './tokenizer.js';

const root = join(import.meta.dirname, '../../..');

export interface Weight {
  readonly tokens: number;
  readonly bytes: number;
}

export interface Weights {
  /** The list of every tool, the shorter lists by what they are, the server's instructions, and some answers. */
  readonly texts: Readonly<Record<string, Weight>>;
  /** Tokens of each tool of the whole list. */
  readonly tools: Readonly<Record<string, number>>;
  /** Packages an installation brings. */
  readonly packages: number;
  /** Bytes of the bundled program; 0 while there is none. */
  readonly bundle: number;
}

/** The lists and how they are asked for. A list whose flags the program does not know is left out. */
export const lists: Readonly<Record<string, readonly string[]>> = {
  list: [],
  'read-only list': ['--read-only'],
  'search list': ['--tools', 'search'],
};

export async function weigh(): Promise<Weights> {
  const told = await Promise.all(Object.entries(lists).map(async ([name, flags]) => [name, await ask(flags)] as const));
  const whole = told[0]?.[1];
  if (whole === undefined) throw new Error('The server did not answer tools/list.');
  const texts = told.flatMap(([name, answer]) =>
    answer === undefined ? [] : [[name, weightOf(answer.tools)] as const],
  );
  return {
    texts: {
      ...Object.fromEntries(texts),
      instructions: weightOf(whole.instructions),
      ...Object.fromEntries(Object.entries(answers()).map(([name, answer]) => [name, weightOf(answer)])),
    },
    tools: Object.fromEntries(whole.tools.map((tool) => [tool.name, weightOf(tool).tokens])),
    packages: packagesInstalled(),
    bundle: bundleBytes(),
  };
}

/** A text as it is; anything else as the JSON a model is given. */
export function weightOf(value: unknown): Weight {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return { tokens: countTokens(text), bytes: Buffer.byteLength(text) };
}

interface Answer {
  readonly tools: readonly { readonly name: string }[];
  readonly instructions: string;
}

export const program = join(
  root,
  JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).bin['databricks-actions-mcp'],
);

/** The compiler alone makes a program of many files; `npm run build` bundles it at the same place. */
export const isBundled = readFileSync(program, 'utf8').includes('main.start.js');

/** Undefined where the program does not start with these flags. */
async function ask(flags: readonly string[]): Promise<Answer | undefined> {
  const home = mkdtempSync(join(tmpdir(), 'databricks-actions-mcp-budget-'));
  const child = spawn(process.execPath, [program, 'stdio', '--sandbox', ...flags], {
    env: { PATH: process.env.PATH ?? '', HOME: home, USERPROFILE: home, LOCALAPPDATA: home, XDG_STATE_HOME: home },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const ended = new Promise((resolve) => child.once('close', resolve));
  child.stdin.on('error', () => {});
  const send = (message: object) => child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  const clientInfo = { name: 'budget', version: '1' };
  send({ id: 1, method: 'initialize', params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo } });
  send({ method: 'notifications/initialized' });
  send({ id: 2, method: 'tools/list' });
  try {
    let instructions = '';
    for await (const line of createInterface(child.stdout)) {
      const { id, result } = JSON.parse(line);
      if (id === 1) instructions = result.instructions ?? '';
      if (id === 2) return { tools: result.tools, instructions };
    }
    return undefined;
  } finally {
    child.stdin.end();
    await ended;
    rmSync(home, { recursive: true, force: true, maxRetries: 3 });
  }
}

function packagesInstalled(): number {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { dev?: boolean }>;
  };
  return Object.entries(packages).filter(([path, { dev }]) => path !== '' && dev !== true).length;
}

/** The program and the chunks beside it, where it is no file of the compiler's. */
function bundleBytes(): number {
  const folder = dirname(program);
  if (!isBundled) return 0;
  return readdirSync(folder)
    .filter((file) => /^main\d*\..*js$/.test(file))
    .reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);
}
