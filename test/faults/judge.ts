/** Compares how a call ended with what its row expects, and puts it into the words of the table. Pure. */
import type { FaultCase } from './case.js';
import type { Answer, Observed } from './run.js';

/** A call of any action ends within this many milliseconds, plus a second for the machine. */
const longest = 56_000;

/** What is wrong, in words; empty where all is as expected. */
export function complaints({ expected }: FaultCase, seen: Observed): string[] {
  const { error } = seen.answer;
  const reasons = [error?.kind, error?.code];
  const within = expected.within ?? longest;
  const found: (string | false)[] = [
    seen.ends !== expected.ends && `it ended as ${seen.ends}, not ${expected.ends}`,
    seen.effects !== expected.effects && `it had ${seen.effects} effects, not ${expected.effects}`,
    seen.sends > expected.sends && `it was sent ${seen.sends} times, not at most ${expected.sends}`,
    expected.looks !== undefined &&
      seen.looks !== expected.looks &&
      `it looked ${seen.looks} times before, not ${expected.looks} times`,
    expected.signIns !== undefined &&
      seen.signIns > expected.signIns &&
      `it signed in ${seen.signIns} times, not at most ${expected.signIns}`,
    expected.why !== undefined &&
      !reasons.includes(expected.why) &&
      `it failed with ${reasons.join(' ')}, not ${expected.why}`,
    expected.retryAfter !== undefined &&
      !isNear(error?.retry_after_s, expected.retryAfter) &&
      `it told to wait ${error?.retry_after_s} s, not ${expected.retryAfter} s`,
    seen.elapsed > within && `it took ${Math.round(seen.elapsed)} ms, not at most ${within} ms`,
    seen.strays > 0 && `it connected ${seen.strays} times to a host that got no permission`,
    ...manners(seen),
  ];
  return found.filter((each) => each !== false);
}

/** What has to hold for every answer, whatever the fault. */
function manners({ answer, ends, secret }: Observed): (string | false)[] {
  const { error } = answer;
  const text = JSON.stringify(answer);
  const sentences = `${answer.note ?? ''} ${error?.message ?? ''} ${error?.next ?? ''}`;
  return [
    text.includes(secret) && 'the answer holds the client secret',
    text.length > 100_000 && `the answer has ${text.length} characters`,
    /undefined|NaN|\[object/.test(sentences) && `a sentence is broken: ${sentences}`,
    /<[a-z!/]/i.test(sentences) && `a sentence holds markup: ${sentences}`,
    ends === 'unknown' && error?.sent_at === undefined && 'it does not tell when it was sent',
    ends === 'unknown' && error?.check === undefined && 'it does not tell how to check',
    ends === 'unknown' && error?.retryable === true && 'it invites to repeat blindly',
  ];
}

/** A date comes closer from the moment the table is loaded until its row is run. */
const isNear = (told: number | undefined, wanted: number) =>
  told !== undefined && told <= wanted + 1 && told >= wanted - 30;

/** What happened, for a reader of the table. */
export function inWords({ answer, ends, sends }: Observed): string {
  const code = reason(answer);
  const wait = answer.error?.retry_after_s;
  const later = wait === undefined ? '' : ', told to come back later';
  const times = sends > 1 ? `, sent ${sends} times` : '';
  switch (ends) {
    case 'applied':
      return `\`applied\`${how(answer)}${times}`;
    case 'unknown':
      return `\`unknown\`: told when it was sent, what to read and not to repeat before${times}`;
    case 'not_applied':
      return `\`not_applied\` (${code})${times}${later}`;
    case 'answered':
      return `answered${times}`;
    case 'failed':
      return `fails (${code})${times}${later}`;
  }
}

/** Codes of ours say more than the kind; those of the account are the sandbox's own. */
const reason = ({ error }: Answer) => (error?.kind === 'unreadable' ? error.code : error?.kind);

function how({ note = '' }: Answer): string {
  if (/reading found/.test(note)) return ': found by reading';
  if (/sent again/.test(note)) return ': reading showed the old state, so it was repeated';
  return /reading shows/.test(note) ? ': seen by reading' : '';
}
