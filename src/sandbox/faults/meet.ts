// What happens to a request that a rule hits: first or never the handler, then the wait, then the misbehaviour. The seam for every
// fault of the sandbox: a new kind is a new action here; handlers never know of it.

import { kill } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultRule } from '../contract.js';
import type { Inbound, Reply } from '../reply.js';
import { type Outcome, silence, whole } from '../wire.js';
import { badJson, damaged, failure, page, redirect } from './answers.js';
import { sendBomb } from './bomb.js';
import type { Hit } from './book.js';
import { contradictingLengths, drip, manyLines, reset, stall, truncate, withLines } from './senders.js';

export interface Scene {
  readonly inbound: Inbound;
  readonly now: () => number;
  /** Runs the handler, by a clock off by this much. */
  readonly handle: (skewMs?: number) => Reply;
  /** Ends waiting when the sandbox closes or goes back to its seed. */
  readonly signal: AbortSignal;
}

const DEFAULT_BOMB = 200 * 1024 * 1024;
const DEFAULT_HEADERS = 1024 * 1024;

export async function meet({ rule, older }: Hit, scene: Scene): Promise<Outcome> {
  const { handle, signal } = scene;
  const kept = rule.afterHandler ? handle() : undefined;
  if (rule.delayMs && rule.action !== 'drip') await sleep(rule.delayMs, undefined, { signal });
  switch (rule.action) {
    case 'delay':
      return whole(kept ?? handle());
    case 'clock_skew':
      return whole(dated(kept ?? handle(rule.skewMs), scene.now() + (rule.skewMs ?? 0)));
    case 'stale_read':
      return whole(older ?? kept ?? handle());
    case 'status':
      return whole(failure(rule));
    case 'html':
      return whole(page(rule));
    case 'redirect':
      return whole(redirect(rule));
    case 'drop':
      return silence('dropped', (response) => void response.destroy());
    case 'reset':
      return silence('reset', reset);
    case 'stall':
      return silence('stalled', (response) => stall(response, signal));
    case 'kill_client':
      end(rule);
      return silence('killed', (response) => void response.destroy());
    default:
      return damage(rule, kept ?? (isHarmless(scene.inbound) ? handle() : undefined), signal);
  }
}

/** Actions that answer, but badly. */
function damage(rule: FaultRule, real: Reply | undefined, signal: AbortSignal): Outcome {
  const reply = damaged(rule, real);
  const { status } = reply;
  const { delayMs = 0, chunked = false, encoding = 'gzip', count = 1 } = rule;
  switch (rule.action) {
    case 'bad_json':
      return whole(badJson(rule, real));
    case 'drip':
      return { status, send: (response) => drip(response, reply, delayMs, signal) };
    case 'truncate':
      return { status, send: (response) => truncate(response, reply, chunked) };
    case 'bomb':
      return { status, send: (response) => sendBomb(response, reply, { bytes: rule.bytes ?? DEFAULT_BOMB, encoding }) };
    case 'huge_headers': {
      const lines = manyLines(count, rule.bytes ?? DEFAULT_HEADERS);
      return { status, send: (response) => withLines(response, reply, lines) };
    }
    default: {
      const lines = rule.headerLines ?? contradictingLengths(reply);
      return { status, send: (response) => withLines(response, reply, lines) };
    }
  }
}

/** Reads and sign-ins change nothing of the account: their handlers may run although the rule keeps no effects. */
const isHarmless = ({ method, path }: Inbound): boolean => method === 'GET' || path.startsWith('/oidc/');

const dated = (reply: Reply, time: number): Reply => ({
  ...reply,
  headers: { ...reply.headers, date: new Date(time).toUTCString() },
});

function end({ pid, signal = 'SIGKILL' }: FaultRule): void {
  try {
    if (pid !== undefined) kill(pid, signal);
  } catch (error) {
    // Gone already: as dead as it was meant to be.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
