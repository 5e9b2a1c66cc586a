/** Which gate stands before a call: defaults, patterns, layers, and calls that are riskier than their action. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Gate } from '../../src/guard/policy.js';
import type { Action } from '../../tools/index.js';
import {
  createPet,
  deleteOwner,
  deletePet,
  feedPet,
  listPets,
  mintKey,
  policyOf,
  rules,
  type Said,
  updateOwner,
} from './catalogue.js';

const member = { as: 'privilege' };
const plain = { as: 'write' };

/** Where it is said, the call, its gate, and who decided. */
type Row = readonly [says: string, said: Said, action: Action, input: object, gate: Gate, by: string];

const inFile = (rule: string) => `${rule} (policy file ~/policy.json)`;

const rows: readonly Row[] = [
  ['reads run by default', {}, listPets, {}, 'allow', 'default for read'],
  ['reversible writes run by default', {}, feedPet, {}, 'allow', 'default for write'],
  ['privileges ask by default', {}, updateOwner, member, 'ask', 'default for privilege'],
  ['deletes ask by default', {}, deletePet, {}, 'ask', 'default for destructive'],
  ['secrets ask by default', {}, mintKey, {}, 'ask', 'default for secret'],
  ['a write that turns out privileged asks', {}, createPet, member, 'ask', 'default for privilege'],
  ['a privileged action does not ask less for a harmless call', {}, updateOwner, plain, 'ask', 'default for privilege'],

  ['a risk', rules({ write: 'ask' }), feedPet, {}, 'ask', inFile('ask write')],
  ['an area', rules({ 'area:pets': 'ask' }), listPets, {}, 'ask', inFile('ask area:pets')],
  ['an id', rules({ feed_pet: 'deny' }), feedPet, {}, 'deny', inFile('deny feed_pet')],
  ['a whole id', rules({ databricks_feed_pet: 'deny' }), feedPet, {}, 'deny', inFile('deny databricks_feed_pet')],
  ['a glob', rules({ 'delete_*': 'deny' }), deletePet, {}, 'deny', inFile('deny delete_*')],
  ['a glob of whole ids', rules({ 'databricks_*_pet': 'ask' }), feedPet, {}, 'ask', inFile('ask databricks_*_pet')],
  ['a glob leaves others alone', rules({ 'd*': 'deny' }), feedPet, {}, 'allow', 'default for write'],
  ['everything', rules({ '*': 'deny' }), listPets, {}, 'deny', inFile('deny *')],

  [
    'an id beats a glob',
    rules({ delete_pet: 'allow_without_approval', 'delete_*': 'deny' }),
    deletePet,
    {},
    'allow_without_approval',
    inFile('allow_without_approval delete_pet'),
  ],
  [
    'a glob beats an area',
    rules({ 'feed_*': 'allow', 'area:pets': 'deny' }),
    feedPet,
    {},
    'allow',
    inFile('allow feed_*'),
  ],
  ['an area beats a risk', rules({ 'area:pets': 'ask', write: 'deny' }), feedPet, {}, 'ask', inFile('ask area:pets')],
  ['a risk beats everything', rules({ '*': 'deny', read: 'allow' }), listPets, {}, 'allow', inFile('allow read')],
  [
    'of two globs the stricter',
    rules({ 'feed_*': 'allow', '*_pet': 'deny' }),
    feedPet,
    {},
    'deny',
    inFile('deny *_pet'),
  ],
  [
    'of two spellings the stricter',
    rules({ feed_pet: 'ask', databricks_feed_pet: 'allow' }),
    feedPet,
    {},
    'ask',
    inFile('ask feed_pet'),
  ],

  [
    'the environment beats the file',
    { ...rules({ feed_pet: 'deny' }), env: { DATABRICKS_MCP_ASK: 'write' } },
    feedPet,
    {},
    'ask',
    'ask write (environment DATABRICKS_MCP_ASK)',
  ],
  [
    'a flag beats the environment',
    { env: { DATABRICKS_MCP_DENY: 'feed_pet' }, flags: { allow: ['write'] } },
    feedPet,
    {},
    'allow',
    'allow write (flag --allow)',
  ],
  [
    'variables take several patterns',
    { env: { DATABRICKS_MCP_DENY: 'read, area:owners feed_pet' } },
    feedPet,
    {},
    'deny',
    'deny feed_pet (environment DATABRICKS_MCP_DENY)',
  ],

  [
    'allow by name leaves the approval',
    rules({ create_pet: 'allow' }),
    createPet,
    member,
    'ask',
    inFile('allow create_pet'),
  ],
  [
    'and lets the harmless call run',
    rules({ create_pet: 'allow' }),
    createPet,
    plain,
    'allow',
    inFile('allow create_pet'),
  ],
  [
    'without approval by name covers every call',
    rules({ create_pet: 'allow_without_approval' }),
    createPet,
    member,
    'allow_without_approval',
    inFile('allow_without_approval create_pet'),
  ],
  [
    'without approval for writes covers no privileged call',
    rules({ write: 'allow_without_approval' }),
    createPet,
    member,
    'ask',
    'default for privilege',
  ],
  [
    'without approval for privileges covers it',
    rules({ privilege: 'allow_without_approval' }),
    createPet,
    member,
    'allow_without_approval',
    inFile('allow_without_approval privilege'),
  ],
  [
    'denied privileges are denied in a write',
    rules({ privilege: 'deny' }),
    createPet,
    member,
    'deny',
    inFile('deny privilege'),
  ],
  ['and leave the write', rules({ privilege: 'deny' }), createPet, plain, 'allow', 'default for write'],
  [
    'a name in the file does not lift a denied risk of a flag',
    { ...rules({ create_pet: 'allow_without_approval' }), flags: { deny: ['privilege'] } },
    createPet,
    member,
    'deny',
    'deny privilege (flag --deny)',
  ],

  [
    'read-only beats a rule by name',
    { flags: { readOnly: true, allow: ['feed_pet'] } },
    feedPet,
    {},
    'deny',
    'read_only (flag --read-only)',
  ],
  ['read-only leaves reads', { flags: { readOnly: true } }, listPets, {}, 'allow', 'default for read'],
  [
    'read-only in the file holds against the environment',
    { file: { read_only: true }, env: { DATABRICKS_MCP_READ_ONLY: 'false' } },
    feedPet,
    {},
    'deny',
    'read_only (policy file ~/policy.json)',
  ],
  ['areas close the others', { flags: { areas: 'pets' } }, mintKey, {}, 'deny', 'areas (flag --areas)'],
  [
    'areas leave what they name',
    { flags: { areas: 'pets,owners' } },
    deleteOwner,
    {},
    'ask',
    'default for destructive',
  ],
];

for (const [says, said, action, input, gate, by] of rows) {
  test(`${says}: ${action.id} ${gate}`, () => {
    const policy = policyOf(said);
    const verdict = policy.gateOf(action, input as never);
    assert.deepEqual([verdict.gate, verdict.by], [gate, by]);
    if (gate !== 'deny') assert.equal(policy.isOn(action), true);
  });
}

test('the verdict tells the risk of the call, not of the action', () => {
  assert.equal(policyOf({}).gateOf(createPet, member).risk, 'privilege');
  assert.equal(policyOf({}).gateOf(updateOwner, plain).risk, 'write');
  assert.equal(policyOf({}).gateOf(deletePet, {}).risk, 'destructive');
});

test('an action whose risky calls are denied stays on for the others', () => {
  const policy = policyOf(rules({ privilege: 'deny' }));
  assert.equal(policy.isOn(createPet), true);
  assert.equal(policy.isOn(updateOwner), false);
  assert.equal(policy.whyOff(updateOwner), inFile('deny privilege'));
});

test('a part of an open action is on whatever its area, unless a rule denies it', () => {
  const policy = policyOf({ flags: { areas: 'owners' } });
  assert.equal(policy.isOn(listPets), false);
  assert.equal(policy.isOn(listPets, updateOwner), true);
  assert.equal(policyOf({ flags: { areas: 'owners', deny: ['list_pets'] } }).isOn(listPets, updateOwner), false);
  assert.equal(policyOf({ flags: { areas: 'owners', readOnly: true } }).isOn(feedPet, updateOwner), false);
});

test('allow for what is risky is refused, naming actions and the setting that would do it', () => {
  const cases: readonly (readonly [Said, RegExp])[] = [
    [
      { flags: { allow: ['destructive'] } },
      /--allow "destructive" would let databricks_delete_pet, databricks_delete_owner run/,
    ],
    [
      { env: { DATABRICKS_MCP_ALLOW: 'area:owners' } },
      /DATABRICKS_MCP_ALLOW="area:owners" would let databricks_update_owner/,
    ],
    [rules({ 'delete_*': 'allow' }), /"delete_\*": "allow" in ~\/policy.json would let databricks_delete_pet/],
    [rules({ '*': 'allow', privilege: 'ask', destructive: 'ask' }), /would let databricks_mint_key run/],
    [rules({ mint_key: 'allow' }), /would let databricks_mint_key run/],
  ];
  for (const [said, message] of cases) {
    assert.throws(
      () => policyOf(said),
      (error: Error & { failure: { kind: string; next: string } }) => {
        assert.equal(error.failure.kind, 'configuration');
        assert.match(error.message, message);
        assert.match(error.failure.next, /allow.without.approval/i);
        return true;
      },
    );
  }
});

test('allow may stand where a stricter rule decides about what is risky', () => {
  const policy = policyOf(rules({ '*': 'allow', 'delete_*': 'ask', update_owner: 'deny', secret: 'ask' }));
  assert.equal(policy.gateOf(feedPet, {}).gate, 'allow');
  assert.equal(policy.gateOf(deletePet, {}).gate, 'ask');
  assert.equal(policy.gateOf(mintKey, {}).gate, 'ask');
});
