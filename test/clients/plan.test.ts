/** Files on a real disk: what is planned is shown, what is written keeps mode and links, and what is odd is left alone. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { after, beforeEach, describe, it } from 'node:test';
import { backupsOf, readConfig } from '../../src/clients/config-file.js';
import { findEntries } from '../../src/clients/find.js';
import { applyPlan, chosenFiles, planChange, planRemoval } from '../../src/clients/plan.js';
import type { ServerEntry } from '../../src/clients/server-entry.js';
import { ActionError } from '../../src/core/errors.js';
import { client, local, main, remote, sample } from './samples.js';

const place = fs.mkdtempSync(join(tmpdir(), 'databricks-actions-mcp-clients-test-'));
after(() => fs.rmSync(place, { recursive: true, force: true }));
let folder = '';
let path = '';
beforeEach(() => {
  folder = fs.mkdtempSync(join(place, 'case-'));
  path = join(folder, 'mcp.json');
});

const windows = process.platform === 'win32';
const now = new Date('2026-11-25T01:55:00.123Z');
const modeOf = (file: string) => fs.statSync(file).mode & 0o777;
const change = (entry: ServerEntry = local, id = 'cursor', at = path) =>
  planChange(client(id), at, { name: 'dbx', entry, main });

async function planned(entry: ServerEntry = local, id = 'cursor', at = path) {
  const plan = await change(entry, id, at);
  assert.ok(plan !== undefined);
  return plan;
}

const refusal = (message: RegExp, next?: RegExp) => (error: unknown) => {
  assert.ok(error instanceof ActionError, String(error));
  assert.match(error.failure.message, message);
  if (next !== undefined) assert.match(error.failure.next ?? '', next);
  return true;
};

describe('a plan', () => {
  it('writes nothing, and shows what it would change with a little around it', async () => {
    fs.writeFileSync(path, '{\n  "a": 1,\n  "mcpServers": {\n    "x": { "command": "x" }\n  }\n}\n');
    const { diff, before } = await planned();
    assert.equal(fs.readFileSync(path, 'utf8'), before);
    assert.deepEqual(fs.readdirSync(folder), ['mcp.json']);
    assert.equal(
      diff,
      [
        '@@ line 1 @@',
        ' {',
        '   "a": …,',
        '   "mcpServers": {',
        '-    "x": { "command": "…" }',
        '+    "x": { "command": "…" },',
        '+    "dbx": {',
        '+      "type": "stdio",',
        '+      "command": "/usr/bin/node",',
        '+      "args": [',
        `+        "${main}",`,
        '+        "--profile",',
        '+        "prod"',
        '+      ]',
        '+    }',
        '   }',
        ' }',
      ].join('\n'),
    );
  });

  it('shows no value of other entries, and no secret of ours', async () => {
    const secret: ServerEntry = {
      ...local,
      args: [main, '--profile', 'prod', '--store', 'redis://:canary-password@db:6379'],
      env: {
        DATABRICKS_CLIENT_SECRET: 'canary-own',
        DATABRICKS_CLIENT_SECRET_FILE: '/s',
        HTTPS_PROXY: 'http://ann:canary-proxy@proxy.example.com',
      },
    } as ServerEntry;
    for (const [id, file] of [
      ['cursor', 'cursor.json'],
      ['claude-desktop', 'claude-desktop.json'],
      ['codex', 'codex.toml'],
    ] as const) {
      fs.writeFileSync(path, sample(file));
      const { diff, after: text } = await planned(secret, id);
      assert.doesNotMatch(diff, /canary/, id);
      assert.match(text, /canary-own/);
      assert.match(diff, /DATABRICKS_CLIENT_SECRET_FILE"?\s*[:=]\s*"\/s"/);
    }
    for (const id of ['cursor', 'codex']) {
      const { diff } = await planned(
        { ...remote, token: { value: 'canary-token' } } as ServerEntry,
        id,
        join(folder, 'new'),
      );
      assert.doesNotMatch(diff, /canary/, id);
    }
    const { diff } = await planned(remote, 'codex', join(folder, 'new'));
    assert.match(diff, /bearer_token_env_var = "DBX_TOKEN"/);
    fs.writeFileSync(path, '');
    assert.match((await planned(remote, 'vscode')).diff, /"id": "dbx-token"[\s\S]*Bearer \$\{input:dbx-token\}/);
  });

  it('is nothing where the entry is there already', async () => {
    await applyPlan(await planned(), now);
    assert.equal(await change(), undefined);
    assert.equal(await planRemoval(client('cursor'), path, 'other'), undefined);
  });

  it('says where a file is broken, and gives the block to put in', async () => {
    fs.writeFileSync(path, sample('broken-comma.json'));
    await assert.rejects(
      change(),
      refusal(
        /Cursor's file is left alone: .*comma.*line 4, column 5/,
        /put this in with an editor:\n\{\n {2}"mcpServers"/,
      ),
    );
    await assert.rejects(planRemoval(client('cursor'), path, 'dbx'), refusal(/left alone/, /take the entry out/));
    assert.equal(fs.readFileSync(path, 'utf8'), sample('broken-comma.json'));
  });

  it("does not take another server's name", async () => {
    fs.writeFileSync(path, '{"mcpServers": {"dbx": {"command": "another"}}}');
    await assert.rejects(change(), refusal(/another server called dbx/, /^Choose another name with --name/));
    fs.writeFileSync(path, '[mcp_servers.dbx]\nurl = "https://other.example.com/mcp"\n');
    await assert.rejects(change(remote, 'codex'), refusal(/another server called dbx/));
  });

  it('for a server elsewhere tells a person of Claude Desktop what works', async () => {
    await assert.rejects(change(remote, 'claude-desktop'), refusal(/no way to take this from a file/, /Connectors/));
  });
});

describe('carried out', () => {
  it('it makes missing folders and a file for this user alone', async () => {
    const deep = join(folder, 'a', 'b', 'mcp.json');
    assert.equal(await applyPlan(await planned(local, 'cursor', deep), now), undefined);
    if (!windows) assert.equal(modeOf(deep), 0o600);
    assert.deepEqual(fs.readdirSync(join(folder, 'a', 'b')), ['mcp.json']);
  });

  it('it keeps the mode, and leaves the old file beside it with the same mode', { skip: windows }, async () => {
    const before = sample('cursor.json');
    fs.writeFileSync(path, before);
    fs.chmodSync(path, 0o640);
    const backup = await applyPlan(await planned(), now);
    assert.equal(backup, `${path}.bak-20261125T015500Z`);
    assert.equal(fs.readFileSync(backup, 'utf8'), before);
    assert.deepEqual([modeOf(path), modeOf(backup)], [0o640, 0o640]);
    assert.deepEqual(fs.readdirSync(folder).sort(), ['mcp.json', 'mcp.json.bak-20261125T015500Z']);
  });

  it('it keeps the owner where root does it', { skip: process.getuid?.() !== 0 }, async () => {
    fs.writeFileSync(path, '{}');
    fs.chownSync(path, 1_234, 1_235);
    await applyPlan(await planned(), now);
    const { uid, gid } = fs.statSync(path);
    assert.deepEqual([uid, gid], [1_234, 1_235]);
  });

  it('twice in one second, both backups stay', async () => {
    fs.writeFileSync(path, '{}');
    await applyPlan(await planned(), now);
    const removal = await planRemoval(client('cursor'), path, 'dbx');
    assert.ok(removal !== undefined);
    assert.equal(await applyPlan(removal, now), `${path}.bak-20261125T015500Z-2`);
  });

  it('it follows a link to its file, and the link stays', { skip: windows }, async () => {
    const real = join(folder, 'dotfiles.json');
    fs.writeFileSync(real, '{}\n');
    fs.symlinkSync(real, path);
    await applyPlan(await planned(), now);
    assert.ok(fs.lstatSync(path).isSymbolicLink());
    assert.match(fs.readFileSync(real, 'utf8'), /"dbx"/);
  });

  it('it does nothing when the file has changed since, or has come or gone', async () => {
    fs.writeFileSync(path, '{}');
    const plan = await planned();
    fs.writeFileSync(path, '{ }');
    await assert.rejects(applyPlan(plan, now), refusal(/another program changed it/));
    assert.equal(fs.readFileSync(path, 'utf8'), '{ }');
    fs.rmSync(path);
    await assert.rejects(applyPlan(plan, now), refusal(/another program changed it/));
    const fresh = await planned();
    fs.writeFileSync(path, 'x');
    await assert.rejects(applyPlan(fresh, now), refusal(/another program changed it/));
    assert.deepEqual(fs.readdirSync(folder), ['mcp.json']);
  });

  it('adding and taking back gives the bytes that were there, even where the key was missing', async () => {
    for (const [id, text] of [
      ['cursor', sample('cursor.json')],
      ['gemini-cli', sample('gemini-cli.json')],
      ['claude-code', sample('claude-code-user.json')],
      ['vscode', '{ }\n'],
      ['claude-desktop', sample('claude-desktop-windows.json')],
      ['codex', sample('codex-windows.toml')],
    ] as const) {
      const file = join(folder, id);
      fs.writeFileSync(file, text);
      await applyPlan(await planned(id === 'vscode' ? remote : local, id, file), now);
      const removal = await planRemoval(client(id), file, 'dbx');
      assert.ok(removal !== undefined);
      await applyPlan(removal, now);
      assert.equal(fs.readFileSync(file, 'utf8'), text, id);
    }
  });

  it('taken back without a backup, it leaves an empty key rather than remove what may be of others', async () => {
    await applyPlan(await planned(), now);
    const removal = await planRemoval(client('cursor'), path, 'dbx');
    assert.equal(removal?.after, '{\n  "mcpServers": {}\n}\n');
  });
});

describe('a file is left alone', () => {
  it('that is a folder, a dangling link or no UTF-8', async () => {
    await assert.rejects(change(local, 'cursor', folder), refusal(/it is no file/));
    fs.writeFileSync(path, Buffer.from('{"ä": 1}', 'latin1'));
    await assert.rejects(change(), refusal(/not written in UTF-8/, /Save it as UTF-8/));
    fs.writeFileSync(path, Buffer.from('\uFEFF{}', 'utf16le'));
    await assert.rejects(change(), refusal(/not written in UTF-8|no JSON/));
    if (windows) return;
    const link = join(folder, 'link');
    fs.symlinkSync(join(folder, 'nowhere'), link);
    await assert.rejects(change(local, 'cursor', link), refusal(/leads nowhere/));
  });

  it('that has several names', { skip: windows }, async () => {
    fs.writeFileSync(path, '{}');
    fs.linkSync(path, join(folder, 'second'));
    await assert.rejects(applyPlan(await planned(), now), refusal(/several names/));
  });

  it('that is write-protected', { skip: windows || process.getuid?.() === 0 }, async () => {
    fs.writeFileSync(path, '{}', { mode: 0o444 });
    await assert.rejects(applyPlan(await planned(), now), refusal(/write-protected/));
  });

  it('that is on another machine', async () => {
    await assert.rejects(readConfig('\\\\server\\share\\mcp.json'), refusal(/another machine/, /--print/));
  });

  it('whose folder cannot be written, and nothing is left there', {
    skip: windows || process.getuid?.() === 0,
  }, async () => {
    fs.writeFileSync(path, '{}');
    fs.chmodSync(folder, 0o500);
    try {
      await assert.rejects(applyPlan(await planned(), now), refusal(/cannot be written \(EACCES\)/));
      assert.deepEqual(fs.readdirSync(folder), ['mcp.json']);
    } finally {
      fs.chmodSync(folder, 0o700);
    }
  });
});

describe('a file of a project', () => {
  const inProject = (id = 'cursor', at = path) =>
    planChange(client(id), at, { name: 'dbx', entry: local, main, project: folder });
  const withEntry = (more: object, args: string[] = []) =>
    JSON.stringify({
      mcpServers: { dbx: { type: 'stdio', command: 'x', args: [main, '--profile', 'prod', ...args], ...more } },
    });

  it('is left alone where its entry has what whoever wrote the project chose', async () => {
    for (const text of [
      withEntry({ env: { NODE_OPTIONS: '--require ./x.js' } }),
      withEntry({ env: { HTTPS_PROXY: 'http://proxy.example.com' } }),
      withEntry({ envFile: '.env' }),
      withEntry({}, ['--dangerously-return-secrets']),
      withEntry({}, ['--read-only', '--allow-host', 'evil.example.com']),
    ]) {
      fs.writeFileSync(path, text);
      await assert.rejects(inProject(), refusal(/chosen by whoever wrote the project.*--name/s));
    }
    const toml = join(folder, 'config.toml');
    fs.writeFileSync(
      toml,
      `[mcp_servers.dbx]\ncommand = "x"\nargs = ["${main}", "--profile", "prod"]\n[mcp_servers.dbx.env]\nNODE_OPTIONS = "x"\n`,
    );
    await assert.rejects(inProject('codex', toml), refusal(/chosen by whoever wrote the project/));
  });

  it('is left alone where its user would be asked for the token in another way', async () => {
    const input = { id: 'dbx-token', type: 'command', command: 'x' };
    fs.writeFileSync(path, JSON.stringify({ inputs: [input], servers: {} }));
    const wanted = { name: 'dbx', entry: remote, main, project: folder };
    await assert.rejects(planChange(client('vscode'), path, wanted), refusal(/chosen by whoever wrote the project/));
    fs.writeFileSync(path, '{ "servers": {} }');
    assert.match((await planChange(client('vscode'), path, wanted))?.after ?? '', /promptString/);
  });

  it('keeps what limits, and is brought up to date', async () => {
    fs.writeFileSync(path, withEntry({}, ['--read-only']));
    assert.match((await inProject())?.after ?? '', /"\/usr\/bin\/node".*"--read-only"/);
    fs.writeFileSync(path, withEntry({}));
    assert.match((await inProject())?.after ?? '', /"\/usr\/bin\/node"/);
  });

  it('is none where a link leads out of the project', { skip: windows }, async () => {
    const outside = fs.mkdtempSync(join(place, 'outside-'));
    fs.writeFileSync(join(outside, 'mcp.json'), '{}');
    fs.symlinkSync(join(outside, 'mcp.json'), path);
    await assert.rejects(inProject(), refusal(/out of the project/));
    fs.symlinkSync(outside, join(folder, '.cursor'));
    await assert.rejects(inProject('cursor', join(folder, '.cursor', 'mcp.json')), refusal(/out of the project/));
    await assert.rejects(inProject('cursor', join(folder, '.cursor', 'new.json')), refusal(/out of the project/));
    fs.writeFileSync(join(folder, 'real.json'), '{}');
    fs.symlinkSync('real.json', join(folder, 'link.json'));
    assert.ok((await inProject('cursor', join(folder, 'link.json'))) !== undefined);
    assert.equal(fs.readFileSync(join(outside, 'mcp.json'), 'utf8'), '{}');
  });

  it('is not looked for behind such a link either', { skip: windows }, async () => {
    const [home, work] = [join(folder, 'home'), join(folder, 'work')];
    await applyPlan(await planned(local, 'claude-code', join(home, '.claude.json')), now);
    fs.mkdirSync(work);
    fs.symlinkSync(join(home, '.claude.json'), join(work, '.mcp.json'));
    const search = await findEntries({ env: {}, platform: 'linux', home, folder: work }, main);
    assert.deepEqual(
      search.entries.map(({ file }) => file.of),
      ['user'],
    );
    assert.match(search.unread[0]?.reason ?? '', /out of the project/);
  });
});

describe('an entry of a clone that was moved away', () => {
  it('is brought up to date under its name, with the options somebody added', async () => {
    const gone = join(folder, 'dbx', 'dist', 'src', 'cli', 'main.js');
    const entry = { command: 'node', args: [gone, '--profile', 'prod', '--read-only'] };
    fs.writeFileSync(path, JSON.stringify({ mcpServers: { dbx: entry } }));
    const { after: text } = await planned();
    assert.ok(text.includes(JSON.stringify(main)) && text.includes('"--read-only"'), text);
    assert.ok(!text.includes(JSON.stringify(gone)));
    fs.mkdirSync(join(folder, 'dbx', 'dist', 'src', 'cli'), { recursive: true });
    fs.writeFileSync(gone, '');
    await assert.rejects(change(), refusal(/another server called dbx/));
  });
});

describe('what is found', () => {
  const machine = () => ({
    env: {},
    platform: 'linux' as const,
    home: join(folder, 'home'),
    folder: join(folder, 'work'),
  });

  it('is each entry of ours in each file, with what cannot be read', async () => {
    const { home, folder: work } = machine();
    await applyPlan(await planned(local, 'cursor', join(home, '.cursor', 'mcp.json')), now);
    await applyPlan(await planned(local, 'codex', join(home, '.codex', 'config.toml')), now);
    await applyPlan(await planned(remote, 'claude-code', join(work, '.mcp.json')), now);
    fs.mkdirSync(join(home, '.gemini'), { recursive: true });
    fs.writeFileSync(join(home, '.gemini', 'settings.json'), '{ "canary" }');
    const search = await findEntries(machine(), main, ['https://mcp.example.com/mcp']);
    assert.deepEqual(
      search.entries.map(({ client: { id }, file, name, entry }) => [id, file.of, name, entry.kind]),
      [
        ['claude-code', 'project', 'dbx', 'http'],
        ['cursor', 'user', 'dbx', 'stdio'],
        ['codex', 'user', 'dbx', 'stdio'],
      ],
    );
    assert.deepEqual(search.entries[1]?.entry, local);
    assert.deepEqual(
      search.unread.map(({ client: { id }, reason }) => [id, reason]),
      [['gemini-cli', 'it is no JSON: a colon is missing (line 1, column 12)']],
    );
  });

  it('of several places of one client is the one where the client is', async () => {
    const files = client('claude-desktop').files({}, 'win32', 'C:\\none', 'C:\\none');
    assert.deepEqual(
      (await chosenFiles(files)).map(({ path: each, present }) => [each, present]),
      [[files[1]?.path, false]],
    );
    const [first] = files;
    assert.ok(first !== undefined);
    const there = await chosenFiles([{ ...first, sign: folder }, ...files.slice(1)]);
    assert.deepEqual(
      there.map(({ path: each, present }) => [each, present]),
      [[first.path, true]],
    );
  });

  it('knows its own backups', async () => {
    fs.writeFileSync(path, '{}');
    fs.writeFileSync(`${path}.bak-20250101T000000Z`, 'old');
    fs.writeFileSync(join(folder, 'other.json.bak-1'), 'not ours');
    assert.deepEqual(await backupsOf(await readConfig(path)), ['old']);
  });
});
