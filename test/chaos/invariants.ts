/**
 * The invariants that hold under every schedule (section I of the reliability reference). Each check reads a history and
 * says in words what is wrong with it; no words, no violation.
 */
import type { Done, History } from './history.js';
import { verdictOf } from './history.js';
import { unrecorded } from './journal.js';
import { hidesOutcomes, hitsSignIn } from './schedule.js';
import { untruths } from './truth.js';

/** Milliseconds: the deadline of a call and what may come on top. */
const longest = 55_000 + 1_000;
/** Requests per call: sends, looks before and after, pages of those looks. */
const mostRequests = 12;
/** Looks at the account before a change: each group and workspace may matter, and some objects besides. */
const mostLooks = ({ after }: History) =>
  Object.keys(after.groups).length + Object.keys(after.workspaces).length + mostRequests;
/** Sends of one sign-in. */
const mostSends = 3;
const verdicts = ['applied', 'not_applied', 'unknown'];
/** Refusals by the account itself or by a person, with no fault involved. */
const fairRefusals = ['conflict', 'not_found', 'rejected', 'approval'];

export function violations(history: History): string[] {
  return [
    ...untruths(history),
    ...history.calls.flatMap(contract),
    ...unfounded(history),
    ...unrecorded({ ...history, asks: history.schedule.asks ?? false }),
    ...unapproved(history),
    ...history.calls
      .filter(({ start, end }) => end - start > longest)
      .map((call) => `took ${call.end - call.start} ms`),
    ...load(history),
    ...history.wire,
    ...(history.foreignConnections > 0 ? [`${history.foreignConnections} connections to a foreign host`] : []),
    ...(history.toolsChanged ? ['tools/list is not what it was'] : []),
  ];
}

/** The shape every answer has to have. */
function contract({ planned, answer, failed, broken }: Done): string[] {
  if (broken !== undefined) return [`${planned.tool} ended without an answer: ${broken}`];
  const wrong: string[] = [];
  const expect = (holds: boolean, what: string) => {
    if (!holds) wrong.push(`${planned.tool}: ${what} in ${JSON.stringify(answer).slice(0, 500)}`);
  };
  const { account_id, outcome, error } = answer;
  expect(typeof account_id === 'string', 'no account_id');
  if (planned.write === undefined) expect(outcome === undefined, 'an outcome for a read');
  else if (failed) expect(verdicts.slice(1).includes(outcome), 'a failure without not_applied or unknown');
  else expect(outcome === 'applied', 'a success that is not applied');
  if (!failed) return wrong;
  expect(typeof error?.kind === 'string', 'no kind');
  expect(typeof error?.message === 'string' && error.message !== '', 'no message');
  expect(typeof error?.next === 'string' && error.next !== '', 'no next');
  expect(typeof error?.retryable === 'boolean', 'no retryable');
  if (outcome === 'unknown') {
    expect(error?.retryable === false, 'retryable although unknown');
    expect(error?.check !== undefined || /check|list|get|read/i.test(error?.next), 'unknown without a way to check');
  }
  expect(!/<\/?(html|body|script|pre)\b/i.test(JSON.stringify(answer)), 'markup');
  return wrong;
}

/** `unknown` and refusals need a reason: without a fault that hides outcomes every write is told for certain. */
function unfounded({ schedule: { faults }, calls }: History): string[] {
  const told = (call: Done) => `${call.planned.tool} was told ${JSON.stringify(call.answer).slice(0, 400)}`;
  const wrong: string[] = [];
  if (!faults.some(hidesOutcomes)) {
    for (const call of calls) if (verdictOf(call) === 'unknown') wrong.push(`nothing was hidden, but ${told(call)}`);
  }
  if (faults.length === 0) {
    const isFair = ({ answer }: Done) => fairRefusals.includes(answer?.error?.kind);
    for (const call of calls) if (call.failed && !isFair(call)) wrong.push(`nothing was wrong, but ${told(call)}`);
  }
  return wrong;
}

/** No more risky effects than a person said yes to; an approved change may take effect twice, as a repeated one. */
function unapproved({ schedule, effects, journal, approvals }: History): string[] {
  if (!schedule.asks) return [];
  const used = journal.filter(({ type, approval }) => type === 'intent' && approval !== undefined).length;
  return used > approvals ? [`${used} approvals used, ${approvals} given, ${effects.length} effects`] : [];
}

/** How many requests the schedule may have cost: of the account, and of its token endpoint. */
function load(history: History): string[] {
  const { schedule, calls, requests, fresh } = history;
  const wrong: string[] = [];
  // Before a person is asked and after.
  const looks = calls.filter(({ planned }) => planned.write !== undefined).length * mostLooks(history);
  const allowed = mostRequests * calls.length + (schedule.asks ? 2 : 1) * looks;
  if (requests.api > allowed) wrong.push(`${requests.api} requests for ${calls.length} calls`);
  const reasons = (fresh ? 1 : 0) + requests.unauthorized;
  const signIns = hitsSignIn(schedule) ? mostSends * (reasons + calls.length) : reasons;
  if (requests.signIns > signIns) {
    wrong.push(`${requests.signIns} sign-ins, ${signIns} explained by ${requests.unauthorized} answers of 401`);
  }
  return wrong;
}
