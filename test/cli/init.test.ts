/** `init` without a person: everything by flags, into a home of its own, against the sandbox. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { after, before, beforeEach, describe, it } from 'node:test';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.js';
import { json, mainFile, home as root, run } from './program.js';

let account: Sandbox;
let home = '';
before(async () => {
  account = await startSandbox({ scopes: ['scim', 'billing'] });
});
after(() => account.close());
beforeEach(() => {
  home = mkdtempSync(join(root, 'init-'));
});

const at = (...parts: string[]) => join(home, ...parts);
const read = (...parts: string[]) => readFileSync(at(...parts), 'utf8');
const servers = (...parts: string[]) => JSON.parse(read(...parts)).mcpServers;
const files = () =>
  readdirSync(home, { recursive: true, encoding: 'utf8' }).filter((file) => statSync(at(file)).isFile());

const init = (args: readonly string[], input = '', env: Record<string, string> = {}) =>
  run(
    ['init', ...args],
    { HOME: home, USERPROFILE: home, XDG_STATE_HOME: at('state'), LOCALAPPDATA: at('state'), ...env },
    input,
  );

const accountFlags = () => ['--host', account.url, '--account-id', account.accountId, '--client-id', account.clientId];
const linking = (...more: string[]) => [
  ...accountFlags(),
  '--secret-from-stdin',
  '--actions',
  'list_users,list_groups',
  '--client',
  'cursor',
  '--yes',
  ...more,
];
const started = (...args: string[]) => ({ type: 'stdio', command: process.execPath, args: [mainFile, ...args] });

describe('init with every flag', () => {
  it('signs in, stores the profile with its secret in a file of its own, and writes the client', async () => {
    const ended = await init(linking(), `${account.clientSecret}\n`);
    assert.equal(ended.code, 0, ended.stderr);
    assert.match(ended.stderr, /Signed in\. Granted: scim; that opens \d+ actions\./);
    assert.match(ended.stderr, /reads alone.*--read-only/);
    assert.equal(ended.stdout, '');
    const secretFile = at('state', 'databricks-actions-mcp', 'credentials', 'dbx.secret');
    assert.equal(readFileSync(secretFile, 'utf8').trim(), account.clientSecret);
    const profile = read('.databrickscfg');
    assert.match(profile, /^\[dbx\]$/m);
    assert.match(profile, /^scopes = scim$/m);
    assert.ok(!profile.includes(account.clientSecret));
    assert.deepEqual(servers('.cursor', 'mcp.json'), { dbx: started('--profile', 'dbx') });
    assert.ok(!read('.cursor', 'mcp.json').includes(account.clientSecret));
    assert.ok(!ended.stderr.includes(account.clientSecret));
    if (process.platform !== 'win32') {
      for (const path of ['.databrickscfg', '.cursor/mcp.json']) assert.equal(statSync(at(path)).mode & 0o777, 0o600);
    }
  });

  it('says "already so" when run again, and changes no byte', async () => {
    await init(linking(), account.clientSecret);
    const then = files().map((file) => [file, read(file)]);
    const again = await init(linking(), account.clientSecret);
    assert.equal(again.code, 0, again.stderr);
    assert.match(again.stderr, /Profile dbx is stored like this already\./);
    assert.match(again.stderr, /Cursor has it already/);
    assert.deepEqual(
      files().map((file) => [file, read(file)]),
      then,
    );
  });

  it('uses a profile that is there by its name alone', async () => {
    await init(linking('--profile', 'prod'), account.clientSecret);
    const ended = await init(['--profile', 'prod', '--client', 'codex', '--yes']);
    assert.equal(ended.code, 0, ended.stderr);
    assert.match(read('.codex', 'config.toml'), /\[mcp_servers\.dbx-prod\]\n.*\n.*"--profile", "prod"\]/);
  });

  it('replaces a profile for something else only when told so', async () => {
    await init(linking(), account.clientSecret);
    const other = [...linking(), '--scopes', 'billing'].filter(
      (word) => !['--actions', 'list_users,list_groups'].includes(word),
    );
    const refused = await init(other, account.clientSecret);
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /There is a profile dbx for something else[\s\S]*--replace/);
    assert.equal((await init([...other, '--replace'], account.clientSecret)).code, 0);
    assert.match(read('.databrickscfg'), /^scopes = billing$/m);
  });

  it('keeps what a person added to the entry, so that --read-only is not lost', async () => {
    await init(['--sandbox', '--client', 'cursor', '--yes', '--read-only']);
    const again = await init(['--sandbox', '--client', 'cursor', '--yes']);
    assert.match(again.stderr, /has it already/);
    assert.deepEqual(servers('.cursor', 'mcp.json'), { 'dbx-sandbox': started('--sandbox', '--read-only') });
  });

  it('tells a script what it did as JSON', async () => {
    const ended = await init(linking('--json'), account.clientSecret);
    assert.deepEqual(json(ended), {
      clients: [{ client: 'cursor', path: at('.cursor', 'mcp.json'), name: 'dbx', outcome: 'written' }],
    });
  });

  it('writes the secret into the client only under the flag that says so, and warns', async () => {
    const ended = await init(linking('--secret-in-client-config'), account.clientSecret);
    assert.equal(ended.code, 0, ended.stderr);
    assert.deepEqual(servers('.cursor', 'mcp.json').dbx.env, {
      DATABRICKS_HOST: account.url,
      DATABRICKS_ACCOUNT_ID: account.accountId,
      DATABRICKS_CLIENT_ID: account.clientId,
      DATABRICKS_CLIENT_SECRET: account.clientSecret,
      DATABRICKS_SCOPES: 'scim',
    });
    assert.match(ended.stderr, /warning: the secret is in the file now/);
    assert.ok(!ended.stderr.includes(account.clientSecret), 'the difference hides it');
    assert.deepEqual(files(), ['.cursor/mcp.json']);
  });

  it('warns where one of the actions takes the widest scope', async () => {
    const flags = linking().map((word) => (word === 'list_users,list_groups' ? 'list_*' : word));
    const ended = await init(flags, account.clientSecret);
    assert.match(ended.stderr, /warning: It takes all-apis, .*list_custom_app_integrations/);
  });
});

describe('init that cannot go on stores nothing', () => {
  const nothingThere = () => assert.deepEqual(files(), []);

  it('and names every flag that is missing where nobody can be asked', async () => {
    const ended = await init([]);
    assert.equal(ended.code, 2);
    for (const flag of [
      '--cloud or --host',
      '--account-id',
      '--client-id',
      '--secret-from-stdin',
      '--actions',
      '--client',
      '--yes',
    ]) {
      assert.ok(ended.stderr.includes(flag), flag);
    }
    const nearly = await init(
      linking().filter((word) => word !== '--yes'),
      account.clientSecret,
    );
    assert.match(nearly.stderr, /a flag is missing: --yes\./);
    nothingThere();
  });

  it('for each named problem of the account', async () => {
    const wrongSecret = await init(linking(), 'wrong');
    assert.deepEqual([wrongSecret.code, /wrong client id, secret or account id/.test(wrongSecret.stderr)], [4, true]);
    const scope = await init(
      linking().map((word) => (word === 'list_users,list_groups' ? 'list_workspaces' : word)),
      account.clientSecret,
    );
    assert.equal(scope.code, 4, scope.stderr);
    assert.match(scope.stderr, /scope/);
    const host = await init(
      linking().map((word) => (word === account.url ? 'https://dbc-1.cloud.databricks.com' : word)),
      'x',
    );
    assert.equal(host.code, 2, host.stderr);
    assert.match(host.stderr, /workspace/);
    const silent = await init(
      linking().map((word) => (word === account.url ? 'http://127.0.0.1:9' : word)),
      'x',
    );
    assert.equal(silent.code, 8, silent.stderr);
    for (const { stderr } of [wrongSecret, scope, silent]) assert.match(stderr, /Nothing was stored/);
    nothingThere();
  });

  it('for a service principal that is no account admin', async () => {
    account.addFault({
      pattern: 'GET /api/2.0/accounts/*/scim/v2/*',
      action: 'status',
      status: 403,
      body: JSON.stringify({ error_code: 'PERMISSION_DENIED', message: 'Only account admins can do this.' }),
    });
    const ended = await init(linking(), account.clientSecret).finally(() => account.clearFaults());
    assert.equal(ended.code, 5, ended.stderr);
    assert.match(ended.stderr, /not an account admin[\s\S]*Account admin role/);
    nothingThere();
  });

  it('for a client whose file is broken: that is seen before anything is stored', async () => {
    mkdirSync(at('.cursor'));
    writeFileSync(at('.cursor', 'mcp.json'), '{ "mcpServers": { "a" } }');
    const ended = await init(linking(), account.clientSecret);
    assert.equal(ended.code, 3);
    assert.match(ended.stderr, /Cursor's file is left alone: .*line 1, column 23[\s\S]*"--profile"/);
    assert.deepEqual(files(), ['.cursor/mcp.json']);
  });

  it('for several clients when the file of one is broken, and says how the others have it without that one', async () => {
    for (const folder of ['.cursor', '.codex', '.gemini']) mkdirSync(at(folder));
    writeFileSync(at('.gemini', 'settings.json'), '{ "mcpServers": { "a" } }');
    const ended = await init(['--sandbox', '--client', 'all', '--yes']);
    assert.equal(ended.code, 3);
    assert.match(ended.stderr, /Gemini CLI's file is left alone: .* No client's file was written\./);
    assert.match(ended.stderr, /Leave Gemini CLI out: --client cursor,codex\. Or: Mend the file/);
    assert.deepEqual(files(), ['.gemini/settings.json']);
    const without = await init(['--sandbox', '--client', 'cursor,codex', '--yes']);
    assert.equal(without.code, 0, without.stderr);
  });

  it('for flags that contradict each other or hold what they must not', async () => {
    for (const [args, words] of [
      [['--client-secret', 'canary'], /must not be on the command line/],
      [['--sandbox', '--host', 'x'], /no account of Databricks is configured/],
      [['--sandbox', '--remote', 'https://a.example.com/mcp'], /exclude each other/],
      [['--remote', 'https://u:canary@a.example.com/mcp'], /carries a password/],
      [['--remote', 'https://a.example.com/mcp', '--token-env', 'canary-token'], /takes the name of a variable/],
      [['--sandbox', '--client', 'curser', '--yes'], /Did you mean cursor\?/],
      [['--sandbox', '--client', 'windsurf', '--scope-of-file', 'project', '--yes'], /no file for one project/],
      [['--sandbox', '--client', 'all', '--yes'], /No client was found/],
      [['--sandbox', '--name', 'a b', '--client', 'cursor', '--yes'], /do not take every name/],
      [
        linking('--profile', 'x').map((word) => (word === 'list_users,list_groups' ? 'list_usres' : word)),
        /list_usres.*Did you mean/,
      ],
    ] as const) {
      const ended = await init(args, 'x');
      assert.equal(ended.code, 2, ended.stderr);
      assert.match(ended.stderr, words);
      assert.doesNotMatch(ended.stderr, /canary/);
    }
    nothingThere();
  });

  it('for a secret that is not there', async () => {
    assert.match((await init(linking(), '\n')).stderr, /There is no secret in stdin/);
    const file = [
      ...accountFlags(),
      '--client-secret-file',
      at('none'),
      '--scopes',
      'scim',
      '--client',
      'cursor',
      '--yes',
    ];
    assert.match((await init(file)).stderr, /none cannot be read \(ENOENT\)/);
    nothingThere();
  });
});

describe('init with other ways of signing in', () => {
  const reading = ['--scopes', 'scim', '--client', 'cursor', '--yes'];

  it('takes the token of a workload from a variable or a file, and stores neither', async () => {
    const token = account.identityToken();
    const file = at('token');
    writeFileSync(file, token);
    for (const [name, flags, key] of [
      ['variable', ['--auth-type', 'env-oidc'], /^auth_type = env-oidc$/m],
      ['named', ['--oidc-token-env', 'MY_TOKEN'], /^oidc_token_env = MY_TOKEN$/m],
      ['file', ['--oidc-token-file', file], /^oidc_token_filepath = .*token$/m],
    ] as const) {
      const env = { DATABRICKS_OIDC_TOKEN: token, MY_TOKEN: token };
      const args = [...accountFlags(), ...flags, ...reading, '--profile', name];
      const ended = await init(args, '', env);
      assert.equal(ended.code, 0, ended.stderr);
      assert.match(read('.databrickscfg'), key);
      assert.match((await init(args, '', env)).stderr, /stored like this already/);
    }
    assert.deepEqual(servers('.cursor', 'mcp.json')['dbx-named'].env, { MY_TOKEN: `\${env:MY_TOKEN}` });
    assert.equal(servers('.cursor', 'mcp.json')['dbx-file'].env, undefined);
    assert.ok(!read('.databrickscfg').includes(token));
    assert.ok(!read('.cursor', 'mcp.json').includes(token));
  });

  it('takes an Entra application on Azure, whose token has no scopes', async () => {
    const azure = await startSandbox({ cloud: 'azure' });
    try {
      const flags = [
        '--host',
        azure.url,
        '--cloud',
        'azure',
        '--account-id',
        azure.accountId,
        '--client-id',
        azure.clientId,
      ];
      const args = [...flags, '--azure-tenant-id', azure.tenantId, '--client', 'cursor', '--yes'];
      const env = { ARM_CLIENT_SECRET: azure.entraSecret, DATABRICKS_MCP_LOOPBACK_LOGIN: azure.url };
      const ended = await init(args, '', env);
      assert.equal(ended.code, 0, ended.stderr);
      assert.match(read('.databrickscfg'), /^auth_type = azure-client-secret$/m);
      assert.ok(!read('.databrickscfg').includes(azure.entraSecret));
      assert.match((await init(args, '', env)).stderr, /stored like this already/);
    } finally {
      await azure.close();
    }
  });

  it('names what each of them lacks', async () => {
    const lacks = async (...flags: string[]) => (await init([...flags, ...reading])).stderr;
    assert.match(await lacks('--auth-type', 'file-oidc'), /--oidc-token-file/);
    assert.match(await lacks('--auth-type', 'azure-client-secret'), /--azure-tenant-id.*--client-secret-file/);
    assert.doesNotMatch(await lacks('--auth-type', 'env-oidc'), /--client-secret-file/);
  });
});

describe('init --print', () => {
  it('prints the block and nothing else, and writes nothing', async () => {
    const ended = await init(['--print', '--sandbox']);
    assert.equal(ended.code, 0, ended.stderr);
    const { type: _, ...entry } = started('--sandbox');
    assert.deepEqual(JSON.parse(ended.stdout), { mcpServers: { 'dbx-sandbox': entry } });
    assert.deepEqual(files(), []);
  });

  it('for a server elsewhere gives each client its own form', async () => {
    const remote = ['--remote', 'https://mcp.example.com/mcp', '--token-env', 'DBX_TOKEN'];
    const codex = await init(['--print', ...remote, '--client', 'codex']);
    assert.equal(
      codex.stdout,
      '[mcp_servers.dbx]\nurl = "https://mcp.example.com/mcp"\nbearer_token_env_var = "DBX_TOKEN"\n',
    );
    const desktop = await init(['--print', ...remote, '--client', 'claude-desktop']);
    assert.equal(desktop.stdout, '');
    assert.match(desktop.stderr, /Connectors/);
    assert.deepEqual(files(), []);
  });

  it('shows no secret', async () => {
    const ended = await init(['--print', '--secret-in-client-config', ...accountFlags()], '', {
      DATABRICKS_CLIENT_SECRET: 'canary',
    });
    assert.equal(ended.code, 2);
    assert.doesNotMatch(ended.stdout + ended.stderr, /canary/);
  });
});

describe('init --remote', () => {
  it('writes a reference to the token, and the token itself only when told so', async () => {
    const flags = [
      '--remote',
      'https://mcp.example.com/mcp',
      '--token-env',
      'DBX_TOKEN',
      '--client',
      'claude-code',
      '--yes',
    ];
    assert.equal((await init(flags, '', { DBX_TOKEN: 'canary' })).code, 0);
    assert.deepEqual(servers('.claude.json').dbx.headers, { Authorization: `Bearer \${DBX_TOKEN}` });
    const literal = await init([...flags, '--secret-in-client-config'], '', { DBX_TOKEN: 'canary' });
    assert.equal(literal.code, 0, literal.stderr);
    assert.deepEqual(servers('.claude.json').dbx.headers, { Authorization: 'Bearer canary' });
    assert.doesNotMatch(literal.stderr, /canary/);
  });
});

describe('init --remove', () => {
  it('says which file holds nothing else now, and leaves it there', async () => {
    await init(['--sandbox', '--client', 'cursor,codex,gemini-cli', '--yes']);
    const { mcpServers } = JSON.parse(read('.gemini', 'settings.json'));
    writeFileSync(at('.gemini', 'settings.json'), JSON.stringify({ theme: 'dark', mcpServers }));
    const { stderr } = await init(['--remove', '--sandbox', '--yes']);
    const told = [...stderr.matchAll(/^~(\S+) holds nothing else now/gm)].map(([, path = '']) => path);
    assert.deepEqual(
      told.map((path) => path.replaceAll('\\', '/')),
      ['/.cursor/mcp.json', '/.codex/config.toml'],
    );
    assert.ok(files().includes(join('.cursor', 'mcp.json')));
  });

  it('takes out the entry of a clone that was moved away, and leaves one whose program is there', async () => {
    await init(linking(), account.clientSecret);
    const entry = (folder: string) => ({
      command: process.execPath,
      args: [at(folder, 'dist', 'src', 'cli', 'main.js'), '--profile', 'dbx'],
    });
    const others = entry('others');
    mkdirSync(at('others', 'dist', 'src', 'cli'), { recursive: true });
    writeFileSync(at('others', 'dist', 'src', 'cli', 'main.js'), '');
    writeFileSync(at('.cursor', 'mcp.json'), JSON.stringify({ mcpServers: { dbx: entry('moved'), others } }));
    const ended = await init(['--remove', '--profile', 'dbx', '--yes']);
    assert.equal(ended.code, 0, ended.stderr);
    assert.deepEqual(servers('.cursor', 'mcp.json'), { others });
  });

  it('takes entries, profile and secret back, and leaves what others wrote', async () => {
    mkdirSync(at('.cursor'));
    const others = '{\n  // of the team\n  "mcpServers": {"x": {"command": "x"}}\n}\n';
    writeFileSync(at('.cursor', 'mcp.json'), others);
    writeFileSync(at('.databrickscfg'), '[workspace]\nhost = https://dbc-1.cloud.databricks.com\n', { mode: 0o600 });
    await init(linking(), account.clientSecret);
    await init(['--profile', 'dbx', '--client', 'codex', '--yes']);
    const ended = await init(['--remove', '--profile', 'dbx', '--yes']);
    assert.equal(ended.code, 0, ended.stderr);
    assert.equal(read('.cursor', 'mcp.json'), others);
    assert.equal(read('.codex', 'config.toml'), '');
    assert.equal(read('.databrickscfg'), '[workspace]\nhost = https://dbc-1.cloud.databricks.com\n');
    assert.ok(!files().some((file) => file.endsWith('.secret')));
  });

  it('takes only what was named', async () => {
    await init(['--sandbox', '--client', 'cursor,windsurf', '--yes']);
    await init(linking(), account.clientSecret);
    await init(['--remove', '--sandbox', '--client', 'cursor', '--yes']);
    assert.deepEqual(Object.keys(servers('.cursor', 'mcp.json')), ['dbx']);
    assert.deepEqual(Object.keys(servers('.codeium', 'windsurf', 'mcp_config.json')), ['dbx-sandbox']);
    assert.match(read('.databrickscfg'), /\[dbx\]/);
  });

  it('of a server elsewhere takes the address or the name of the entry', async () => {
    const url = 'https://mcp.example.com/mcp';
    for (const how of [
      ['--remote', url],
      ['--name', 'dbx', '--client', 'cursor'],
    ]) {
      await init(['--remote', url, '--client', 'cursor', '--yes']);
      assert.deepEqual(servers('.cursor', 'mcp.json'), { dbx: { url } });
      assert.equal((await init(['--remove', ...how, '--yes'])).code, 0);
      assert.deepEqual(servers('.cursor', 'mcp.json'), {});
    }
  });

  it('asks first, and says so where it cannot', async () => {
    await init(['--sandbox', '--client', 'cursor', '--yes']);
    const ended = await init(['--remove', '--sandbox']);
    assert.deepEqual([ended.code, /--yes/.test(ended.stderr)], [2, true]);
    assert.equal(Object.keys(servers('.cursor', 'mcp.json')).length, 1);
  });
});
