// Writes the effect log: looks at the object a request is about before and after its handler. A refused request leaves by exception
// and thereby without an entry.

import type { Account } from '../account.js';
import { encodeJson } from '../json.js';
import type { Match } from '../matching.js';
import type { Principal } from '../records.js';
import type { Reply } from '../reply.js';
import type { EffectLog } from './log.js';
import { membersNamed } from './members.js';
import { type Seen, type Target, targetOf } from './targets.js';

const KINDS: Readonly<Record<string, 'create' | 'update' | 'delete'>> = {
  POST: 'create',
  PUT: 'update',
  PATCH: 'update',
  DELETE: 'delete',
};
/** A write that changes nothing but these was a no-op. */
const TOUCHED = new Set(['update_time', 'updated_at', 'updated_by']);

export interface Watched {
  readonly account: Account;
  readonly caller: Principal;
  readonly match: Match;
  readonly path: string;
  readonly body: unknown;
}

export function watch(log: EffectLog, watched: Watched, handle: () => Reply): Reply {
  const { account, caller, match, path, body } = watched;
  const { method } = match.route;
  const kind = KINDS[method];
  const target = kind && targetOf(match);
  if (!kind || !target) return handle();

  const before = target.look(account, match);
  // Records change in place: what it was must be written down first.
  const was = written(before);
  const reply = handle();
  const after = target.look(account, match);
  const seen = after ?? before;
  log.add({
    method,
    path,
    kind,
    ...named(target, seen, method, body),
    changed: was !== written(after),
    clientId: caller.kind === 'ServicePrincipal' ? caller.applicationId : caller.id,
  });
  return reply;
}

function named({ type }: Target, seen: Seen | undefined, method: string, body: unknown) {
  const { id = '', detail } = seen ?? {};
  const members = type === 'group' && method === 'PATCH' ? membersNamed(body) : undefined;
  if (members) return { type: 'group_member' as const, id, detail: members.join(',') };
  return { type, id, ...(detail !== undefined && { detail }) };
}

function written(seen: Seen | undefined): string | undefined {
  if (seen?.state === undefined) return undefined;
  if (typeof seen.state === 'string') return seen.state;
  const fields = Object.entries(seen.state).filter(([name]) => !TOUCHED.has(name));
  return `${seen.id} ${encodeJson(Object.fromEntries(fields))}`;
}
