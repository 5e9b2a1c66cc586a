/** Runs the official conformance suite against a server, as a process of its own, and reads what it found. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { text } from 'node:stream/consumers';

export interface Check {
  readonly id: string;
  readonly status: 'SUCCESS' | 'FAILURE' | 'WARNING' | 'SKIPPED' | 'INFO';
  readonly errorMessage?: string;
}

/** What each scenario checked. */
export type Results = ReadonlyMap<string, readonly Check[]>;

/** For the revisions of its own requirement sets those; for the ones before, all it has. */
const argumentsFor = {
  '2025-03-26': ['--suite', 'all', '--spec-version', '2025-03-26'],
  '2025-06-18': ['--suite', 'all', '--spec-version', '2025-06-18'],
  '2025-11-25': ['--requirements', '2025-11-25'],
  '2026-07-28': ['--requirements', '2026-07-28'],
} as const;

export type Revision = keyof typeof argumentsFor;
export const revisions = Object.keys(argumentsFor) as readonly Revision[];

const root = join(import.meta.dirname, '..', '..', '..', '..');
const suite = join(root, 'node_modules', '@modelcontextprotocol', 'conformance', 'dist', 'index.js');

export async function runSuite(url: string, revision: Revision): Promise<Results> {
  const folder = mkdtempSync(join(tmpdir(), 'databricks-actions-mcp-conformance-'));
  try {
    const child = spawn(
      process.execPath,
      [
        ...['--import', join(import.meta.dirname, 'old-node.js'), suite],
        ...['server', '--url', `${url}/mcp`, ...argumentsFor[revision], '--output-dir', folder],
      ],
      // Nothing of this machine's settings, proxies least of all.
      { cwd: folder, env: { PATH: process.env.PATH ?? '', HOME: folder }, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    const [said, complained] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
    // It fails where a scenario does; that is judged here, check by check.
    if (!said.includes('=== SUMMARY ===')) throw new Error(`The suite did not finish. It said: ${said}${complained}`);
    return new Map(
      readdirSync(folder).map((name) => [
        name.replace(/^server-(.+)-\d{4}-\d\d-\d\dT.*$/, '$1'),
        JSON.parse(readFileSync(join(folder, name, 'checks.json'), 'utf8')) as Check[],
      ]),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
