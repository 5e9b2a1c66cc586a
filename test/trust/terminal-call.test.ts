/**
 * `call` on the command line: in a terminal the person there is asked, in a pipe nobody is. Where the operator wants
 * people asked, and that no name from an account steers the terminal a person decides at.
 */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { describe, it } from 'node:test';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { exits } from '../../src/cli/exit-codes.js';
import { run } from '../cli/program.js';
import { v20 } from '../end-to-end/account.js';
import { atEnd, call, environment, program } from '../mcp/server-process.js';
import { noTerminal, Terminal } from './pty.js';
import { approves, client, journal, stateOf, type World, world } from './world.js';

const options = noTerminal === undefined ? {} : { skip: noTerminal };

const prompt = 'Do it? Type yes or no: ';

async function removing(settings: Record<string, string> = {}) {
  const place = await world(settings);
  const user = await place.account.scim('Users', 'Marta Ruiz');
  place.forget();
  const words = ['call', 'delete_user', `id=${user.id}`, '--json'];
  return { place, user, words, inPipe: (...more: string[]) => piped(place, [...words, ...more]) };
}

async function piped({ home, settings }: World, words: readonly string[]) {
  const { code, stdout, stderr } = await run(words, environment(home, settings), 'yes\n');
  return { code, stderr, json: stdout === '' ? undefined : JSON.parse(stdout) };
}

const inTerminal = ({ home, settings }: World, words: readonly string[]) => new Terminal(words, home, settings);

const deleted = (place: World) => place.effects().map(({ kind, type, id }) => ({ kind, type, id }));

describe('call in a terminal', options, () => {
  it('asks the person there, and does it after a yes', async () => {
    const { place, user, words } = await removing();
    const terminal = inTerminal(place, words);
    await terminal.until(`Delete User: user "${user.userName}" (${user.id})`);
    await terminal.until(prompt);
    assert.deepEqual(place.effects(), []);
    terminal.type('yes');
    assert.equal(await terminal.ended, 0, terminal.screen);
    assert.match(terminal.screen, /"outcome":"applied"/);
    assert.deepEqual(deleted(place), [{ kind: 'delete', type: 'user', id: user.id }]);
    const [intent] = journal(place).filter(({ type }) => type === 'intent');
    assert.deepEqual([intent.approval.channel, intent.approval.by], ['terminal', userInfo().username]);
  });

  it('does nothing after a no, or after what is neither', async () => {
    const { place, words } = await removing();
    for (const [word, code] of [
      ['y', 'APPROVAL_UNCLEAR'],
      ['no', 'DECLINED'],
    ] as const) {
      const terminal = inTerminal(place, words);
      await terminal.until(prompt);
      terminal.type(word);
      assert.equal(await terminal.ended, exits.approval.code, terminal.screen);
      assert.ok(terminal.screen.includes(`"code":"${code}"`), terminal.screen);
    }
    assert.deepEqual(place.effects(), []);
  });

  it('is cancelled by Ctrl-C and by Ctrl-D at the question: nothing is sent and nothing waits', async () => {
    const { place, words } = await removing();
    for (const key of ['Ctrl-C', 'Ctrl-D'] as const) {
      const terminal = inTerminal(place, words);
      await terminal.until(prompt);
      place.account.forget();
      terminal.press(key);
      assert.equal(await terminal.ended, exits.cancelled.code, terminal.screen);
      assert.match(terminal.screen, /"kind":"cancelled","message":"Cancelled at the question\. Nothing was sent\."/);
      assert.deepEqual(place.account.seen(), []);
    }
    assert.deepEqual(place.effects(), []);
    const waiting = readdirSync(join(stateOf(place), 'approvals')).filter((file) => !file.endsWith('.withdrawn'));
    assert.deepEqual(waiting, []);
  });

  it('asks there also where the operator wants people asked in terminals, or in their client', async () => {
    for (const where of ['terminal', 'client']) {
      const { place, words } = await removing();
      const terminal = inTerminal(place, [...words, '--approve-in', where]);
      await terminal.until(prompt);
      terminal.type('yes');
      assert.equal(await terminal.ended, 0, terminal.screen);
      assert.equal(place.effects().length, 1);
    }
  });
});

describe('call in a pipe', options, () => {
  it('asks nobody, takes no yes from the pipe, and runs once a person has approved it in a terminal', async () => {
    const { place, inPipe } = await removing();
    const { code, json } = await inPipe();
    assert.equal(code, exits.approval.code);
    assert.equal(json.error.code, 'APPROVAL_NEEDED');
    const { id, command } = json.error.approval;
    assert.ok(command.includes(`approve ${id} --state-dir ${place.home}`), command);
    assert.deepEqual(place.effects(), []);
    // What the answer says, word for word; it starts this very program.
    const [, file, ...words] = command.split(' ');
    assert.equal(file, program);
    const terminal = new Terminal(words, place.home);
    await terminal.until(prompt);
    terminal.type('yes');
    assert.equal(await terminal.ended, 0);
    assert.equal((await inPipe()).json.outcome, 'applied');
    assert.equal(place.effects().length, 1);
  });

  it('is refused where people are to be asked in their client alone', async () => {
    const { place, inPipe } = await removing();
    const { code, json } = await inPipe('--approve-in', 'client');
    assert.deepEqual([code, json.error.code, json.error.approval], [exits.approval.code, 'NO_FORM', undefined]);
    assert.deepEqual(place.effects(), []);
  });
});

describe('where people are asked', () => {
  it('is the terminal alone where the operator says so, though the client could ask', async () => {
    const { place, user } = await removing({ DATABRICKS_MCP_APPROVE_IN: 'terminal' });
    for (const kind of ['modern', 'legacy'] as const) {
      const at = await client(place, kind, approves);
      const { json } = await at.call('delete_user', { id: user.id });
      assert.equal(json.error.code, 'APPROVAL_NEEDED');
      assert.equal(at.asked.length, 0);
      await at.close();
    }
    assert.deepEqual(place.effects(), []);
  });

  it('is nowhere else than the client where the operator says so, though it cannot ask', async () => {
    const { place, user } = await removing({ DATABRICKS_MCP_APPROVE_IN: 'client' });
    const at = await client(place, 'modern');
    const { json } = await at.call('delete_user', { id: user.id });
    assert.deepEqual([json.error.code, json.error.approval], ['NO_FORM', undefined]);
    assert.deepEqual(place.effects(), []);
    await at.close();
  });
});

/** Clears the screen, sets colours and titles, turns text round, and starts a line of its own. */
const hostile =
  'ops\r\n\u2714 Approved by security\u001b[2J\u001b[41m\u001b]0;owned\u0007\u009b31m\u202egnihton\u2066\u200b';

/** Bytes that do something else than show a character or end a line. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
const steering = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/;

/** No line of ours says what the name says, and nothing steers the terminal. */
function checkInert({ bytes, screen }: Terminal | { bytes: string; screen: string }): void {
  assert.equal(steering.exec(bytes), null, JSON.stringify(bytes));
  assert.ok(!bytes.replaceAll(/\r+\n/g, '\n').includes('\r'), 'a line is written over');
  assert.ok(!/^\s*\u2714 Approved/m.test(screen), screen);
  assert.ok(screen.includes('\\u001b[2J'), screen);
}

describe('a hostile name', options, () => {
  it('stands as one inert quoted line on the terminal where a person decides, also the name of the client', async () => {
    const place = await world();
    const group = await place.account.create(`${v20}/scim/v2/Groups`, { displayName: hostile });
    const user = await place.account.create(`${v20}/scim/v2/Users`, {
      userName: `eve${Date.now()}@lumenfreight.example`,
      displayName: hostile,
    });
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: [program, 'stdio'],
      env: environment(place.home, place.settings),
      stderr: 'ignore',
    });
    const eve = new Client({ name: hostile, version: hostile });
    atEnd(() => eve.close());
    await eve.connect(transport);
    const args = { group_id: group.id, member_id: user.id };
    const { json } = await call(eve as never, 'databricks_add_group_member', args);
    assert.equal(json.error.code, 'APPROVAL_NEEDED');
    place.forget();

    const terminal = new Terminal(['approve'], place.home);
    await terminal.until(prompt);
    assert.match(
      terminal.screen,
      /^Add Group Member: group "ops\\r\\n\u2714 Approved by security\\u001b\[2J.*" \(\d+\)$/m,
    );
    assert.match(terminal.screen, /^ {2}Asked through: ".*"$/m);
    checkInert(terminal);
    terminal.type('maybe');
    await terminal.ended;
    checkInert(terminal);

    const list = new Terminal(['approvals', 'list'], place.home);
    assert.equal(await list.ended, 0);
    checkInert(list);

    const direct = inTerminal(place, ['call', 'add_group_member', `group_id=${group.id}`, `member_id=${user.id}`]);
    await direct.until(prompt);
    direct.type('no');
    assert.equal(await direct.ended, exits.approval.code);
    checkInert(direct);
    assert.deepEqual(place.effects(), []);
  });
});
