/** Three processes behind nginx: see `npm run replicas`, which does the same for longer. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withoutCluster } from './replicas/cluster.js';
import { trial } from './replicas/trial.js';

test('replicas share a limit exactly, and one that is killed loses no call and doubles none', {
  skip: withoutCluster,
}, async () => {
  const { limit, violations, calls, applied } = await trial(5);
  assert.deepEqual(limit, { applied: 6, refused: 6, effects: 6 });
  assert.deepEqual(violations, []);
  assert.equal(calls, 30);
  assert.ok(applied >= 20, `${applied}`);
});
