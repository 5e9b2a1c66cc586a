/** A journal in a folder of its own, its parts at hand, and processes that write to it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { after } from 'node:test';
import { verifyJournal } from '../../src/guard/journal/verify.js';
import { createJournal, type IntentFacts, type JournalOptions } from '../../src/guard/journal.js';
import { createKeys } from '../../src/guard/keys.js';

export const account = '11111111-2222-4333-8444-555555555555';

/** A folder that is gone when the test file is done. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'databricks-actions-mcp-journal-test-'));
  after(() => rmSync(path, { recursive: true, force: true, maxRetries: 3 }));
  return path;
}

export const fileIn = (state: string, accountId = account) => join(state, 'journal', `${accountId}.jsonl`);

export function journalIn(state: string, changes: Partial<JournalOptions> = {}) {
  const problems: string[] = [];
  const accountId = changes.accountId ?? account;
  const journal = createJournal({
    file: fileIn(state, accountId),
    keys: createKeys(state),
    accountId,
    catalogueHash: () => 'c0ffee',
    now: Date.now,
    scrub: (value) => value,
    onProblem: (message) => problems.push(message),
    ...changes,
  });
  return { ...journal, problems };
}

export const verify = (state: string, accountId = account) =>
  verifyJournal(fileIn(state, accountId), accountId, createKeys(state, { create: false }));

export const facts = (changes: Partial<IntentFacts> = {}): IntentFacts => ({
  action: 'create_thing',
  risk: 'write',
  caller: 'local',
  arguments: { name: 'a thing' },
  ...changes,
});

export interface Line {
  readonly [key: string]: unknown;
  readonly seq: number;
  readonly type: string;
  readonly id: string;
}

/** The records, read by nothing of ours. */
export const linesOf = (state: string, accountId = account): Line[] =>
  readFileSync(fileIn(state, accountId), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);

/** Starts `writer.ts`. `said` collects its lines; `until` waits for one. */
export function startWriter(state: string, ...args: readonly string[]) {
  const child: ChildProcess = spawn(process.execPath, [join(import.meta.dirname, 'writer.js'), state, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  after(() => child.kill('SIGKILL'));
  const said: string[] = [];
  const waiting = new Set<() => void>();
  const lines = createInterface({ input: child.stdout ?? process.stdin });
  lines.on('line', (line) => {
    said.push(line);
    for (const look of waiting) look();
  });
  const closed = new Promise<number | null>((resolve) => child.once('close', resolve));
  return {
    child,
    said,
    closed,
    until: (found: (said: readonly string[]) => boolean) =>
      new Promise<void>((resolve, reject) => {
        const look = () => {
          if (!found(said)) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
        void closed.then(() => (found(said) ? resolve() : reject(new Error(`The writer has ended: ${said.at(-1)}`))));
      }),
  };
}
