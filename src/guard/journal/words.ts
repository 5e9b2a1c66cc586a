/** Entries of the journal in words. What others chose (names, ids, callers) is cut and made safe to show. */
import { encodeJson, isObject } from '../../core/json.js';
import { plain } from '../../core/visible.js';
import { type AuditEntry, isRunning, textOf, type Unsettled } from './tail.js';
import type { Verdict } from './verify.js';

const longestCell = 60;

export const safe = (value: unknown, most = longestCell): string => {
  const text = plain(typeof value === 'string' ? value : value === undefined ? '' : encodeJson(value));
  return text.length > most ? `${text.slice(0, most - 1).toWellFormed()}…` : text;
};

/** What became of a write, in a word. */
export function outcomeOf({ record, outcome }: AuditEntry): string {
  if (record.type !== 'intent') return textOf(record.type);
  if (outcome !== undefined) return textOf(outcome.outcome);
  return isRunning(record) ? 'running' : 'unknown';
}

export const entryHeads = ['Time', 'Outcome', 'Risk', 'Action', 'Target', 'Approval', 'Caller'] as const;

/** One cell for each head; a dash where there is nothing to say. */
export function entryCells(entry: AuditEntry): string[] {
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
}

export const timeOf = (time: unknown): string => safe(textOf(time).replace(/\.\d+Z$/, 'Z'));

export function targetOf(target: unknown): string {
  if (!isObject(target)) return '';
  const { kind, id, name } = target;
  return safe(
    [kind, name === undefined ? undefined : encodeJson(name), id].filter((part) => part !== undefined).join(' '),
  );
}

/** Whether the journal is whole, after a first word that says it. */
export function verdictWords({ account_id, whole, records, head, finding, after_crash }: Verdict): string {
  if (!whole) {
    const where = finding?.line === undefined ? '' : ` at line ${finding.line}`;
    return `${account_id}${where}, record ${finding?.seq}: ${finding?.problem}`;
  }
  const last = records === 0 ? '' : `, the last is ${head.seq}:${head.mac.slice(0, 16)}`;
  const crash = after_crash === undefined ? '' : ` Left by a crash, no sign of tampering: ${after_crash}`;
  return `${account_id}: ${records} records${last}.${crash}`;
}

/** Why the outcome of a write is not known. */
export function whyUnknown({ running, why, pid, host }: Unsettled): string {
  if (running) return `still running in process ${pid}`;
  return why === 'crashed'
    ? `process ${pid} on ${safe(host)} ended before its outcome`
    : 'the answer was lost, and reading did not settle it';
}

/** The facts of a write of unknown outcome, by what they are called. */
export const unknownFacts = ({ id, target, arguments: args, check, existing }: Unsettled): [string, string][] => [
  ['id', safe(id)],
  ...(target === undefined ? [] : [['target', targetOf(target)] as [string, string]]),
  ...(args === undefined ? [] : [['arguments', safe(args, 400)] as [string, string]]),
  [
    'check',
    check === undefined
      ? 'read the object or the list it is in'
      : `${safe(check.tool, 80)} ${safe(check.arguments, 400)}`,
  ],
  ...(existing === undefined
    ? []
    : [['there before the call', safe(existing.join(', ') || 'none', 400)] as [string, string]]),
];
