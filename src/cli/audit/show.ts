/** Entries of the journal in words and columns. What others chose (names, ids, callers) is cut and made safe to show. */
import { encodeJson, isObject } from '../../core/json.js';
import { type AuditEntry, isRunning, textOf, type Unsettled } from '../../guard/journal/tail.js';
import type { Verdict } from '../../guard/journal/verify.js';
import { columns } from '../layout.js';
import { plain, style } from '../terminal.js';
import type { FoundJournal } from './journals.js';
import type { Sight } from './look.js';

const longestCell = 60;

const safe = (value: unknown, most = longestCell): string => {
  const text = plain(typeof value === 'string' ? value : value === undefined ? '' : encodeJson(value));
  return text.length > most ? `${text.slice(0, most - 1).toWellFormed()}…` : text;
};

export const heading = ({ accountId, sandbox }: FoundJournal): string =>
  style('bold', `Account ${accountId}${sandbox ? ' (sandbox)' : ''}`);

/** What became of a write, in a word. */
export function outcomeOf({ record, outcome }: AuditEntry): string {
  if (record.type !== 'intent') return textOf(record.type);
  if (outcome !== undefined) return textOf(outcome.outcome);
  return isRunning(record) ? 'running' : 'unknown';
}

export const tailLines = (entries: readonly AuditEntry[]): string[] =>
  columns([
    ['TIME', 'OUTCOME', 'RISK', 'ACTION', 'TARGET', 'APPROVAL', 'CALLER'],
    ...entries.map((entry) => {
      const { record } = entry;
      const facts = record.type === 'intent' || !isObject(record.facts) ? record : record.facts;
      const approval = isObject(facts.approval) ? facts.approval.channel : undefined;
      // What an event is about: how a person decided, why a question was refused.
      const how = record.type === 'intent' ? undefined : (facts.decision ?? facts.code);
      return [
        timeOf(record.time),
        safe([outcomeOf(entry), how].filter((part) => typeof part === 'string').join(': ')),
        safe(facts.risk),
        safe(facts.action, 80),
        targetOf(facts.target),
        safe(approval ?? facts.channel),
        safe(facts.caller),
      ].map((cell) => cell || '-');
    }),
  ]);

const timeOf = (time: unknown): string => safe(textOf(time).replace(/\.\d+Z$/, 'Z'));

function targetOf(target: unknown): string {
  if (!isObject(target)) return '';
  const { kind, id, name } = target;
  return safe(
    [kind, name === undefined ? undefined : encodeJson(name), id].filter((part) => part !== undefined).join(' '),
  );
}

export function verdictLine({ account_id, whole, records, head, finding, after_crash }: Verdict): string {
  if (!whole) {
    const where = finding?.line === undefined ? '' : ` at line ${finding.line}`;
    return `${style('red', 'NOT WHOLE')}  ${account_id}${where}, record ${finding?.seq}: ${finding?.problem}`;
  }
  const last = records === 0 ? '' : `, the last is ${head.seq}:${head.mac.slice(0, 16)}`;
  const crash = after_crash === undefined ? '' : ` Left by a crash, no sign of tampering: ${after_crash}`;
  return `${style('green', 'whole')}  ${account_id}: ${records} records${last}.${crash}`;
}

/** A write of unknown outcome, and what the account shows of it where that was looked at. */
export type Seen = Unsettled & { readonly now?: Sight };

export function unknownLines(write: Seen): string[] {
  const { time, action, risk, caller, pid, host, target, check, existing, now } = write;
  const how = write.running
    ? `still running in process ${pid}`
    : write.why === 'crashed'
      ? `process ${pid} on ${safe(host)} ended before its outcome`
      : 'the answer was lost, and reading did not settle it';
  return [
    `${timeOf(time)}  ${safe(action, 80)} (${safe(risk)}) by ${safe(caller)}: ${how}`,
    `  id         ${safe(write.id)}`,
    ...(target === undefined ? [] : [`  target     ${targetOf(target)}`]),
    ...(write.arguments === undefined ? [] : [`  arguments  ${safe(write.arguments, 400)}`]),
    check === undefined
      ? '  check      read the object or the list it is in'
      : `  check      ${safe(check.tool, 80)} ${safe(check.arguments, 400)}`,
    ...(existing === undefined ? [] : [`  there before the call: ${safe(existing.join(', ') || 'none', 400)}`]),
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
