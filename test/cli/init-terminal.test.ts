/** `init` with a person at a real terminal: questions one after another, corrections, and an end at any point. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.js';
import { temporaryHome } from '../mcp/server-process.js';
import { noTerminal, Terminal } from '../trust/pty.js';

const options = noTerminal === undefined ? {} : { skip: noTerminal };

let account: Sandbox;
before(async () => {
  account = await startSandbox({ scopes: ['scim'] });
});
after(() => account.close());

interface Step {
  readonly shown: string;
  readonly type: string;
}

const step = (shown: string, type: string): Step => ({ shown, type });

async function talk(terminal: Terminal, steps: readonly Step[]): Promise<void> {
  for (const { shown, type } of steps) {
    await terminal.until(shown);
    terminal.type(type);
  }
}

const empty = '{\n  "mcpServers": {}\n}\n';

/** A home with Cursor in it. */
function withCursor(): string {
  const home = temporaryHome();
  mkdirSync(join(home, '.cursor'));
  writeFileSync(join(home, '.cursor', 'mcp.json'), empty);
  return home;
}

const cursor = (home: string) => readFileSync(join(home, '.cursor', 'mcp.json'), 'utf8');

const toSecret = () => [
  step('Which cloud is the account on', account.url),
  step('Account id: ', `https://accounts.cloud.databricks.com/?account_id=${account.accountId.toUpperCase()}`),
  step('Sign in with: ', '1'),
  step('Choose: ', 'list_users add_group_member'),
  step('Least scopes: scim', ''),
  step('Client id (application id of the service principal): ', account.clientId),
];

describe('init in a terminal', options, () => {
  it('leads from nothing to a client that has the account', async () => {
    const home = withCursor();
    const terminal = new Terminal(['init'], home);
    await talk(terminal, [
      ...toSecret(),
      step('Client secret (nothing is shown): ', account.clientSecret),
      step('Name of the profile to store it as [dbx]: ', ''),
      step('Where: ', 'file'),
      step('Which shall have it (numbers such as 1 3; empty for none): ', 'cursor'),
      step('Write it? Type yes or no: ', 'yes'),
    ]);
    assert.equal(await terminal.ended, 0, terminal.screen);
    assert.ok(!terminal.bytes.includes(account.clientSecret), 'the secret is on the screen');
    assert.match(terminal.screen, /Generate secret: for 90 days, with the scopes scim\./);
    assert.match(terminal.screen, /Signed in\. Granted: scim/);
    assert.match(terminal.screen, /\+ {4}"dbx": \{/);
    assert.match(terminal.screen, /doctor --profile dbx/);
    assert.match(cursor(home), /"--profile",\n\s*"dbx"/);
    assert.match(readFileSync(join(home, '.databrickscfg'), 'utf8'), /\[dbx\]/);
  });

  it('asks again for what cannot be meant, and preselects nothing', async () => {
    const terminal = new Terminal(['init'], withCursor());
    await talk(terminal, [
      step('Which cloud', 'https://dbc-1.cloud.databricks.com'),
      step('is a workspace host', account.url),
      step('Account id: ', 'my account'),
      step('That is no UUID', account.accountId),
      step('Sign in with: ', 'oauth-m2m'),
      step('Choose: ', ''),
      step('Nothing is chosen yet.', '1'),
      step('delete_budget  Delete Budget (destructive)', 'usage'),
      step('Found for "usage"', 'everything'),
      step('Shall it be everything? Type yes or no: ', 'no'),
      step('Choose: ', 'area:users -delete_user'),
      step('Chosen: ', ''),
    ]);
    await terminal.until('Client id');
    assert.doesNotMatch(/Chosen: .*/.exec(terminal.screen)?.[0] ?? '', /delete_user/);
    terminal.press('Ctrl-C');
    assert.equal(await terminal.ended, 130, terminal.screen);
  });

  it('names what is wrong, and lets it be corrected', async () => {
    const home = withCursor();
    const terminal = new Terminal(['init', '--profile', 'prod', '--secret-in', 'profile', '--client', 'cursor'], home);
    await talk(terminal, [
      ...toSecret()
        .map((each) => (each.shown === 'Choose: ' ? step('Choose: ', 'list_workspaces') : each))
        .map((each) => (each.shown.startsWith('Least') ? step('Least scopes: provisioning', '') : each))
        .flatMap((each) => (each.shown.startsWith('Client id') ? [step('keep to reads? ', 'yes'), each] : [each])),
      step('Client secret', 'wrong'),
      step('It does not work yet: ', 'credentials'),
      step('Client id', account.clientId),
      step('Client secret', account.clientSecret),
      step('It does not work yet: ', 'scope list'),
      step('Scopes [provisioning]: ', 'scim'),
      step('Write it? Type yes or no: ', 'no'),
    ]);
    assert.equal(await terminal.ended, 0, terminal.screen);
    assert.match(readFileSync(join(home, '.databrickscfg'), 'utf8'), /\[prod\][\s\S]*scopes = scim/);
    assert.match(terminal.screen, /\+ +"--read-only"/, 'reads alone were chosen');
    assert.equal(cursor(home), empty, 'a no writes nothing');
    assert.ok(!terminal.bytes.includes(account.clientSecret));
  });

  it('offers accounts that are stored, and takes one', async () => {
    const home = withCursor();
    const first = new Terminal(['init', '--client', 'generic'], home);
    await talk(first, [
      ...toSecret(),
      step('Client secret', account.clientSecret),
      step('Name of the profile', 'prod'),
      step('Where: ', '1'),
    ]);
    assert.equal(await first.ended, 0, first.screen);
    const second = new Terminal(['init'], home);
    await talk(second, [step('Which: ', 'prod'), step('Which shall have it', 'cursor'), step('Write it?', 'yes')]);
    assert.equal(await second.ended, 0, second.screen);
    assert.match(second.screen, /Profile prod is there already\./);
    assert.match(cursor(home), /"dbx-prod"/);
  });

  it('shows what to take back, and asks', async () => {
    const home = withCursor();
    await talk(new Terminal(['init', '--sandbox', '--client', 'cursor'], home), [step('Write it?', 'yes')]);
    const kept = new Terminal(['init', '--remove', '--sandbox'], home);
    await talk(kept, [step('-    "dbx-sandbox"', 'what?'), step('Type yes or no.', 'no')]);
    assert.equal(await kept.ended, 0);
    assert.match(cursor(home), /dbx-sandbox/);
    const gone = new Terminal(['init', '--remove', '--sandbox'], home);
    await talk(gone, [step('Write it?', 'yes')]);
    assert.equal(await gone.ended, 0);
    assert.equal(cursor(home), empty);
  });

  for (const key of ['Ctrl-C', 'Ctrl-D'] as const) {
    it(`${key} at any question ends it with nothing half-done`, async () => {
      const questions = [
        ...toSecret(),
        step('Client secret', account.clientSecret),
        step('Name of the profile', ''),
        step('Where: ', 'file'),
        step('Which shall have it', 'cursor'),
        step('Write it?', 'yes'),
      ];
      for (const at of [0, 3, 6, 7, 8, 9, 10]) {
        const home = withCursor();
        const terminal = new Terminal(['init'], home);
        await talk(terminal, questions.slice(0, at));
        await terminal.until(questions[at]?.shown ?? '');
        terminal.press(key);
        assert.equal(await terminal.ended, 130, terminal.screen);
        assert.match(terminal.screen, /You ended it\./);
        assert.equal(cursor(home), empty);
        assert.equal(existsSync(join(home, '.databrickscfg')), at >= 9, `stored at question ${at}`);
        assert.ok(!terminal.bytes.includes(account.clientSecret));
      }
    });
  }

  it('lists stored accounts without letting their names steer the terminal', async () => {
    const home = withCursor();
    const id = '11111111-2222-4333-8444-555555555555';
    const host = 'https://accounts.cloud.databricks.com';
    writeFileSync(join(home, '.databrickscfg'), `[a\u001b[2Jb]\nhost = ${host}\naccount_id = ${id}\n`, { mode: 0o600 });
    const terminal = new Terminal(['init'], home);
    await terminal.until('another account');
    assert.ok(!terminal.screen.includes('\u001b[2J'));
    assert.match(terminal.screen, /a \[2Jb {2}https/);
    terminal.type('\u0004');
    await terminal.ended;
  });
});
