// What a fault rule needs to make sense, wherever it came from. Types of the fields are checked in read.ts.

import { validateHeaderName, validateHeaderValue } from 'node:http';
import { constants } from 'node:os';
import { pid as ownPid } from 'node:process';
import type { FaultAction, FaultRule } from '../contract.js';
import { invalid } from '../errors.js';

const NEEDS: Partial<Record<FaultAction, keyof FaultRule>> = {
  status: 'status',
  delay: 'delayMs',
  drip: 'delayMs',
  redirect: 'location',
  clock_skew: 'skewMs',
  kill_client: 'pid',
};
const REDIRECTS = [301, 302, 303, 307, 308];
const MOST_HEADER_BYTES = 64 * 1024 * 1024;

export function checkRule(rule: FaultRule): void {
  const { action, status, pid, signal, probability = 1 } = rule;
  const needed = NEEDS[action];
  if (needed && rule[needed] === undefined) throw invalid(`A fault with action '${action}' needs ${needed}.`);
  if (!(probability >= 0 && probability <= 1)) throw invalid("Field 'probability' must be between 0 and 1.");
  if (action === 'redirect' && status !== undefined && !REDIRECTS.includes(status)) {
    throw invalid(`A redirect needs a status of ${REDIRECTS.join(', ')}.`);
  }
  if (action === 'stale_read' && !/^(GET|\*) /.test(rule.pattern))
    throw invalid('Only GET requests can be stale reads.');
  if (action === 'huge_headers' && (rule.bytes ?? 0) > MOST_HEADER_BYTES) {
    throw invalid(`huge_headers sends at most ${MOST_HEADER_BYTES} bytes.`);
  }
  // 0 and negative numbers would signal whole process groups.
  if (pid !== undefined && !(Number.isInteger(pid) && pid > 1 && pid !== ownPid)) {
    throw invalid("Field 'pid' must be a process other than init and the sandbox itself.");
  }
  if (signal !== undefined && !Object.hasOwn(constants.signals, signal)) throw invalid(`Unknown signal '${signal}'.`);
  const { location } = rule;
  checkHeaders([
    ...Object.entries(rule.headers ?? {}),
    ...(rule.headerLines ?? []),
    ...(location === undefined ? [] : [['location', location] as const]),
  ]);
}

function checkHeaders(lines: readonly (readonly [name: string, value: string])[]): void {
  for (const [name, value] of lines) {
    try {
      validateHeaderName(name);
      validateHeaderValue(name, value);
    } catch {
      throw invalid(`Header '${name}' cannot be sent.`);
    }
  }
}
