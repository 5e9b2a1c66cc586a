/** The public page as the server sends it: all of it is there without scripts. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderGuide } from '../../src/hub/pages/guide.js';
import { areas } from '../../tools/index.js';
import { reference } from '../catalogue/reference.js';

const page = (query = '') => renderGuide(new URLSearchParams(query));
const short = (id: string) => id.replace('databricks_', '');
/** What a reader sees, without the data for the script. */
const words = (html: string) =>
  html
    .replace(/<script.*?<\/script>/gs, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ');
const steps = (query = '') => page(query).match(/<ol class="steps">.*<\/ol>/s)?.[0] ?? assert.fail('no steps');
const step = (number: number, query = '') => words(steps(query).split('<li><h3>')[number] ?? '');

test('lists every action with label and scope, in the order of the catalogue and by area', () => {
  const html = page();
  const boxes = [...html.matchAll(/name="actions" value="([^"]*)"/g)].map(([, value]) => value);
  assert.deepEqual(
    boxes,
    areas.flatMap(({ actions }) => actions.map(({ id }) => short(id))),
  );
  for (const { id, label, scope, also_accepted_scopes } of reference) {
    const row = html.match(new RegExp(`<li data-choice="${short(id)}">.*?</li>`, 's'))?.[0] ?? assert.fail(id);
    assert.ok(words(row).includes(` ${label} `), label);
    for (const each of [scope, ...also_accepted_scopes]) assert.ok(words(row).includes(each), `${id} ${each}`);
  }
  assert.deepEqual(
    [...html.matchAll(/<legend>([^<]*)<\/legend>/g)].map(([, title]) => title),
    areas.map(({ title }) => title),
  );
});

test('nothing is chosen beforehand', () => {
  assert.doesNotMatch(page(), /type="checkbox"[^>]*\schecked/);
});

test('a selection of the address is ticked, its scopes told, and the list folded away', () => {
  const html = page('actions=list_users,list_budgets&sep=comma');
  const ticked = [...html.matchAll(/name="actions" value="([^"]*)" checked/g)].map(([, value]) => value);
  assert.deepEqual(ticked, ['list_budgets', 'list_users']);
  assert.match(html, /<code id="scopes-text"[^>]*>billing,scim<\/code>/);
  assert.doesNotMatch(html, /<details class="fold choosing" open/);
  assert.match(page(), /<details class="fold choosing" open/);
});

test('the six steps name what an administrator looks for, and say at the top which rights they need', () => {
  assert.match(words(page()), /The steps need account-admin rights/);
  assert.equal(steps().split('<li><h3>').length, 7);
  for (const host of ['accounts.cloud.databricks.com', 'accounts.azuredatabricks.net', 'accounts.gcp.databricks.com'])
    assert.match(step(1), new RegExp(host));
  assert.match(step(1), /avatar.*UUID/);
  assert.match(step(2), /User management.*Service principals.*Roles.*Account admin/);
  assert.match(step(3), /Credentials &amp; secrets.*Generate secret.*90 days.*730/);
  assert.match(step(4), /all-apis/);
  assert.match(step(5), /Account ID.*Client ID.*Client Secret.*Scopes/);
  assert.match(steps('actions=list_users,list_budgets'), /<a href="\/hub\/accounts\?scopes=billing%20scim">/);
  const clients = ['Claude Desktop', 'Claude Code', 'Cursor', 'VS Code', 'Windsurf', 'Codex', 'Gemini CLI', 'HTTP'];
  for (const client of clients) assert.ok(step(6).includes(client), client);
});

test('the guide shrinks to the selection: consoles, role, preparation, scopes', () => {
  assert.doesNotMatch(step(1, 'actions=list_credentials'), /Azure|Google/);
  assert.match(step(1, 'actions=list_networks,list_users'), /Not on Azure.*List Network Configurations/);
  assert.match(
    step(2, 'actions=list_users,list_budgets'),
    /Account admin.*needed for: List Users 1 action is not known/,
  );
  assert.match(step(2, 'actions=list_budgets'), /None of these actions is known to need a role/);
  assert.match(step(2, 'actions=create_credential'), /need besides.*external ID.*Create Credential/);
  assert.doesNotMatch(step(2, 'actions=list_users'), /need besides/);
  assert.match(step(4, 'actions=list_users,list_budgets&sep=pipe'), /billing scim.*does not have/);
});

test('a search without scripts hides the other rows and keeps what is ticked in the form', () => {
  const html = page('q=budget&actions=list_users');
  const shown = [...html.matchAll(/<li data-choice="([^"]*)">/g)].map(([, name]) => name);
  assert.ok(shown.length > 0 && shown.every((name) => name?.includes('budget')), String(shown));
  assert.match(html, /name="actions" value="list_users" checked/);
  assert.match(html, /<p id="nothing" class="empty" hidden/);
  assert.doesNotMatch(page('q=zzz'), /<p id="nothing" class="empty" hidden/);
});

test('unknown names in the address are told, with what may have been meant', () => {
  const text = words(page('actions=list_user,list_groups'));
  assert.match(text, /not known here.*list_user : did you mean list_users/);
});

test('nothing in an address becomes markup, and a flood of names stays short', () => {
  const html = page(`actions=<img+src=x>,"onx=&scopes=<script>alert(1)</script>&q="><b>&sep=<i>&by=<u>`);
  assert.doesNotMatch(html, /<img|<script>alert|<b>&|<i>&|<u>|"onx=/);
  const many = page(`actions=${Array.from({ length: 5000 }, (_, index) => `no_such_${index}`).join(',')}`);
  assert.ok(many.length < page().length + 3000);
});

test('the address of a choice stands on the page, in its short form', () => {
  assert.match(
    page('actions=list_users&actions=get_user&by=actions&q='),
    /<a href="\/hub\?actions=list_users,get_user"/,
  );
});
