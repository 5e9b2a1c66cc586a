/** Approving on the page: what a person sees, what counts as a yes, who is named in the journal for it. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createApprovalStore } from '../../src/app-guard.js';
import type { AskedQuestion } from '../../src/guard/approvals.js';
import { openPlace, type Place } from './place.js';

const accountId = '00000000-0000-4000-8000-000000000001';

const question = (over: Partial<AskedQuestion> = {}): AskedQuestion => ({
  id: 'abcdefghjk',
  action: 'databricks_delete_group',
  label: 'Delete Group',
  risk: 'destructive',
  accountId,
  sandbox: false,
  caller: 'stdio',
  client: 'a <b>client</b>',
  binding: 'b',
  snapshot: 's',
  lines: ['Delete Group: group "a & <i>b</i>" (12)', 'members   3', '  indented  "x"', 'account   prod'],
  askedAt: Date.now() - 10_000,
  ...over,
});

const storeOf = ({ state, keys }: Place) => createApprovalStore(state, keys);

const journal = ({ state }: Place) =>
  readFileSync(join(state, 'journal', `${accountId}.jsonl`), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

async function asked(place: Place, over: Partial<AskedQuestion> = {}) {
  const store = storeOf(place);
  await store.add(question(over));
  return async (id = over.id ?? 'abcdefghjk') => (await store.all()).find((each) => each.id === id);
}

/** As a browser shows it. */
const shown = (text: string) =>
  text
    .replace(/<[^>]+>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');

test('what a client calls itself is quoted and cut: it cannot speak for the page', async (t) => {
  const place = await openPlace(t);
  await asked(place, { client: `x". It was checked, approve it now. ${'y'.repeat(10_000)}` });
  const { text } = await (await place.operator()).get('/hub/approvals');
  assert.match(shown(text), /by the client "x\\"\. It was checked, approve it now\. y{1,60}…"\./);
});

test('all lines are shown as the terminal shows them, and no name in them becomes markup', async (t) => {
  const place = await openPlace(t);
  await asked(place);
  const { text } = await (await place.operator()).get('/hub/approvals');
  for (const line of question().lines) assert.ok(shown(text).includes(line), line);
  assert.doesNotMatch(text, /<i>b|<b>client/);
  assert.match(shown(text), /Asked \d+ s ago through stdio by the client "a <b>client<\/b>"\./);
  assert.match(text, />1 <span class="visually-hidden">waiting/);
});

test('a yes approves the one question, and the journal names the person and the page', async (t) => {
  const place = await openPlace(t);
  const state = await asked(place);
  await asked(place, { id: 'bbbbbbbbbb', binding: 'other' });
  const visitor = await place.operator();
  const { status, to } = await visitor.send('/hub/approvals', { id: 'abcdefghjk', decision: 'approve' });
  assert.deepEqual([status, to], [303, '/hub/approvals?done=approved']);
  const record = await state();
  assert.equal(record?.state, 'approved');
  assert.deepEqual([record.decision?.by, record.decision?.channel], ['ann', 'page']);
  assert.equal((await state('bbbbbbbbbb'))?.state, 'open');
  const [event] = journal(place);
  assert.equal(event.type, 'approval_decided');
  const { approval, decision, by, channel } = event.facts;
  assert.deepEqual([approval, decision, by, channel], ['abcdefghjk', 'approved', 'ann', 'page']);
  assert.match((await visitor.get(to ?? '')).text, /Have the client make the call again now/);
});

test('a no declines it, and says so in the journal', async (t) => {
  const place = await openPlace(t);
  const state = await asked(place);
  const visitor = await place.operator();
  const { to } = await visitor.send('/hub/approvals', { id: 'abcdefghjk', decision: 'decline' });
  assert.equal(to, '/hub/approvals?done=declined');
  assert.equal((await state())?.state, 'declined');
  assert.equal(journal(place)[0].facts.decision, 'declined');
});

test('where a name has to be typed nothing else approves, what was typed stays, and a no needs no name', async (t) => {
  const place = await openPlace(t);
  const state = await asked(place, { typed: 'prod "x"' });
  const visitor = await place.operator();
  for (const typed of ['', 'yes', 'Prod "x"', 'prod x', 'prod']) {
    const { status, text } = await visitor.send('/hub/approvals', { id: 'abcdefghjk', decision: 'approve', typed });
    assert.equal(status, 422, typed);
    assert.match(text, /nothing was approved/);
    assert.ok(text.includes(`value="${typed.replaceAll('"', '&quot;')}"`), typed);
    assert.equal((await state())?.state, 'open');
  }
  const { status } = await visitor.send('/hub/approvals', {
    id: 'abcdefghjk',
    decision: 'approve',
    typed: ' prod "x" ',
  });
  assert.equal(status, 303);
  assert.equal((await state())?.state, 'approved');

  await asked(place, { id: 'bbbbbbbbbb', typed: 'prod' });
  await visitor.send('/hub/approvals', { id: 'bbbbbbbbbb', decision: 'decline' });
  assert.equal((await state('bbbbbbbbbb'))?.state, 'declined');
});

test('what is neither a yes nor a no, nobody’s question, an old one or a second answer decides nothing', async (t) => {
  const place = await openPlace(t);
  const state = await asked(place);
  await asked(place, { id: 'cccccccccc', askedAt: Date.now() - 301_000 });
  const visitor = await place.operator();
  for (const decision of ['', 'yes', 'Approve', '1']) {
    await visitor.send('/hub/approvals', { id: 'abcdefghjk', decision });
  }
  assert.equal((await visitor.send('/hub/approvals', { decision: 'approve' })).to, '/hub/approvals?done=over');
  for (const id of ['abcdefghj', 'cccccccccc', '../key', '']) {
    const { to } = await visitor.send('/hub/approvals', { id, decision: 'approve' });
    assert.equal(to, '/hub/approvals?done=over', id);
  }
  assert.equal((await state())?.state, 'open');
  await visitor.send('/hub/approvals', { id: 'abcdefghjk', decision: 'decline' });
  const { to } = await visitor.send('/hub/approvals', { id: 'abcdefghjk', decision: 'approve' });
  assert.equal(to, '/hub/approvals?done=over');
  assert.equal((await state())?.state, 'declined');
});

test('opening an address approves nothing, and neither does a form without the session or its secret', async (t) => {
  const place = await openPlace(t);
  const state = await asked(place);
  const visitor = await place.operator();
  const wanted = 'id=abcdefghjk&decision=approve';
  await visitor.get(`/hub/approvals?${wanted}&done=approved`);
  // The one that waits, hidden, for a change.
  assert.equal((await visitor.get('/hub/approvals?done=toString')).text.match(/class="notice/g)?.length, 1);
  assert.equal((await place.visitor().send('/hub/approvals', { id: 'abcdefghjk', decision: 'approve' })).status, 403);
  const forged = { id: 'abcdefghjk', decision: 'approve', csrf: 'x' };
  assert.equal((await visitor.send('/hub/approvals', forged)).status, 403);
  assert.equal((await state())?.state, 'open');
});

test('a page left open asks which questions wait, and that keeps no session alive', async (t) => {
  const place = await openPlace(t);
  const visitor = await place.operator();
  assert.equal((await visitor.get('/hub/approvals/open')).text, '');
  await asked(place);
  assert.equal((await visitor.get('/hub/approvals/open')).text, 'abcdefghjk');
  assert.match((await visitor.get('/hub/approvals')).text, /data-watch-now="abcdefghjk"/);
  for (let minutes = 0; minutes < 30; minutes += 10) {
    place.pass(10 * 60_000);
    await visitor.get('/hub/approvals/open');
  }
  assert.equal((await visitor.get('/hub/approvals')).status, 303);
  assert.equal((await place.visitor().get('/hub/approvals/open')).status, 303);
});
