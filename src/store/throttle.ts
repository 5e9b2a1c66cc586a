/**
 * How much one caller may ask for of all replicas together. Places among calls and streams are held on a lease, so that
 * those of a process that died come back. Without the store each process counts for itself: reads go on.
 */
import { randomUUID } from 'node:crypto';
import type { Admission, Throttle, ThrottleLimits } from '../http/throttle.js';
import type { Link } from './link.js';
import { keyFor, storeClock } from './names.js';

/** Milliseconds a place is held without word of its process. */
const lease = 60_000;

/** 0: admitted. 1: no place of this kind. Otherwise no tokens: the milliseconds until there are enough. */
const enter = `
${storeClock}
local messages, rate, burst, most = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
if most >= 0 then
  redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now)
  if redis.call('ZCARD', KEYS[2]) >= most then return { 1, 0 } end
end
local bucket = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens, at = tonumber(bucket[1]) or burst, tonumber(bucket[2]) or now
tokens = math.min(burst, tokens + math.max(0, now - at) / 1000 * rate)
if tokens + 0.000001 < messages then return { 2, math.ceil((messages - tokens) / rate * 1000) } end
redis.call('HSET', KEYS[1], 'tokens', tostring(tokens - messages), 'at', tostring(now))
redis.call('PEXPIRE', KEYS[1], math.ceil(burst / rate * 1000) + 60000)
if most >= 0 then
  redis.call('ZADD', KEYS[2], now + ARGV[6], ARGV[5])
  redis.call('PEXPIRE', KEYS[2], ARGV[6])
end
return { 0, 0 }`;

const renew = `
${storeClock}
redis.call('ZADD', KEYS[1], 'XX', now + ARGV[2], ARGV[1])
return redis.call('PEXPIRE', KEYS[1], ARGV[2])`;

/** `alone`: counts in this process while the store cannot be asked. */
export function createSharedThrottle(link: Link, limits: ThrottleLimits, alone: Throttle): Throttle {
  const { rate, burst, calls, streams } = limits;
  const most = { call: calls, stream: streams, none: -1 };

  return {
    async enter(caller, messages, kind): Promise<Admission> {
      const id = randomUUID();
      const places = keyFor('places', kind, caller);
      let answer: [number, number];
      try {
        const args = [messages, rate, burst, most[kind], id, lease];
        answer = (await link.run(enter, [keyFor('bucket', caller), places], args)) as [number, number];
      } catch {
        return alone.enter(caller, messages, kind);
      }
      const [why, wait] = answer;
      if (why === 1) return { refused: kind === 'call' ? 'calls' : 'streams', retryAfterSeconds: 1 };
      if (why === 2) return { refused: 'rate', retryAfterSeconds: Math.max(1, Math.ceil(wait / 1_000)) };
      if (kind === 'none') return { leave: () => {} };
      const beat = setInterval(() => void link.run(renew, [places], [id, lease]).catch(() => {}), lease / 3).unref();
      let isOpen = true;
      return {
        leave() {
          if (!isOpen) return;
          isOpen = false;
          clearInterval(beat);
          void link.run(`return redis.call('ZREM', KEYS[1], ARGV[1])`, [places], [id]).catch(() => {});
        },
      };
    },
  };
}
