// The sandbox's own endpoints under /_sandbox: look at requests, plan faults, go back to the seed. JSON only, and only for callers
// that address the loopback interface by name, so that a web page cannot reach them through a rebound host name.

import type { FaultRule } from './contract.js';
import { errorReply, malformed, missing, Refusal } from './errors.js';
import { readFault } from './fault-rule.js';
import type { FaultBook } from './faults.js';
import { type Json, parseJson } from './json.js';
import { list } from './readers.js';
import type { Recorder } from './recorder.js';
import { emptyReply, type Inbound, jsonReply, type Reply } from './reply.js';

export interface Controls {
  readonly recorder: Recorder;
  readonly faults: FaultBook;
  readonly about: { readonly url: string; readonly accountId: string; readonly clientId: string };
  reset(): void;
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

function dispatch({ recorder, faults, about, reset }: Controls, inbound: Inbound): Reply {
  const actions: Record<string, () => Reply> = {
    'GET /_sandbox': () => jsonReply(about),
    'GET /_sandbox/requests': () => jsonReply({ requests: recorder.requests }),
    'DELETE /_sandbox/requests': () => done(() => recorder.clear()),
    'GET /_sandbox/faults': () => jsonReply({ faults: faults.list() }),
    'DELETE /_sandbox/faults': () => done(() => faults.clear()),
    'POST /_sandbox/faults': () => done(() => readFaults(inbound).map((rule) => faults.add(rule))),
    'POST /_sandbox/reset': () => done(reset),
  };
  const name = `${inbound.method} ${inbound.path}`;
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
  if (!action) throw missing(`No control endpoint '${name}'.`);
  return action();
}

function readFaults({ body }: Inbound): FaultRule[] {
  let parsed: Json;
  try {
    parsed = parseJson(body);
  } catch {
    throw malformed('The request body is not JSON.');
  }
  return Array.isArray(parsed) ? list(readFault)(parsed, 'faults') : [readFault(parsed, '')];
}

function guard({ method, body, headers: { host = '', origin, 'content-type': type = '' } }: Inbound): void {
  const name = host.replace(/:\d+$/, '');
  const loopback = name === 'localhost' || name === '[::1]' || /^127(\.\d{1,3}){3}$/.test(name);
  if (!loopback || origin !== undefined)
    throw new Refusal(403, 'PERMISSION_DENIED', 'Control requests must come from this machine.');
  if (method === 'POST' && body !== '' && !/^application\/json\b/i.test(type))
    throw malformed('Content-Type must be application/json.');
}

function done(effect: () => unknown): Reply {
  effect();
  return emptyReply();
}
