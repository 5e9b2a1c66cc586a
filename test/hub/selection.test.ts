/** What the guide's address says, and what a selection needs. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { choiceAreas } from '../../src/hub/guide/choices.js';
import { needsOf } from '../../src/hub/guide/needs.js';
import { readSelection, type Selection, writeSelection } from '../../src/hub/guide/selection.js';
import { reference } from '../catalogue/reference.js';

const read = (query: string) => readSelection(new URLSearchParams(query), choiceAreas);
const write = (selection: Selection) => writeSelection(selection, choiceAreas);
const needs = (query: string) => needsOf(read(query), choiceAreas);
const names = choiceAreas.flatMap(({ choices }) => choices.map(({ name }) => name));
const of = (choices: readonly { name: string }[]) => choices.map(({ name }) => name);

test('every action of the reference can be chosen, under its id without the prefix', () => {
  assert.deepEqual([...names].sort(), reference.map(({ id }) => id.replace('databricks_', '')).sort());
});

test('any selection survives its own address', () => {
  const selection = fc.record({
    by: fc.constantFrom('actions' as const, 'scopes' as const),
    actions: fc.subarray(names).map((chosen) => new Set(chosen)),
    scopes: fc.subarray(['all-apis', 'billing', 'scim:read', 'iam.users:read', 'x/y']),
    separator: fc.constantFrom('space' as const, 'comma' as const, 'newline' as const),
    search: fc.constant(''),
  });
  fc.assert(
    fc.property(selection, (chosen) => {
      const again = read(write(chosen));
      assert.equal(again.by, chosen.by);
      assert.equal(again.separator, chosen.separator);
      if (chosen.by === 'actions') assert.deepEqual([...again.actions].sort(), [...chosen.actions].sort());
      else assert.deepEqual(again.scopes, [...chosen.scopes].sort());
      assert.deepEqual(again.unknown, []);
    }),
  );
});

test('addresses read like words: all, whole areas, names', () => {
  assert.equal(write(read('actions=all')), '?actions=all');
  assert.equal(write(read('actions=users,list_budgets')), '?actions=list_budgets,users');
  assert.equal(write(read('')), '');
  assert.equal(write(read('scopes=scim+billing&sep=pipe')), '?scopes=billing,scim&sep=pipe');
  assert.equal(write(read('by=scopes')), '?by=scopes');
});

test('the longest address, all but one action of each area, still fits where addresses are cut at 2000', () => {
  const most = names.filter((name) => !choiceAreas.some(({ choices }) => choices[0]?.name === name));
  assert.ok(write({ ...read(''), actions: new Set(most) }).length < 1900);
});

test('an address may be written by hand: prefixes, capitals, spaces, repeated fields of a form', () => {
  const wanted = ['create_group', 'list_users'];
  for (const query of [
    'actions=databricks_list_users,create_group',
    'actions=List_Users+CREATE_GROUP',
    'actions=list_users&actions=create_group&by=actions&q=&sep=space&scopes=scim',
  ])
    assert.deepEqual([...read(query).actions].sort(), wanted, query);
});

test('what an address names and nobody knows is told, not followed', () => {
  const { actions, scopes, unknown, separator } = read('actions=list_users,lst_users&scopes=<b>&sep=__proto__');
  assert.deepEqual([...actions], ['list_users']);
  assert.deepEqual(scopes, []);
  assert.deepEqual(unknown, ['lst_users', '<b>']);
  assert.equal(separator, 'space');
});

test('a form that has both tells by which it was chosen', () => {
  assert.equal(read('by=actions&scopes=scim&actions=list_users').by, 'actions');
  assert.equal(read('by=scopes&actions=list_users').by, 'scopes');
  assert.equal(read('scopes=scim').by, 'scopes');
});

test('the least scopes of a selection, and for each what it opens and what it opens besides', () => {
  const { text, scopes } = needs('actions=list_budgets,list_users,create_group&sep=semicolon');
  assert.equal(text, 'billing;scim');
  assert.deepEqual(
    scopes.map(({ scope, opens }) => [scope, of(opens)]),
    [
      ['billing', ['list_budgets']],
      ['scim', ['list_users', 'create_group']],
    ],
  );
  const scim = reference.filter(({ scope }) => scope === 'scim').length;
  assert.equal(scopes[1]?.also.length, scim - 2);
});

test('each separator stands between scopes', () => {
  const text = (sep: string) => needs(`actions=list_budgets,list_users&sep=${sep}`).text;
  assert.deepEqual(['space', 'comma', 'semicolon', 'pipe', 'newline', 'other'].map(text), [
    'billing scim',
    'billing,scim',
    'billing;scim',
    'billing|scim',
    'billing\nscim',
    'billing scim',
  ]);
});

test('where nothing is chosen the guide is about everything, and the scope is the default', () => {
  for (const query of ['', 'by=scopes']) {
    const { isOpen, text, choices } = needs(query);
    assert.deepEqual([isOpen, text, choices.length], [true, 'all-apis', reference.length], query);
  }
});

test('an action that only all-apis opens is named, with what would do without it', () => {
  const { text, wide, without } = needs('actions=list_custom_app_integrations,list_users');
  assert.equal(text, 'all-apis');
  assert.deepEqual(of(wide), ['list_custom_app_integrations']);
  assert.deepEqual(without, ['scim']);
});

test('scopes chosen instead of actions show what they open; read forms open reads', () => {
  const billing = needs('scopes=billing');
  assert.deepEqual(
    of(billing.choices).sort(),
    reference
      .filter(({ scope }) => scope === 'billing')
      .map(({ id }) => id.replace('databricks_', ''))
      .sort(),
  );
  const reads = needs('scopes=billing:read').choices;
  assert.ok(reads.length > 0 && reads.every(({ risk }) => risk === 'read'));
  assert.deepEqual(needs('scopes=all-apis,billing').text, 'all-apis');
  assert.deepEqual(needs('scopes=made.up').scopes, [
    { scope: 'made.up', opens: [], also: choiceAreas.flatMap(({ choices }) => choices).slice(0, 0) },
  ]);
});

test('every action that asks for scim needs the role Account admin', () => {
  const admins = new Set(of(needs('').admins));
  for (const { id, scope } of reference) {
    if (scope === 'scim') assert.ok(admins.has(id.replace('databricks_', '')), id);
  }
  assert.ok(admins.has('create_service_principal_secret'));
  assert.ok(!admins.has('list_budgets'));
});

test('clouds without any of the actions drop out, and what a cloud lacks is named', () => {
  assert.deepEqual(needs('actions=list_credentials').clouds, [{ cloud: 'aws', lacks: [] }]);
  assert.deepEqual(
    needs('actions=list_networks,list_users').clouds.map(({ cloud, lacks }) => [cloud, of(lacks)]),
    [
      ['aws', []],
      ['azure', ['list_networks']],
      ['gcp', []],
    ],
  );
});

test('what has to be prepared is told once for all actions that need it', () => {
  const { setUps } = needs('actions=create_user,create_group,create_credential,list_users');
  assert.deepEqual(
    setUps.map(({ choices }) => of(choices)),
    [['create_user', 'create_group'], ['create_credential']],
  );
});
