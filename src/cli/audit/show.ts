/** Entries of the journal in columns and lines, for a terminal. */
import type { AuditEntry, Unsettled } from '../../guard/journal/tail.js';
import type { Verdict } from '../../guard/journal/verify.js';
import {
  entryCells,
  entryHeads,
  safe,
  timeOf,
  unknownFacts,
  verdictWords,
  whyUnknown,
} from '../../guard/journal/words.js';
import type { FoundJournal } from '../../link/journals.js';
import { columns } from '../layout.js';
import { style } from '../terminal.js';
import type { Sight } from './look.js';

export { outcomeOf } from '../../guard/journal/words.js';

export const heading = ({ accountId, sandbox }: FoundJournal): string =>
  style('bold', `Account ${accountId}${sandbox ? ' (sandbox)' : ''}`);

export const tailLines = (entries: readonly AuditEntry[]): string[] =>
  columns([entryHeads.map((head) => head.toUpperCase()), ...entries.map(entryCells)]);

export const verdictLine = (verdict: Verdict): string =>
  `${verdict.whole ? style('green', 'whole') : style('red', 'NOT WHOLE')}  ${verdictWords(verdict)}`;

/** A write of unknown outcome, and what the account shows of it where that was looked at. */
export type Seen = Unsettled & { readonly now?: Sight };

export function unknownLines(write: Seen): string[] {
  const { time, action, risk, caller, now } = write;
  return [
    `${timeOf(time)}  ${safe(action, 80)} (${safe(risk)}) by ${safe(caller)}: ${whyUnknown(write)}`,
    ...unknownFacts(write).map(([name, fact]) =>
      name.length > 9 ? `  ${name}: ${fact}` : `  ${name.padEnd(9)}  ${fact}`,
    ),
    ...(now === undefined ? [] : [`  now        ${sightWords(now)}`]),
  ];
}

function sightWords(sight: Sight): string {
  if ('untold' in sight) return `cannot be told: ${safe(sight.untold, 200)}`;
  if ('holds' in sight)
    return sight.holds ? 'the account is as this write wanted it' : 'the account is not as it wanted';
  const { appeared } = sight;
  return appeared.length === 0
    ? 'nothing that was not there before'
    : `new since the call: ${safe(appeared.join(', '), 400)}`;
}
