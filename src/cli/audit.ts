/** `audit`: what this program did to accounts, whether the record is whole, and which writes have no known outcome. */

import process from 'node:process';
import { Argument, type Command } from 'commander';
import type { App } from '../app.js';
import { ActionError, failed, inputError } from '../core/errors.js';
import { encodeVisible } from '../core/visible-json.js';
import { lastEntries, unknownWrites } from '../guard/journal/tail.js';
import { type FoundJournal, verdictOn } from '../link/journals.js';
import { product } from '../version.js';
import { whoIsHere } from './ask-person.js';
import { findJournals, writable } from './audit/journals.js';
import { lookFor } from './audit/look.js';
import { heading, outcomeOf, type Seen, tailLines, unknownLines, verdictLine } from './audit/show.js';
import { exits } from './exit-codes.js';
import { appOptions, stateDirOption, wholeNumber, withAccountOptions } from './options.js';
import { note, print } from './terminal.js';
import { withApp } from './with-app.js';

interface AuditFlags {
  readonly account?: string;
  readonly stateDir?: string;
  readonly json?: boolean;
}

interface UnknownFlags extends AuditFlags {
  readonly look?: boolean;
}

interface TailFlags extends AuditFlags {
  readonly lines: number;
  readonly writes?: boolean;
}

export function addAudit(program: Command): void {
  const audit = program
    .command('audit')
    .description('what was changed through this program: read the journal, prove it, list unknown outcomes')
    .addHelpText(
      'after',
      `
The journal is on this machine, one file per account. No configuration and no network is needed,
but for \`audit unknown --look\`, which takes the account options of \`call\`.

Examples:
  $ ${product.name} audit tail -n 50 --writes
  $ ${product.name} audit verify                 exit code ${exits.audit.code} when it is not whole
  $ ${product.name} audit unknown --look`,
    );
  const bare = (name: string, description: string) =>
    audit
      .command(name)
      .description(description)
      .option('--account <id>', 'only the journal of this account (default: every journal found)')
      .option('--json', 'print JSON');
  const command = (name: string, description: string) => bare(name, description).option(...stateDirOption);
  command('tail', 'the last writes and events')
    .option('-n, --lines <n>', 'how many of each journal', wholeNumber(1, 100_000), 20)
    .option('--writes', 'only writes')
    .action(runTail);
  command('verify', 'prove that nothing was changed, removed or added').action(runVerify);
  command('settle', 'record what you found out about one of them')
    .addArgument(new Argument('<id>', 'id as `audit unknown` shows it, or its beginning'))
    .addArgument(new Argument('<outcome>', 'what became of it').choices(['applied', 'not_applied']))
    .action(runSettle);
  withAccountOptions(
    bare('unknown', 'writes whose outcome is not known, and how to check each').option(
      '--look',
      'read the account to tell what became of them; changes nothing',
    ),
  ).action(runUnknown);
}

async function runTail({ json, lines, writes, ...where }: TailFlags): Promise<void> {
  const found = await ofEach(where, ({ file }) => lastEntries(file, lines, writes));
  if (json) {
    const rows = found.flatMap(([, entries]) =>
      entries.map((entry) => ({ ...entry.record, result: outcomeOf(entry), outcome: entry.outcome })),
    );
    print(encodeVisible(rows));
  } else say(found, tailLines);
}

async function runVerify({ json, ...where }: AuditFlags): Promise<void> {
  const found = await ofEach(where, async (journal) => [await verdictOn(journal)]);
  const verdicts = found.flatMap(([, [verdict]]) => verdict ?? []);
  if (json) print(JSON.stringify(verdicts));
  else for (const verdict of verdicts) print(verdictLine(verdict));
  if (verdicts.some(({ whole }) => !whole)) process.exitCode = exits.audit.code;
}

async function runUnknown({ json, look, ...where }: UnknownFlags, command: Command): Promise<void> {
  const found = await ofEach<Seen>(where, ({ file }) => unknownWrites(file, { lost: true }));
  const seen = look ? await withApp(appOptions(command), (app, signal) => lookAtAll(found, app, signal)) : found;
  if (json) {
    const rows = seen.flatMap(([{ accountId }, writes]) => writes.map((each) => ({ account_id: accountId, ...each })));
    print(encodeVisible(rows));
  } else if (seen.some(([, writes]) => writes.length > 0)) {
    say(seen, (writes) => writes.flatMap(unknownLines));
  } else if (seen.length > 0) note('The outcome of every write is known.');
}

/** Of other accounts than the configured one nothing can be read. Where none is, the first look says what to set. */
async function lookAtAll(found: OfEach<Seen>, app: App, signal: AbortSignal): Promise<OfEach<Seen>> {
  const { accountId } = app.configuration;
  const seen: [FoundJournal, Seen[]][] = [];
  for (const [journal, writes] of found) {
    const isReadable = accountId === undefined || (journal.accountId === accountId && journal.sandbox === app.sandbox);
    const looked: Seen[] = [];
    for (const write of writes) {
      const now = isReadable ? await lookFor(write, app, signal) : { untold: 'another account is configured' };
      looked.push({ ...write, now });
    }
    seen.push([journal, looked]);
  }
  return seen;
}

async function runSettle(id: string, outcome: 'applied' | 'not_applied', { ...where }: AuditFlags): Promise<void> {
  const found = await ofEach(where, ({ file }) => unknownWrites(file, { lost: true }));
  const matching = found.flatMap(([journal, writes]) =>
    writes.filter((write) => write.id.startsWith(id)).map((write) => ({ journal, write })),
  );
  const [only] = matching;
  if (only === undefined || matching.length > 1) {
    throw inputError(
      `${matching.length === 0 ? 'No write' : 'More than one write'} of unknown outcome has an id that begins so.`,
      `See \`${product.name} audit unknown\`.`,
    );
  }
  if (only.write.running) throw inputError('Its process is still running and may yet learn the outcome.');
  await writable(only.journal, where.stateDir).settle(only.write.id, outcome, whoIsHere());
  note(`Recorded: ${outcome}.`);
}

type OfEach<T> = readonly (readonly [FoundJournal, readonly T[]])[];

async function ofEach<T>(
  { account, stateDir }: AuditFlags,
  read: (journal: FoundJournal) => Promise<readonly T[]>,
): Promise<OfEach<T>> {
  const { journals, folder } = findJournals(account, stateDir);
  if (journals.length === 0) note(`There is no journal yet in ${folder}.`);
  return await Promise.all(
    journals.map(
      async (journal) => [journal, await read(journal).catch((error) => unreadable(error, journal))] as const,
    ),
  );
}

function unreadable(error: unknown, { file }: FoundJournal): never {
  const code = (error as NodeJS.ErrnoException).code;
  if (error instanceof ActionError || code === undefined) throw error;
  throw failed(
    'storage',
    `The journal ${file} cannot be read (${code}).`,
    { next: 'Make it readable for you.' },
    error,
  );
}

function say<T>(found: OfEach<T>, lines: (entries: readonly T[]) => string[]): void {
  const shown = found.filter(([, entries]) => entries.length > 0);
  const texts = shown.map(([journal, entries]) => [heading(journal), ...lines(entries)].join('\n'));
  if (texts.length > 0) print(texts.join('\n\n'));
}
