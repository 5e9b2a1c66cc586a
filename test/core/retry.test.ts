/** When a request is sent again, and after how long. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Failure, failed } from '../../src/core/errors.js';
import { type Attempt, decideRetry, retryAfterSeconds } from '../../src/core/retry.js';
import type { Effect } from '../../tools/action.js';

const effects: readonly Effect[] = ['read', 'create', 'add', 'set', 'remove'];

const decide = (failure: Partial<Failure>, rest: Partial<Attempt> = {}) =>
  decideRetry({
    sends: 1,
    effect: 'read',
    remaining: 60_000,
    dice: 0,
    failure: failed('upstream', 'm', { retryable: true, ...failure }).failure,
    ...rest,
  });

/** retryable, sent -> effects that are sent again. */
const table: readonly (readonly [retryable: boolean, sent: Failure['sent'], again: readonly Effect[]])[] = [
  [true, 'no', effects],
  [true, 'maybe', ['read']],
  [false, 'no', []],
  [false, 'maybe', []],
];

test('what may have been carried out is repeated only when it reads; what was not, always; what would not help, never', () => {
  for (const [retryable, sent, again] of table) {
    for (const effect of effects) {
      for (const kind of ['upstream', 'network', 'timeout', 'throttled'] as const) {
        const decision = decide({ kind, retryable, sent }, { effect });
        assert.equal(decision.again, again.includes(effect), `${effect} ${kind} retryable=${retryable} sent=${sent}`);
      }
    }
  }
});

test('a call is sent three times at most', () => {
  assert.deepEqual(
    [1, 2, 3, 4].map((sends) => decide({}, { sends }).again),
    [true, true, false, false],
  );
});

test('the wait lies between half a step and a step, doubles, and stays below the ceiling', () => {
  const policy = { attempts: 20, baseDelay: 200, maxDelay: 5_000 };
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 19 }), fc.double({ min: 0, max: 1, noNaN: true }), (sends, dice) => {
      const decision = decideRetry(
        {
          sends,
          effect: 'read',
          remaining: 60_000,
          dice,
          failure: failed('upstream', 'm', { retryable: true }).failure,
        },
        policy,
      );
      assert.ok(decision.again);
      const step = Math.min(5_000, 200 * 2 ** (sends - 1));
      assert.ok(decision.delay >= step / 2 && decision.delay <= step, `${decision.delay}`);
    }),
  );
});

test('Retry-After is waited for exactly when it fits into the time left, else the caller is told at once', () => {
  assert.deepEqual(decide({ retryAfterSeconds: 2 }), { again: true, delay: 2_000 });
  assert.deepEqual(decide({ retryAfterSeconds: 2 }, { remaining: 2_001 }), { again: true, delay: 2_000 });
  assert.deepEqual(decide({ retryAfterSeconds: 2 }, { remaining: 2_000 }), { again: false });
  assert.deepEqual(decide({ retryAfterSeconds: 86_400 }), { again: false });
  assert.deepEqual(decide({}, { remaining: 0 }), { again: false });
  assert.deepEqual(decide({}, { remaining: -1 }), { again: false });
});

test('Retry-After of 0 does not make anybody spin: the backoff is the least wait', () => {
  assert.deepEqual(decide({ retryAfterSeconds: 0 }), { again: true, delay: 100 });
  assert.deepEqual(decide({ retryAfterSeconds: 0 }, { sends: 2, dice: 1 }), { again: true, delay: 400 });
});

const now = Date.parse('2026-11-23T12:00:00Z');
const headers: readonly (readonly [header: string | undefined, seconds: number | undefined])[] = [
  [undefined, undefined],
  ['', undefined],
  ['0', 0],
  ['1', 1],
  [' 120 ', 120],
  ['86400', 86_400],
  ['999999999', 999_999_999],
  // Too long to wait for, and not to be taken for "absent".
  ['99999999999999', 2 ** 31],
  ['9'.repeat(500), 2 ** 31],
  ['-5', undefined],
  ['+5', undefined],
  ['1.5', undefined],
  ['abc', undefined],
  ['1e309', undefined],
  ['0x10', undefined],
  ['Infinity', undefined],
  ['NaN', undefined],
  ['5, 10', undefined],
  ['Mon, 23 Nov 2026 12:02:00 GMT', 120],
  ['Monday, 23-Nov-26 12:02:00 GMT', 120],
  ['Mon, 23 Nov 2026 11:00:00 GMT', 0],
  ['Mon, 99 Nov 2026 12:02:00 GMT', undefined],
  ['2026-11-23', undefined],
];

test('Retry-After is read as seconds or as a date; nonsense counts as absent', () => {
  for (const [header, seconds] of headers) assert.equal(retryAfterSeconds(header, now), seconds, header);
});

test('whatever Retry-After says, the wait is a number that fits, and never negative', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.integer().map(String),
        fc.date({ noInvalidDate: true }).map((d) => d.toUTCString()),
      ),
      (header) => {
        const seconds = retryAfterSeconds(header, now);
        assert.ok(seconds === undefined || (Number.isSafeInteger(seconds) && seconds >= 0), header);
      },
    ),
  );
});
