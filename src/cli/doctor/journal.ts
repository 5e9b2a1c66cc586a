/** What `doctor` says about the record of changes: whether it is whole, and what in it has no known end. Creates nothing. */
import type { App } from '../../app.js';
import { ActionError } from '../../core/errors.js';
import { type Verdict, verifyJournal } from '../../guard/journal/verify.js';
import type { Keys } from '../../guard/keys.js';
import { product } from '../../version.js';
import { findJournals } from '../audit/journals.js';
import { type Finding, fail, ok, warn } from './finding.js';

export async function checkJournal(
  { configuration, journal, sandbox, stateRoot }: App,
  keys: Keys,
): Promise<Finding[]> {
  const { accountId } = configuration;
  const found = findJournals(undefined, stateRoot).journals.find(
    (each) => each.accountId === accountId && each.sandbox === sandbox,
  );
  if (found === undefined) return [ok('journal', 'no change was made through this program yet')];
  try {
    return [whole(await verifyJournal(found.file, found.accountId, keys)), ...unknown(await journal.unsettled())];
  } catch (error) {
    if (!(error instanceof ActionError)) throw error;
    return [fail('journal', error.failure.message, 'Changes are refused until this is mended.', 'storage')];
  }
}

const whole = ({ whole: isWhole, records, finding }: Verdict): Finding =>
  isWhole
    ? ok('journal', `whole, ${records} records`)
    : fail(
        'journal',
        `not whole from record ${finding?.seq ?? 0} on: ${finding?.problem ?? ''}`,
        `Find out who changed the file; \`${product.name} audit verify\` says more.`,
        'storage',
      );

const unknown = (writes: readonly unknown[]): Finding[] =>
  writes.length === 0
    ? []
    : [
        warn(
          'journal',
          `${writes.length} change(s) without a known outcome`,
          `\`${product.name} audit unknown\` says how to check each.`,
        ),
      ];
