/** The operator's limits of risky calls over all replicas: checked and taken in one step, by the clock of the store. */
import { randomUUID } from 'node:crypto';
import { overLimit, type SharedVelocity, type VelocityLimit } from '../guard/velocity.js';
import type { Link } from './link.js';
import { keyFor, storeClock } from './names.js';

/** The longest time a limit can span. */
const longest = 1_440 * 60_000;

/** When the newest call was made that has to leave before there is room; false where there is room now. */
const count = `
${storeClock}
local function full(calls, span)
  if calls < 0 then return false end
  local taken = redis.call('ZCOUNT', KEYS[1], now - span + 1, '+inf')
  if taken < calls then return false end
  local freed = redis.call('ZREVRANGE', KEYS[1], calls - 1, calls - 1, 'WITHSCORES')
  return freed[2] or tostring(now)
end`;

const check = `${count}
return { tostring(now), full(tonumber(ARGV[1]), tonumber(ARGV[2])) }`;

const take = `${count}
local freed = full(tonumber(ARGV[1]), tonumber(ARGV[2]))
if freed then return { tostring(now), freed } end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[4])
redis.call('ZADD', KEYS[1], now, ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return { tostring(now), false }`;

export function createSharedVelocity(link: Link, accountId: string): SharedVelocity {
  const key = (risk: string) => keyFor('velocity', accountId, risk);

  const refuse = (limit: VelocityLimit, answer: unknown) => {
    const [at, freed] = answer as [string, string | null];
    if (freed === null) return;
    const taken = Array.from({ length: limit.calls }, () => ({ time: Number(freed) }));
    throw overLimit(limit, taken, Number(at)) ?? new Error('A limit that is used up refuses.');
  };

  return {
    async check(limit) {
      for (const risk of limit.risks) {
        refuse(limit, await link.run(check, [key(risk)], [limit.calls, limit.minutes * 60_000]));
      }
    },
    async take(risk, limit) {
      const id = randomUUID();
      const [calls, span] = limit === undefined ? [-1, 0] : [limit.calls, limit.minutes * 60_000];
      const answer = await link.run(take, [key(risk)], [calls, span, id, longest]);
      if (limit !== undefined) refuse(limit, answer);
      return async () => {
        // A place that cannot be given back only makes the limit stricter.
        await link.run(`return redis.call('ZREM', KEYS[1], ARGV[1])`, [key(risk)], [id]).catch(() => {});
      };
    },
  };
}
