/**
 * Sessions that any replica can serve. One of Streamable HTTP is opened again wherever a request of it arrives; one of
 * HTTP+SSE lives where its stream is, and what is posted elsewhere is sent on to there.
 */
import { createHash } from 'node:crypto';
import { isObject } from '../core/json.js';
import {
  createSessionTable,
  defaultSessionLimits,
  newSessionId,
  type Remembered,
  type Session,
  type SessionLimits,
  type SessionTable,
} from '../mcp/sessions.js';
import { keyFor, storeClock } from './names.js';
import { type Letter, openPost } from './post.js';
import type { SharedStore } from './shared.js';

/** As it stands in the store, sealed. */
interface Kept extends Remembered {
  readonly home: string;
}

/** The caller's oldest make room for the next. */
const add = `
${storeClock}
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now - ARGV[2])
while redis.call('ZCARD', KEYS[2]) >= tonumber(ARGV[3]) do
  redis.call('DEL', redis.call('ZPOPMIN', KEYS[2])[1])
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
redis.call('ZADD', KEYS[2], now, KEYS[1])
return redis.call('PEXPIRE', KEYS[2], ARGV[2])`;

const touch = `
${storeClock}
local kept = redis.call('GET', KEYS[1])
if not kept then return false end
redis.call('PEXPIRE', KEYS[1], ARGV[1])
redis.call('ZADD', KEYS[2], 'XX', now, KEYS[1])
redis.call('PEXPIRE', KEYS[2], ARGV[1])
return kept`;

const drop = `return redis.call('DEL', KEYS[1])`;

const digest = (text: string) => createHash('sha256').update(text).digest('base64url');

/**
 * `of`: whatever tells the account and how it is served from the others in the store. A session exists for that account
 * alone. `now`: milliseconds that only ever grow.
 */
export async function createSharedSessions(
  { link, sealing }: Pick<SharedStore, 'link' | 'sealing'>,
  of: string,
  now: () => number,
  limits: SessionLimits = defaultSessionLimits,
): Promise<SessionTable> {
  const realm = digest(of);
  /** Who reads the store does not learn the ids: they are half of what it takes to use a session. */
  const keyOf = (id: string) => keyFor('session', realm, digest(id));
  const ofCaller = (caller: string) => keyFor('sessions of', realm, caller);
  const labelOf = (id: string) => `session ${realm} ${id}`;
  const own = createSessionTable(limits, now);
  const opening = new Map<string, Promise<unknown>>();
  /** Closed here alone: elsewhere they go on. */
  const leaving = new Set<string>();

  const deliver = async ({ session: id, door, owner, message }: Letter) => {
    const session = await own.find(id, door, owner);
    if (session === undefined) return;
    if (message === undefined) return leave(id);
    const headers = {
      accept: 'application/json, text/event-stream',
      'content-type': 'application/json',
      'mcp-session-id': id,
    };
    await session.serve(new Request('http://localhost/', { method: 'POST', headers }), message);
  };
  const post = await openPost(link, sealing, realm, (letter) => void deliver(letter).catch(() => {}));

  const leave = async (id: string) => {
    leaving.add(id);
    await own.remove(id);
    leaving.delete(id);
  };

  /** A session whose end here is not its end; only the client ends it for all. */
  const kept = (id: string, session: Session): Session => ({
    ...session,
    async close() {
      if (session.door === 'http') leaving.add(id);
      await session.close();
      leaving.delete(id);
    },
  });

  const look = async (id: string, caller: string): Promise<Kept | undefined> => {
    const sealed = await link.run(touch, [keyOf(id), ofCaller(caller)], [limits.idleTime]);
    return typeof sealed === 'string' ? ((await sealing.unseal(labelOf(id), sealed)) as Kept | undefined) : undefined;
  };

  /** Its own part of what was posted is served here; the rest is for the replicas that wait for it. */
  const sharing = (id: string, owner: string, session: Session): Session => ({
    ...session,
    async serve(request, message) {
      if (request.method !== 'POST') return session.serve(request, message);
      const letter = { session: id, door: 'http', owner } as const;
      const here: unknown[] = [];
      for (const each of [message].flat() as unknown[]) {
        const asker = askerOf(each);
        if (asker === undefined || asker === post.replica) here.push(each);
        // An answer to a replica that is gone is nobody's: its call has failed with it.
        else await post.send(asker, { ...letter, message: each });
        if (isCancellation(each)) await post.announce({ ...letter, message: each });
      }
      if (here.length === 0) return new Response(null, { status: 202 });
      return session.serve(request, Array.isArray(message) ? here : here[0]);
    },
  });

  const elsewhere = (id: string, { home, owner }: Kept, caller: string): Session => ({
    door: 'sse',
    caller,
    owner,
    async serve(request, message) {
      const isHeld = request.method === 'POST' && (await post.send(home, { session: id, door: 'sse', owner, message }));
      if (isHeld) return new Response('Accepted', { status: 202 });
      await link.run(drop, [keyOf(id)]);
      const error = { code: -32_001, message: 'Session not found' };
      return Response.json({ jsonrpc: '2.0', error, id: null }, { status: 404 });
    },
    close: async () => {},
  });

  return {
    replica: post.replica,
    async add(open, caller, { door, owner, hello }) {
      const id = newSessionId();
      const record = { door, owner, home: post.replica, ...(hello !== undefined && { hello }) } satisfies Kept;
      const sealed = await sealing.seal(labelOf(id), record);
      await link.run(add, [keyOf(id), ofCaller(caller)], [sealed, limits.idleTime, limits.perCaller]);
      if (await own.keep(id, async () => kept(id, await open(id)), caller)) return id;
      await link.run(drop, [keyOf(id)]);
      return undefined;
    },
    async find(id, door, owner, again) {
      const caller = again?.caller ?? '';
      const record = await look(id, caller);
      if (record === undefined || record.door !== door || record.owner !== owner) return undefined;
      if (door === 'sse') {
        return record.home === post.replica ? own.find(id, door, owner) : elsewhere(id, record, caller);
      }
      if ((await own.find(id, door, owner)) === undefined && again !== undefined) {
        // Of many requests that arrive here first, one opens it.
        const underWay =
          opening.get(id) ??
          own.keep(id, async () => kept(id, await again.open(record.hello)), caller).finally(() => opening.delete(id));
        opening.set(id, underWay);
        await underWay;
      }
      const session = await own.find(id, door, owner);
      return session && sharing(id, owner, session);
    },
    use(id) {
      const release = own.use(id);
      const caller = own.callerOf(id) ?? '';
      const beat = setInterval(() => void look(id, caller).catch(() => {}), limits.idleTime / 3).unref();
      return () => {
        clearInterval(beat);
        release();
      };
    },
    async remove(id) {
      if (leaving.has(id)) return own.remove(id);
      const record = (await link.run(`return redis.call('GETDEL', KEYS[1])`, [keyOf(id)]).catch(() => null)) as unknown;
      await own.remove(id);
      if (typeof record !== 'string') return;
      const kept = (await sealing.unseal(labelOf(id), record)) as Kept | undefined;
      if (kept !== undefined) await post.announce({ session: id, door: kept.door, owner: kept.owner }).catch(() => {});
    },
    async close() {
      await own.close();
      post.close();
    },
  };
}

/** The replica whose request this answers. */
function askerOf(message: unknown): string | undefined {
  if (!isObject(message) || 'method' in message || typeof message.id !== 'string') return undefined;
  return /^([0-9a-f]{8})\.\d+$/.exec(message.id)?.[1];
}

const isCancellation = (message: unknown): boolean => isObject(message) && message.method === 'notifications/cancelled';
