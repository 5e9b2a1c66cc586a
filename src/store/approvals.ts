/**
 * Questions that wait for a person, where every replica and the person's terminal sees them. Sealed like the files; a
 * script ends a question in one step, so that of many who try just one succeeds.
 */
import { isObject } from '../core/json.js';
import {
  type ApprovalRecord,
  type ApprovalStore,
  type AskedQuestion,
  approvalTime,
  type Decision,
} from '../guard/approvals.js';
import type { Sealing } from '../guard/seal.js';
import type { Link } from './link.js';
import { keyFor } from './names.js';

/** As long as files are kept. */
const keep = 3 * approvalTime;

const index = keyFor('approvals');
const question = (id: string) => keyFor('approval', id);

const add = `
redis.call('HSET', KEYS[1], 'state', 'open', 'question', ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
local now = redis.call('TIME')[1] * 1000
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now - ARGV[3])
redis.call('ZADD', KEYS[2], now, ARGV[2])
redis.call('PEXPIRE', KEYS[2], ARGV[3])
return 1`;

const readOne = `return redis.call('HMGET', KEYS[1], 'state', 'question', 'decision')`;

const approve = `
if redis.call('HGET', KEYS[1], 'state') ~= 'open' then return 0 end
return redis.call('HSETNX', KEYS[1], 'decision', ARGV[1])`;

const end = `
if redis.call('HGET', KEYS[1], 'state') ~= 'open' then return 0 end
redis.call('HSET', KEYS[1], 'state', ARGV[1])
return 1`;

const states = ['open', 'used', 'declined', 'withdrawn'] as const;

export function createSharedApprovals(link: Link, { seal, unseal }: Sealing): ApprovalStore {
  const read = async (id: string): Promise<ApprovalRecord | undefined> => {
    const [state, asked, decided] = (await link.run(readOne, [question(id)])) as (string | null)[];
    const known = states.find((each) => each === state);
    if (known === undefined || typeof asked !== 'string') return undefined;
    const record = (await unseal(`question ${id}`, asked)) as AskedQuestion | undefined;
    if (!isObject(record)) return undefined;
    const isDecided = typeof decided === 'string' && (known === 'open' || known === 'used');
    const decision = isDecided ? ((await unseal(`decision ${id}`, decided)) as Decision | undefined) : undefined;
    if (decision === undefined) return { ...record, state: known };
    return { ...record, state: known === 'open' ? 'approved' : known, decision };
  };

  return {
    async add(asked) {
      const sealed = await seal(`question ${asked.id}`, asked);
      await link.run(add, [question(asked.id), index], [sealed, asked.id, keep]);
    },
    async all() {
      const ids = (await link.run(`return redis.call('ZRANGE', KEYS[1], 0, -1)`, [index])) as string[];
      const found = await Promise.all(ids.map(read));
      return found.filter((each) => each !== undefined).sort((a, b) => a.askedAt - b.askedAt);
    },
    async approve(id, decision) {
      // Who cannot read the question decides nothing about it.
      if ((await read(id))?.state !== 'open') return false;
      return (await link.run(approve, [question(id)], [await seal(`decision ${id}`, decision)])) === 1;
    },
    end: async (id, how) => (await link.run(end, [question(id)], [how])) === 1,
  };
}
