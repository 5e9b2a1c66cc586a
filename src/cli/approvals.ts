/** `approvals`: lists the calls that wait for a person and withdraws them. Approves nothing. */

import type { Command } from 'commander';
import { inputError } from '../core/errors.js';
import { encodeVisible } from '../core/visible-json.js';
import type { ApprovalRecord } from '../guard/approvals.js';
import { age } from './approve.js';
import { whoIsHere } from './ask-person.js';
import { columns } from './layout.js';
import { keyFileOption, stateDirOption, storeOption } from './options.js';
import { note, plain, print } from './terminal.js';
import { approveCommand, type Waiting, type WaitingFlags, withWaiting } from './waiting.js';

interface Flags extends WaitingFlags {
  readonly json?: boolean;
  readonly all?: boolean;
}

export function addApprovals(program: Command): void {
  const approvals = program.command('approvals').description('list the calls that wait for a person, or withdraw them');
  approvals
    .command('list', { isDefault: true })
    .description('what waits, and what is approved and not used yet')
    .option(...stateDirOption)
    .option(...storeOption)
    .option(...keyFileOption)
    .option('--json', 'print JSON')
    .action(list);
  approvals
    .command('withdraw')
    .description('end questions without an answer; an approval that was not used yet is void then')
    .argument('[ids...]', 'ids as listed')
    .option('--all', 'all of them')
    .option(...stateDirOption)
    .option(...storeOption)
    .option(...keyFileOption)
    .action(withdraw);
}

async function list({ json, ...flags }: Flags): Promise<void> {
  const records = await withWaiting(flags, (waiting) => waiting.unused());
  if (json) return print(encodeVisible(records.map(publicFacts)));
  if (records.length === 0) return note('Nothing waits for approval.');
  print(columns([['ID', 'STATE', 'AGE', 'RISK', 'CALL'], ...records.map(row)]).join('\n'));
  note(`\nSettle them with \`${approveCommand(flags)}\`.`);
}

const row = (record: ApprovalRecord) => [
  record.id,
  record.state,
  age(record),
  record.risk,
  plain(record.lines[0] ?? record.action),
];

const publicFacts = ({
  id,
  state,
  action,
  risk,
  accountId,
  sandbox,
  caller,
  client,
  askedAt,
  lines,
}: ApprovalRecord) => ({
  id,
  state,
  action,
  risk,
  account_id: accountId,
  ...(sandbox && { sandbox }),
  caller,
  client,
  asked_at: new Date(askedAt).toISOString(),
  lines,
});

async function withdraw(ids: readonly string[], { all, ...flags }: Flags): Promise<void> {
  if ((ids.length === 0) !== (all === true)) throw inputError('Give ids as listed, or --all.');
  await withWaiting(flags, (waiting) => withdrawFrom(waiting, ids, all));
}

async function withdrawFrom(waiting: Waiting, ids: readonly string[], all: boolean | undefined): Promise<void> {
  const records = await waiting.unused();
  const chosen = all ? records : records.filter(({ id }) => ids.includes(id));
  const missing = ids.filter((id) => !chosen.some((record) => record.id === id));
  for (const record of chosen) await waiting.end(record, 'withdrawn', whoIsHere());
  note(`${chosen.length} withdrawn.`);
  if (missing.length > 0)
    throw inputError(`Not waiting: ${missing.map((id) => JSON.stringify(id.slice(0, 40))).join(', ')}.`);
}
