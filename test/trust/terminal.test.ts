/**
 * A client that cannot ask its user: the call waits, a person settles it with `approve` in a real terminal, and the call
 * made again runs, once. Nothing but a clear yes of a person at a terminal lets it through.
 */
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { createApprovalStore } from '../../src/app-guard.js';
import { exits } from '../../src/cli/exit-codes.js';
import { createKeys } from '../../src/guard/keys.js';
import { run } from '../cli/program.js';
import { v20 } from '../end-to-end/account.js';
import { environment } from '../mcp/server-process.js';
import { noTerminal, Terminal } from './pty.js';
import { type Asking, client, journal, type Kind, kinds, stateOf, type World, world } from './world.js';

const options = noTerminal === undefined ? {} : { skip: noTerminal };

/** A call that waits for a person, and how it is made again. */
async function waiting(kind: Kind = 'modern') {
  const place = await world();
  const at = await client(place, kind);
  const user = await place.account.scim('Users', 'Marta Ruiz');
  const group = await place.account.scim('Groups', 'contractors');
  const args = { group_id: group.id, member_id: user.id };
  const again = (from: Asking = at) => from.call('add_group_member', args);
  place.forget();
  const { failed, json } = await again();
  assert.equal(failed, true);
  const { error } = json;
  return { place, at, user, group, args, again, error, id: String(error.approval.id), outcome: json.outcome };
}

const approve = (place: World, ...words: string[]) => new Terminal(['approve', ...words], place.home);

/** The question as it waits on the disk. */
function stored(place: World, id: string): { lines: string[]; typed?: string } {
  const file = join(stateOf(place), 'approvals', `${id}.open`);
  return JSON.parse(JSON.parse(readFileSync(file, 'utf8')).text);
}

const questions = (place: World) => readdirSync(join(stateOf(place), 'approvals')).sort();

const command = (place: World, ...words: string[]) => run(words, environment(place.home));

const listed = async (place: World) =>
  JSON.parse((await command(place, 'approvals', 'list', '--json')).stdout) as Record<string, unknown>[];

/** Answers in a terminal and waits for its end. */
async function answer(place: World, id: string, word: string, prompt = 'Do it? Type yes or no: '): Promise<string> {
  const terminal = approve(place, id);
  await terminal.until(prompt);
  terminal.type(word);
  assert.equal(await terminal.ended, 0, terminal.screen);
  return terminal.screen;
}

for (const kind of kinds) {
  describe(`a ${kind} client that cannot ask`, options, () => {
    it('waits for a yes in a terminal, where the same facts are shown, and runs once after it', async () => {
      const { place, at, again, error, id, outcome } = await waiting(kind);
      assert.equal(outcome, 'not_applied');
      assert.deepEqual([error.kind, error.code, error.retryable], ['approval', 'APPROVAL_NEEDED', false]);
      assert.match(id, /^[a-z0-9]{10}$/);
      assert.match(error.approval.command, new RegExp(`main\\.js approve ${id} --state-dir `));
      assert.ok(error.next.includes(error.approval.command), error.next);
      const left = Date.parse(error.approval.expires_at) - Date.now();
      assert.ok(left > 0 && left <= 300_000, String(left));
      assert.deepEqual(place.effects(), []);

      const { lines } = stored(place, id);
      assert.match(lines[0] ?? '', /^Add Group Member: group "contractors" \(\d+\)$/);
      const screen = await answer(place, id, 'yes');
      for (const line of lines) assert.ok(screen.includes(`${line}\n`), `${line} is not in:\n${screen}`);
      assert.match(screen, /Approved\. Have the client make the call again now\./);
      assert.deepEqual(place.effects(), []);

      const { json } = await again();
      assert.equal(json.outcome, 'applied', JSON.stringify(json));
      assert.deepEqual(
        place.effects().map(({ type, changed }) => [type, changed]),
        [['group_member', true]],
      );
      const [intent] = journal(place).filter(({ type }) => type === 'intent');
      assert.deepEqual([intent.approval.id, intent.approval.channel], [id, 'terminal']);

      const third = await again();
      assert.equal(third.json.error.code, 'APPROVAL_NEEDED');
      assert.notEqual(third.json.error.approval.id, id);
      assert.equal(place.effects().length, 1);
      await at.close();
    });
  });
}

describe('approve in a terminal', options, () => {
  it('is named by the list, and by approve in a pipe, with the places the questions are in', async () => {
    const { place, at, error, id } = await waiting();
    const [, places = ''] = String(error.approval.command).split(id);
    assert.match(places, /^ --state-dir /);
    for (const words of [['approvals', 'list'], ['approve']]) {
      const { stderr } = await command(place, ...words);
      assert.ok(stderr.includes(`main.js approve${places}\``), stderr);
    }
    await at.close();
  });

  it('refuses the call for good after a no, and asks nobody again', async () => {
    const { place, at, again, id } = await waiting();
    assert.match(await answer(place, id, 'no'), /Declined\. Nothing happens\./);
    const { json } = await again();
    assert.deepEqual([json.error.kind, json.error.code], ['approval', 'DECLINED']);
    assert.deepEqual(questions(place), [`${id}.declined`]);
    assert.deepEqual(place.effects(), []);
    await at.close();
  });

  it('leaves the question open after any other word, after Ctrl-C and after Ctrl-D', async () => {
    const { place, at, again, id } = await waiting();
    for (const word of ['y', 'sure', 'yes please', 'contractors', '']) {
      assert.match(await answer(place, id, word), /neither a yes nor a no\. Left open\./, word);
    }
    for (const key of ['Ctrl-C', 'Ctrl-D'] as const) {
      const terminal = approve(place, id);
      await terminal.until('Type yes or no: ');
      terminal.press(key);
      assert.equal(await terminal.ended, 0);
      assert.match(terminal.screen, /\nLeft open\.\n$/, key);
    }
    const { json } = await again();
    assert.deepEqual([json.error.code, json.error.approval.id], ['APPROVAL_NEEDED', id]);
    assert.deepEqual(questions(place), [`${id}.open`]);
    assert.deepEqual(place.effects(), []);
    await at.close();
  });

  it('has the name typed where much would be lost for good; another name and a yes are none', async () => {
    const place = await world();
    const at = await client(place, 'modern');
    const [metastore] = await place.account.all(`${v20}/metastores`, 'metastores');
    const remove = () => at.call('delete_metastore', { metastore_id: metastore.metastore_id, force: true });
    const { id } = (await remove()).json.error.approval;
    const prompt = `To do it, type ${metastore.name}; else no: `;
    for (const word of ['yes', `${metastore.name}x`]) {
      assert.match(await answer(place, id, word, prompt), /Left open\./);
    }
    assert.equal((await remove()).json.error.approval.id, id);
    place.forget();
    assert.match(await answer(place, id, metastore.name, prompt), /Approved\./);
    assert.equal((await remove()).json.outcome, 'applied');
    assert.deepEqual(
      place.effects().map(({ kind, id: gone }) => [kind, gone]),
      [['delete', metastore.metastore_id]],
    );
    await at.close();
  });

  it('finds a question by the beginning of its id, and says what it does not find', async () => {
    const { place, id } = await waiting();
    const unknown = approve(place, 'nosuchid');
    assert.equal(await unknown.ended, exits.usage.code);
    assert.match(unknown.screen, /No question "nosuchid" waits in .*approvals: it is settled, withdrawn or older/);
    assert.match(await answer(place, id.slice(0, 6).toUpperCase(), 'yes'), /Approved\./);
    const settled = approve(place, id);
    assert.equal(await settled.ended, exits.usage.code);
    assert.match(settled.screen, /Make the call again, then approve the new question\./);
  });

  it('goes through all that wait, one after another, until Ctrl-C', async () => {
    const { place, at, id, group } = await waiting();
    const others = ['Omar Haddad', 'Chloé Lefèvre'];
    for (const name of others) {
      const { id: member_id } = await place.account.scim('Users', name);
      const { json } = await at.call('add_group_member', { group_id: group.id, member_id });
      assert.equal(json.error.code, 'APPROVAL_NEEDED');
    }
    const terminal = approve(place);
    await terminal.until('1 of 3');
    await terminal.until('Type yes or no: ');
    terminal.type('no');
    await terminal.until('2 of 3');
    await terminal.until('Type yes or no: ');
    terminal.press('Ctrl-C');
    assert.equal(await terminal.ended, 0);
    assert.ok(!terminal.screen.includes('3 of 3'));
    assert.equal(questions(place).filter((file) => file.endsWith('.open')).length, 2);
    assert.ok(questions(place).includes(`${id}.declined`));
  });

  it('takes no question older than five minutes, and no call takes an approval that old', async () => {
    const { place, again, id } = await waiting();
    // As if time had passed: the same question, sealed with this machine's key, asked a while ago.
    const store = createApprovalStore(stateOf(place), createKeys(stateOf(place)));
    const [record] = await store.all();
    assert.ok(record !== undefined);
    const { state: _, ...question } = record;
    const before = Date.now() - 301_000;
    await store.end(id, 'withdrawn');
    for (const old of ['agedopen', 'agedyes']) await store.add({ ...question, id: old, askedAt: before });
    assert.ok(await store.approve('agedyes', { by: 'ada', channel: 'terminal', at: before }));
    const terminal = approve(place, 'agedopen');
    assert.equal(await terminal.ended, exits.usage.code);
    assert.match(terminal.screen, /older than five minutes/);
    const { json } = await again();
    assert.equal(json.error.code, 'APPROVAL_NEEDED');
    assert.ok(!['agedopen', 'agedyes', id].includes(json.error.approval.id));
    assert.deepEqual(place.effects(), []);
  });

  it('approves for every server of this home: one asked, another one runs the call', async () => {
    const { place, at, again, id } = await waiting('legacy');
    await at.close();
    await answer(place, id, 'yes');
    const other = await client(place, 'modern');
    assert.equal((await again(other)).json.outcome, 'applied');
    assert.equal((await again(other)).json.error.code, 'APPROVAL_NEEDED');
    assert.equal(place.effects().length, 1);
    await other.close();
  });

  it('is void when the target changes before the call is made again; the new question says what is new', async () => {
    const { place, again, id, group } = await waiting();
    await answer(place, id, 'yes');
    const schemas = ['urn:ietf:params:scim:api:messages:2.0:PatchOp'];
    const Operations = [{ op: 'replace', path: 'roles', value: [{ value: 'account_admin' }] }];
    const change = await place.account.request('PATCH', `${v20}/scim/v2/Groups/${group.id}`, { schemas, Operations });
    assert.equal(change.status, 204, change.text);
    place.forget();
    const { json } = await again();
    assert.equal(json.error.code, 'APPROVAL_NEEDED', JSON.stringify(json));
    assert.notEqual(json.error.approval.id, id);
    const screen = await answer(place, json.error.approval.id, 'no');
    assert.match(screen, /This has changed since you were asked before; nothing was done\./);
    assert.match(screen, /^ {2}NEW .*admin/m);
    assert.deepEqual(place.effects(), []);
  });

  it('counts for just these arguments', async () => {
    const { place, at, id, args } = await waiting();
    await answer(place, id, 'yes');
    const { id: other } = await place.account.scim('Users', 'Omar Haddad');
    const { json } = await at.call('add_group_member', { ...args, member_id: other });
    assert.equal(json.error.code, 'APPROVAL_NEEDED');
    assert.notEqual(json.error.approval.id, id);
    assert.deepEqual(place.effects(), []);
  });

  it('needs a person: a yes from a pipe approves nothing, whichever end is the pipe', async () => {
    const { place, again, id } = await waiting();
    const piped = await run(['approve', id], environment(place.home), 'yes\nyes\n');
    assert.equal(piped.code, exits.approval.code);
    assert.match(piped.stderr, /Approving takes a person at a terminal/);
    mkdirSync(join(place.home, 'out'));
    for (const redirect of ['2>out/err', '</dev/null']) {
      const terminal = new Terminal(['approve', id], place.home, {}, redirect);
      terminal.type('yes');
      assert.equal(await terminal.ended, exits.approval.code, redirect);
    }
    assert.deepEqual(questions(place), [`${id}.open`]);
    assert.equal((await again()).json.error.approval.id, id);
    assert.deepEqual(place.effects(), []);
  });
});

describe('approvals', () => {
  it('lists what waits and what is not used yet, and withdraws either', async () => {
    const { place, at, again, id } = await waiting();
    const [only, ...others] = await listed(place);
    assert.deepEqual([only?.id, only?.state, only?.risk, others.length], [id, 'open', 'privilege', 0]);
    assert.deepEqual(only?.lines, stored(place, id).lines);
    const { stdout } = await command(place, 'approvals');
    assert.match(stdout, new RegExp(`^${id} +open +\\d+ s +privilege +Add Group Member: group "contractors"`, 'm'));

    const store = createApprovalStore(stateOf(place), createKeys(stateOf(place)));
    assert.ok(await store.approve(id, { by: 'ada', channel: 'terminal', at: Date.now() }));
    assert.equal((await listed(place))[0]?.state, 'approved');
    const missing = await command(place, 'approvals', 'withdraw', id, 'nosuchid');
    assert.deepEqual([missing.code, missing.stderr.includes('1 withdrawn')], [exits.usage.code, true]);
    const next = (await again()).json.error;
    assert.equal(next.code, 'APPROVAL_NEEDED');
    assert.notEqual(next.approval.id, id);
    assert.equal((await command(place, 'approvals', 'withdraw', '--all')).code, 0);
    assert.deepEqual(await listed(place), []);
    assert.deepEqual(place.effects(), []);
    const events = journal(place).filter(({ type }) => type === 'approval_decided');
    assert.deepEqual(
      events.map(({ facts }) => facts.decision),
      ['withdrawn', 'withdrawn'],
    );
    await at.close();
  });
});
