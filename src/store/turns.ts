/**
 * Changes that could lock out go one after another over all replicas: each holds a lease while it looks, sends and
 * settles. Who cannot get it in time sends nothing.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { failed } from '../core/errors.js';
import type { Link } from './link.js';
import { keyFor } from './names.js';

/** Milliseconds. A process that died holds the others up for no longer than `lease`. */
export const turnTimes = { lease: 20_000, renewed: 5_000, patience: 60_000, again: 50 } as const;

const renew = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])`;
const release = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])`;
const take = `return redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) and 1 or 0`;

export interface SharedTurns {
  inTurn<T>(work: (check: () => void) => Promise<T>): Promise<T>;
}

/** `now`: milliseconds that only ever grow. */
export function createSharedTurns(
  link: Link,
  accountId: string,
  now: () => number,
  times: Record<keyof typeof turnTimes, number> = turnTimes,
): SharedTurns {
  const key = keyFor('turn', accountId);
  return {
    async inTurn(work) {
      const holder = randomUUID();
      const until = now() + times.patience;
      let sure = now();
      while ((await link.run(take, [key], [holder, times.lease])) !== 1) {
        if (now() >= until) throw busy();
        await wait(times.again);
        sure = now();
      }
      const extend = async () => {
        const asked = now();
        if ((await link.run(renew, [key], [holder, times.lease])) === 1) sure = asked;
      };
      const beat = setInterval(() => void extend().catch(() => {}), times.renewed).unref();
      const check = () => {
        // Reckoned from before the store was asked: it may have begun to count at any time since.
        if (now() - sure >= times.lease) throw lost();
      };
      try {
        return await work(check);
      } finally {
        clearInterval(beat);
        await link.run(release, [key], [holder]).catch(() => {});
      }
    },
  };
}

const busy = () =>
  failed('throttled', 'Another change that could lock out is under way for long. Nothing was sent.', {
    code: 'TURN',
    retryable: true,
    retryAfterSeconds: 10,
  });

const lost = () =>
  failed('storage', 'The turn of this change was lost while it was being looked at. Nothing was sent.', {
    code: 'TURN',
    retryable: true,
  });
