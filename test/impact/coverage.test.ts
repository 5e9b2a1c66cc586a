/** Every write of the catalogue tells what it would touch, with a token that holds only the scope of the action. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startSandbox } from '../../src/sandbox/index.js';
import type { HttpAction } from '../../tools/action.js';
import { actions } from '../../tools/index.js';
import { lookAt } from './look.js';
import { sampleOf } from './samples.js';

const http = actions.filter((action): action is HttpAction => action.kind === 'http');
const reads = http.filter(({ effect }) => effect === 'read');
const writes = http.filter(({ effect }) => effect !== 'read');

for (const action of writes) {
  test(`${action.id} tells what it would touch${action.effect === 'create' ? '' : ' and how that is now'}`, async () => {
    assert.ok(action.impact !== undefined, 'declares an impact');
    const sandbox = await startSandbox();
    try {
      const args = await sampleOf(sandbox, action);
      const closed = reads.filter(({ scopes }) => !scopes.some((scope) => action.scopes.includes(scope)));
      // An impact that needs a read of another scope fails here: the look refuses what is closed.
      for (const settings of [{}, { closed: action.scopes.includes('all-apis') ? [] : closed }]) {
        const impact = await action.impact((await lookAt(sandbox, settings)).look, args);
        assert.ok(impact.facts.length > 0, 'has facts');
        assert.match(impact.reversal, /^[A-Z].*\.$/, 'says what taking it back would mean');
        if (action.effect === 'create') continue;
        assert.notEqual(impact.before, undefined, 'gives what is there before');
        assert.ok(impact.target !== undefined, 'names what it is aimed at');
        if (action.effect === 'set') assert.notEqual(impact.after, undefined, 'gives what would be there after');
      }
    } finally {
      await sandbox.close();
    }
  });
}
