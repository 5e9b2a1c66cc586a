/** What granted scopes open, and which to ask for. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { leastScopes, onCloud, opens, splitScopes } from '../../src/core/scopes.js';
import { actions } from '../../tools/index.js';

const gate = (risk: 'read' | 'write', ...scopes: ['scim', ...'all-apis'[]] | ['all-apis', 'authentication']) => ({
  scopes,
  risk,
  clouds: ['aws'] as const,
});

test('scopes may be written with spaces, commas, semicolons, pipes and line breaks', () => {
  assert.deepEqual(splitScopes(' scim,billing;\n networking|scim\tall-apis '), [
    'all-apis',
    'billing',
    'networking',
    'scim',
  ]);
  for (const text of ['', ' ', ',;|', '\n']) assert.deepEqual(splitScopes(text), []);
});

const table: readonly (readonly [granted: string[], risk: 'read' | 'write', open: boolean])[] = [
  [[], 'read', false],
  [['all-apis'], 'read', true],
  [['all-apis'], 'write', true],
  [['scim'], 'read', true],
  [['scim'], 'write', true],
  [['scim:read'], 'read', true],
  [['scim:read'], 'write', false],
  [['scim:write'], 'write', false],
  [['SCIM'], 'read', false],
  [['scim2', 'sci', 'scim:', 'scim:read:x'], 'read', false],
  [['billing', 'networking'], 'read', false],
  [['billing', 'scim'], 'write', true],
  [['all-apis:read'], 'read', false],
];

test('an action is open when a granted scope opens it', () => {
  for (const [granted, risk, open] of table) {
    assert.equal(opens(granted, gate(risk, 'scim')), open, `${granted} ${risk}`);
  }
});

test('any scope an action accepts opens it', () => {
  for (const granted of ['all-apis', 'authentication'])
    assert.ok(opens([granted], gate('write', 'all-apis', 'authentication')));
});

test('an unknown cloud hides nothing, a known one what it does not have', () => {
  assert.ok(onCloud(undefined, gate('read', 'scim')));
  assert.ok(onCloud('aws', gate('read', 'scim')));
  assert.ok(!onCloud('gcp', gate('read', 'scim')));
});

test('the least scopes of any action open it, and those of all are all-apis alone', () => {
  for (const action of actions) assert.ok(opens(leastScopes([action]), action), action.id);
  assert.deepEqual(leastScopes(actions), ['all-apis']);
  assert.deepEqual(leastScopes([]), []);
});

test('of the actions that do not ask for all-apis, the least scopes open each', () => {
  const fine = actions.filter(({ scopes }) => scopes[0] !== 'all-apis');
  const least = leastScopes(fine);
  assert.ok(!least.includes('all-apis'));
  for (const action of fine) assert.ok(opens(least, action), action.id);
  for (const scope of least) {
    const without = least.filter((each) => each !== scope);
    assert.ok(
      fine.some((action) => !opens(without, action)),
      `${scope} is not needed`,
    );
  }
});
