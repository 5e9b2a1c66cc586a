// The sandbox's own endpoints under /_sandbox: look at requests, effects and state, plan faults, go back to the seed. JSON only, and only
// for callers that address the loopback interface by name, so that a web page cannot reach them through a rebound host name.

import type { FaultRule } from './contract.js';
import type { EffectLog } from './effects/log.js';
import { errorReply, malformed, missing, Refusal } from './errors.js';
import type { FaultBook } from './faults/book.js';
import { readFault } from './faults/read.js';
import { type Json, parseJson } from './json.js';
import { comesFromThisMachine } from './origin.js';
import { list, shape, text } from './readers.js';
import type { Recorder } from './recorder.js';
import { emptyReply, type Inbound, jsonReply, type Reply } from './reply.js';

export interface Controls {
  readonly recorder: Recorder;
  readonly faults: FaultBook;
  readonly effects: EffectLog;
  readonly about: { readonly url: string; readonly accountId: string; readonly clientId: string };
  readonly killOverHttp: boolean;
  reset(scopes?: readonly string[]): void;
  snapshot(): Record<string, unknown>;
}

export const isControl = (path: string): boolean => path === '/_sandbox' || path.startsWith('/_sandbox/');

export function answerControl(controls: Controls, inbound: Inbound): Reply {
  try {
    guard(inbound);
    return dispatch(controls, inbound);
  } catch (error) {
    if (error instanceof Refusal) return errorReply(error, 'standard', 'control');
    throw error;
  }
}

function dispatch(controls: Controls, inbound: Inbound): Reply {
  const { recorder, faults, effects, about, reset, snapshot } = controls;
  const actions: Record<string, () => Reply> = {
    'GET /_sandbox': () => jsonReply({ ...about, endpoints: Object.keys(actions) }),
    'GET /_sandbox/requests': () => jsonReply({ requests: recorder.requests }),
    'DELETE /_sandbox/requests': () => done(() => recorder.clear()),
    'GET /_sandbox/faults': () => jsonReply({ faults: faults.list() }),
    'DELETE /_sandbox/faults': () => done(() => faults.clear()),
    'POST /_sandbox/faults': () => done(() => readFaults(controls, inbound).map((rule) => faults.add(rule))),
    'GET /_sandbox/effects': () => jsonReply({ effects: effects.effects }),
    'DELETE /_sandbox/effects': () => done(() => effects.clear()),
    'GET /_sandbox/state': () => jsonReply(snapshot()),
    'POST /_sandbox/reset': () => done(() => reset(readReset(inbound).scopes)),
  };
  const name = `${inbound.method} ${inbound.path}`;
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
  if (!action) throw missing(`No control endpoint '${name}'.`);
  return action();
}

const readReset = (inbound: Inbound) =>
  shape({}, { scopes: list(text({ min: 1 })) })(inbound.body === '' ? {} : readJson(inbound), '');

function readFaults({ killOverHttp }: Controls, inbound: Inbound): FaultRule[] {
  const parsed = readJson(inbound);
  const rules = Array.isArray(parsed) ? list(readFault)(parsed, 'faults') : [readFault(parsed, '')];
  if (!killOverHttp && rules.some(({ action }) => action === 'kill_client')) {
    throw new Refusal(403, 'PERMISSION_DENIED', 'kill_client over HTTP needs a sandbox started with killOverHttp.');
  }
  return rules;
}

function readJson({ body }: Inbound): Json {
  try {
    return parseJson(body);
  } catch {
    throw malformed('The request body is not JSON.');
  }
}

function guard(inbound: Inbound): void {
  const { method, body, headers } = inbound;
  const type = headers['content-type'] ?? '';
  if (!comesFromThisMachine(inbound))
    throw new Refusal(403, 'PERMISSION_DENIED', 'Control requests must come from this machine.');
  if (method === 'POST' && body !== '' && !/^application\/json\b/i.test(type))
    throw malformed('Content-Type must be application/json.');
}

function done(effect: () => unknown): Reply {
  effect();
  return emptyReply();
}
