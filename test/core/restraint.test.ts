/** What keeps this server from being a burden: pacing, the retry budget and the circuit for identical failures. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCircuit } from '../../src/core/circuit.js';
import type { Failure } from '../../src/core/errors.js';
import { createPacing } from '../../src/core/pacing.js';
import { createRetryBudget } from '../../src/core/retry-budget.js';

const policy = { rate: 10, burst: 20, floor: 0.5 };

test('a burst leaves at once, then requests leave at the rate', () => {
  const pacing = createPacing(policy);
  const waits = Array.from({ length: 25 }, () => pacing.reserve(1_000));
  assert.deepEqual(waits.slice(0, 20), Array(20).fill(0));
  assert.deepEqual(waits.slice(20), [100, 200, 300, 400, 500]);
});

test('a place given back is free for the next', () => {
  const pacing = createPacing({ ...policy, burst: 1 });
  pacing.reserve(0);
  assert.equal(pacing.reserve(0), 100);
  pacing.release();
  assert.equal(pacing.reserve(0), 100);
});

test('a throttle halves the rate once a second at most, down to the floor, and successes bring it back', () => {
  const pacing = createPacing(policy);
  pacing.throttled(0);
  pacing.throttled(500);
  assert.equal(pacing.rate, 5);
  for (let second = 2; second < 20; second += 1) pacing.throttled(second * 1_000);
  assert.equal(pacing.rate, policy.floor);
  for (let count = 0; count < 200; count += 1) pacing.succeeded();
  assert.equal(pacing.rate, policy.rate);
});

test('a throttle takes away what was saved up', () => {
  const pacing = createPacing(policy);
  pacing.throttled(0);
  assert.equal(pacing.reserve(0), 200);
});

test('in a total outage the purse pays for ten retries, for twenty when throttled, and successes fill it', () => {
  const outage = createRetryBudget();
  assert.equal(Array.from({ length: 50 }, () => outage.spend('upstream')).filter(Boolean).length, 10);
  for (let count = 0; count < 10; count += 1) outage.succeeded();
  assert.deepEqual([outage.spend('network'), outage.spend('network')], [true, false]);
  const throttled = createRetryBudget();
  assert.equal(Array.from({ length: 50 }, () => throttled.spend('throttled')).filter(Boolean).length, 20);
});

const failure = (kind: Failure['kind'], code = 'X'): Failure => ({
  kind,
  code,
  message: 'm',
  retryable: false,
  sent: 'no',
});

test('five identical failures open the circuit for thirty seconds, then one call may try', () => {
  const circuit = createCircuit();
  for (let count = 0; count < 5; count += 1) {
    assert.equal(circuit.check('call', 0), undefined);
    circuit.failed('call', failure('forbidden'), 0);
  }
  assert.equal(circuit.check('call', 10_000)?.seconds, 20);
  assert.equal(circuit.check('other', 10_000), undefined);
  assert.equal(circuit.check('call', 30_000), undefined);
  circuit.failed('call', failure('forbidden'), 30_000);
  assert.equal(circuit.check('call', 30_000)?.failure.kind, 'forbidden');
});

test('a success or another failure ends the streak', () => {
  const circuit = createCircuit();
  for (let count = 0; count < 4; count += 1) circuit.failed('call', failure('forbidden'), 0);
  circuit.failed('call', failure('upstream'), 0);
  assert.equal(circuit.check('call', 1), undefined);
  for (let count = 0; count < 4; count += 1) circuit.failed('call', failure('upstream'), 0);
  assert.ok(circuit.check('call', 1) !== undefined);
  circuit.succeeded('call');
  assert.equal(circuit.check('call', 1), undefined);
});
