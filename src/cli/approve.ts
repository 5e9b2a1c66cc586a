/** `approve`: settles the questions that wait for a person, outside the reach of any model. */
import process from 'node:process';
import type { Command } from 'commander';
import { failed, inputError } from '../core/errors.js';
import { oneLine } from '../core/visible.js';
import type { ApprovalRecord } from '../guard/approvals.js';
import { product } from '../version.js';
import { askPerson, hasPerson, whoIsHere } from './ask-person.js';
import { keyFileOption, stateDirOption, storeOption } from './options.js';
import { note, plain, style } from './terminal.js';
import { approveCommand, type Waiting, type WaitingFlags, withWaiting } from './waiting.js';

export function addApprove(program: Command): void {
  program
    .command('approve')
    .description('look at calls that wait for a person, and approve or decline them')
    .argument('[id]', 'the question to settle; without it, all that wait, one after another')
    .option(...stateDirOption)
    .option(...storeOption)
    .option(...keyFileOption)
    .addHelpText(
      'after',
      `
An approval covers one call with just these arguments and this state of its target, for five
minutes, once. The client makes the call again and it runs. Needs a terminal.

Examples:
  $ ${product.name} approve
  $ ${product.name} approvals withdraw --all`,
    )
    .action(runApprove);
}

async function runApprove(id: string | undefined, flags: WaitingFlags): Promise<void> {
  if (!hasPerson()) {
    throw failed('approval', 'Approving takes a person at a terminal; this is a pipe or a script.', {
      code: 'NO_TERMINAL',
      next: `Run \`${approveCommand(flags)}\` in a terminal of your own.`,
    });
  }
  await withWaiting(flags, (waiting) => settleAll(waiting, id));
}

async function settleAll(waiting: Waiting, id: string | undefined): Promise<void> {
  const open = await waiting.open();
  const chosen = id === undefined ? open : [oneOf(open, id, waiting)];
  if (chosen.length === 0) return note(`Nothing waits for approval in ${waiting.directory}.`);
  for (const [index, record] of chosen.entries()) {
    if (chosen.length > 1) note(style('dim', `${index + 1} of ${chosen.length}`, process.stderr));
    if (!(await settle(waiting, record))) break;
  }
}

function oneOf(open: readonly ApprovalRecord[], id: string, { directory, isShared }: Waiting): ApprovalRecord {
  const found = open.filter((record) => record.id.startsWith(id.toLowerCase()));
  const [only] = found;
  if (found.length === 1 && only !== undefined) return only;
  throw inputError(
    found.length > 1
      ? `${found.length} questions begin with ${JSON.stringify(id.slice(0, 40))}.`
      : `No question ${JSON.stringify(id.slice(0, 40))} waits in ${directory}: it is settled, withdrawn or older than five minutes.`,
    found.length > 1
      ? 'Give more of the id.'
      : `Make the call again, then approve the new question.${isShared ? '' : ' A server with a store has its questions there: name it with --store and --key-file.'}`,
  );
}

/** False when the person wants no further question. */
async function settle(waiting: Waiting, record: ApprovalRecord): Promise<boolean> {
  const { client, caller } = record;
  note(
    `Asked ${age(record)} ago through ${plain(caller)}${client === undefined ? '' : ` by the client ${oneLine(client, 80)}`}.`,
  );
  const answer = await askPerson(record);
  const by = whoIsHere();
  if (answer.kind === 'approved' && (record.typed === undefined || answer.typed === record.typed)) {
    const done = await waiting.approve(record, by);
    note(done ? 'Approved. Have the client make the call again now.' : 'This question was settled in the meantime.');
    return true;
  }
  if (answer.kind === 'declined') {
    await waiting.end(record, 'declined', by);
    note('Declined. Nothing happens.');
    return true;
  }
  note(answer.kind === 'cancelled' ? 'Left open.' : 'That is neither a yes nor a no. Left open.');
  return answer.kind !== 'cancelled';
}

export const age = ({ askedAt }: ApprovalRecord): string => {
  const seconds = Math.max(0, Math.round((Date.now() - askedAt) / 1_000));
  return seconds < 90 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
};
