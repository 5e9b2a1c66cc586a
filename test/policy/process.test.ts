/**
 * The policy of the real program: what is off does not exist for a client, nothing a request says lifts it, and a policy
 * that is not understood stops the start.
 */
import assert from 'node:assert/strict';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { describe, it } from 'node:test';
import { startSandbox } from '../../src/sandbox/index.js';
import { actions, areas } from '../../tools/index.js';
import { type Ended, json, run } from '../cli/program.js';
import { RawProcess } from '../mcp/raw-process.js';
import { atEnd, settingsFor, temporaryHome } from '../mcp/server-process.js';

/** A policy file of this text, and what it is called for a process. */
function policyFile(text: string): { readonly path: string; readonly home: string } {
  const home = temporaryHome();
  const path = join(home, 'policy.json');
  writeFileSync(path, text, { mode: 0o600 });
  return { path, home };
}

const namesOf = (message: { result: { tools: { name: string }[] } }) => message.result.tools.map(({ name }) => name);
const idsWhere = (like: (action: (typeof actions)[number]) => boolean) => actions.filter(like).map(({ id }) => id);

describe('what the operator switched off', () => {
  it('is not listed, and calling it is answered like a tool that does not exist', async () => {
    const sandbox = await startSandbox();
    atEnd(() => sandbox.close());
    const flags = ['--deny', 'delete_*', '--deny', 'area:billing'];
    const server = await RawProcess.started({ settings: settingsFor(sandbox, 'all-apis'), flags });
    const names = namesOf(await server.request('tools/list'));
    const billing = areas.find(({ id }) => id === 'billing')?.actions ?? [];
    const open = idsWhere((action) => !action.id.startsWith('databricks_delete_') && !billing.includes(action));
    assert.deepEqual(names, ['databricks_access_status', ...open]);

    const before = sandbox.requests.length;
    const closed = await server.call('databricks_delete_user', { id: '1' });
    const nobody = await server.call('databricks_delete_usher', { id: '1' });
    assert.equal(closed.error.code, -32602);
    assert.deepEqual(
      { ...closed.error, message: closed.error.message.replace('delete_user', 'X') },
      { ...nobody.error, message: nobody.error.message.replace('delete_usher', 'X') },
    );
    assert.equal(sandbox.requests.length, before, 'nothing was sent, not even a sign-in');
    assert.equal(await server.leave(), 0);
  });

  it('stays off whatever a request says', async () => {
    const server = await RawProcess.started({ flags: ['--sandbox', '--read-only'] });
    const attempts = [
      {
        name: 'databricks_create_group',
        arguments: { displayName: 'x' },
        _meta: { read_only: false, readOnly: false },
      },
      { name: 'databricks_create_group', arguments: { displayName: 'x', read_only: false } },
      { name: 'databricks_create_group', arguments: { displayName: 'x' }, read_only: false, allow: ['*'] },
    ];
    for (const attempt of attempts) {
      const { error } = await server.request('tools/call', attempt);
      assert.match(error.message, /^Unknown tool/);
    }
    const { tools } = (await server.request('tools/list', { _meta: { read_only: false }, allow: ['*'] })).result;
    assert.ok(tools.every(({ annotations }: { annotations: { readOnlyHint: boolean } }) => annotations.readOnlyHint));
    const { result } = await server.call('databricks_list_groups', { filter: 'displayName eq "x"' });
    assert.deepEqual(result.structuredContent.data, []);
    await server.leave();
  });

  it('is the same list, byte for byte, after a restart with the same policy', async () => {
    const { path } = policyFile(
      '{"rules": {"secret": "deny", "area:users": "ask"}, "areas": ["users", "groups", "unified"]}',
    );
    const lists = [];
    for (const flags of [1, 2].map(() => ['--sandbox', '--policy-file', path])) {
      const server = await RawProcess.started({ flags });
      const id = server.post('tools/list');
      await server.answer(id);
      lists.push(server.line(id));
      await server.leave();
    }
    assert.ok((lists[0]?.length ?? 0) > 5_000);
    assert.equal(lists[0], lists[1]);
  });

  it('closes parts of other actions too where a rule names them, and leaves those of another area', async () => {
    const ended = await run(['call', 'unified_list_users', '--sandbox', '--areas', 'unified', '--json']);
    assert.equal(ended.code, 0, ended.stdout);
    const denied = await run(['call', 'unified_list_users', '--sandbox', '--deny', 'list_users', '--json']);
    assert.equal(denied.code, 5);
    assert.match(json(denied).error.message, /databricks_list_users is switched off by the operator: deny list_users/);
  });

  it('is named with its setting on the command line', async () => {
    const { code, stderr, stdout } = await run(['call', 'delete_user', 'id=1', '--sandbox', '--read-only']);
    assert.equal(code, 5);
    assert.equal(stdout, '');
    assert.match(stderr, /databricks_delete_user is switched off by the operator: read_only \(flag --read-only\)\./);
  });
});

describe('databricks_access_status', () => {
  const status = async (...flags: string[]) =>
    json(await run(['call', 'access_status', '--sandbox', '--json', ...flags]));
  const count = (risk: string) => idsWhere((action) => action.risk === risk && action.clouds.includes('aws')).length;

  it('says in a few words that risky calls ask a person', async () => {
    const { policy } = await status();
    assert.deepEqual(policy, {
      read_only: false,
      asks_a_person_first: {
        destructive: count('destructive'),
        privilege: count('privilege'),
        secret: count('secret'),
      },
      approve_in: 'auto',
    });
  });

  it('names the few that are off, and the setting that did it', async () => {
    const flags = ['--deny', 'secret', '--allow-without-approval', 'create_user', '--approve-in', 'terminal'];
    const { policy, open } = await status(...flags);
    assert.deepEqual(policy.off, {
      by_risk: { secret: 2 },
      actions: ['databricks_create_custom_app_integration', 'databricks_create_service_principal_secret'],
      because_of: ['deny secret (flag --deny)'],
      to_open: 'Only whoever runs this server can change these settings.',
    });
    assert.deepEqual(policy.allowed_without_approval, { privilege: 1 });
    assert.equal(policy.asks_a_person_first.privilege, count('privilege') - 1);
    assert.deepEqual([policy.approve_in, open.secret], ['terminal', 0]);
  });

  it('counts the many by area, and leaves out what the scopes close', async () => {
    const { policy } = await status('--read-only');
    assert.equal(policy.read_only, true);
    assert.equal(policy.off.actions, undefined);
    assert.equal(policy.off.by_area.users, 3);
    const narrow = await status('--read-only', '--scopes', 'billing');
    assert.deepEqual(Object.values(narrow.policy.off.by_risk).length, 3);
    assert.ok(
      narrow.policy.off.actions.every((id: string) => /budget|log_delivery/.test(id)),
      narrow.policy.off.actions,
    );
  });
});

describe('a policy that is not understood', () => {
  const { path } = policyFile('{"rules": {"databricks_delete_*": "deny", "databricks_create_usr": "deny"}}');
  const ways: readonly (readonly [string, readonly string[], Record<string, string>, RegExp])[] = [
    ['an unknown tool in a file', ['--policy-file', path], {}, /create_usr.*\n.*Did you mean create_user\?/],
    ['a wildcard that matches nothing', ['--deny', 'remove_*_member_*'], {}, /matches no action/],
    ['a missing file', ['--policy-file', `${path}.old`], {}, /cannot be read \(ENOENT\)/],
    ['an unknown variable', [], { DATABRICKS_MCP_READONLY: '1' }, /Did you mean DATABRICKS_MCP_READ_ONLY\?/],
    ['an approval taken away by allow', ['--allow', 'destructive'], {}, /--allow-without-approval "destructive"/],
    ['an unknown channel', ['--approve-in', 'mail'], {}, /auto, client, terminal/],
  ];
  for (const [name, flags, env, said] of ways) {
    it(`stops the start: ${name}`, async () => {
      const isRefused = ({ code, stdout, stderr }: Ended) => {
        assert.equal(code, 3);
        assert.equal(stdout, '');
        assert.match(stderr, said);
      };
      // With a request waiting on stdin: nothing is served.
      const request = `${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' })}\n`;
      isRefused(await run(['stdio', '--sandbox', ...flags], env, request));
      isRefused(await run(['call', 'list_users', '--sandbox', ...flags], env));
    });
  }

  it('is refused where others may change the file', { skip: process.platform === 'win32' }, async () => {
    const open = policyFile('{"read_only": true}');
    chmodSync(open.path, 0o666);
    const { code, stderr } = await run(['stdio', '--sandbox', '--policy-file', open.path]);
    assert.equal(code, 3);
    assert.match(stderr, /others may change it.\n {2}Run: chmod go-w/);
  });

  it('is a failed finding of doctor, one for each thing that is wrong', async () => {
    const flags = ['--deny', 'area:grups', '--areas', 'user'];
    const ended = await run(['doctor', '--sandbox', '--json', ...flags]);
    assert.equal(ended.code, 3);
    const { ok, findings } = json(ended);
    assert.equal(ok, false);
    const failures = findings.filter(({ level }: { level: string }) => level === 'fail');
    assert.deepEqual(failures.map(({ check, fix }: { check: string; fix: string }) => [check, fix]).sort(), [
      ['policy', 'Did you mean area:groups?'],
      ['policy', 'Did you mean users?'],
    ]);
  });
});

it('doctor tells what is set and where, and does not call closed areas a matter of scopes', async () => {
  const ended = await run(['doctor', '--sandbox', '--json', '--areas', 'users'], {
    DATABRICKS_MCP_DENY: 'destructive',
  });
  assert.equal(ended.code, 0, ended.stdout);
  const findings = json(ended).findings as { check: string; message: string; level: string }[];
  const told = findings.filter(({ check }) => check === 'policy');
  assert.deepEqual(
    told.map(({ level, message }) => `${level} ${message}`),
    ['ok areas users (flag --areas)', 'ok deny destructive (environment DATABRICKS_MCP_DENY)'],
  );
  const areas = (json(ended).findings as { section: string; message: string }[])
    .filter(({ section }) => section === 'areas')
    .map(({ message }) => message);
  assert.ok(areas.includes('Users: open, reading works'));
  assert.equal(areas.filter((message) => message.endsWith(': switched off by the policy')).length, areas.length - 1);
});
