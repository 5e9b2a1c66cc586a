/** What each client's documentation says about paths, keys and forms, against what this program writes. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { clients } from '../../src/clients/catalogue.js';
import { clientIds } from '../../src/clients/client-ids.js';
import { cloneProgram } from '../../src/clients/left-behind.js';
import { isOurs, readEntry, type ServerEntry, serverName, startsThis } from '../../src/clients/server-entry.js';
import { client, local, main, remote } from './samples.js';

const paths = (id: string, platform: NodeJS.Platform, env: Record<string, string> = {}) => {
  const [home, folder] =
    platform === 'win32' ? ['C:\\Users\\ann', 'D:\\projects\\billing'] : ['/home/ann', '/srv/billing'];
  return client(id)
    .files(env, platform, home, folder)
    .map(({ path, of }) => `${of} ${path}`);
};

it('the clients are those the command line names', () => {
  assert.deepEqual(
    clients.map(({ id }) => id),
    clientIds,
  );
});

describe('the files', () => {
  it('are where each client documents them on Linux', () => {
    assert.deepEqual(Object.fromEntries(clients.map(({ id }) => [id, paths(id, 'linux')])), {
      'claude-desktop': ['user /home/ann/.config/Claude/claude_desktop_config.json'],
      'claude-code': ['user /home/ann/.claude.json', 'project /srv/billing/.mcp.json'],
      cursor: ['user /home/ann/.cursor/mcp.json', 'project /srv/billing/.cursor/mcp.json'],
      vscode: ['user /home/ann/.config/Code/User/mcp.json', 'project /srv/billing/.vscode/mcp.json'],
      windsurf: ['user /home/ann/.codeium/windsurf/mcp_config.json'],
      codex: ['user /home/ann/.codex/config.toml', 'project /srv/billing/.codex/config.toml'],
      'gemini-cli': ['user /home/ann/.gemini/settings.json', 'project /srv/billing/.gemini/settings.json'],
      generic: [],
    });
  });

  it('are below Application Support on macOS, where a client keeps them there', () => {
    assert.deepEqual(paths('claude-desktop', 'darwin'), [
      'user /home/ann/Library/Application Support/Claude/claude_desktop_config.json',
    ]);
    assert.equal(paths('vscode', 'darwin')[0], 'user /home/ann/Library/Application Support/Code/User/mcp.json');
    assert.equal(paths('cursor', 'darwin')[0], 'user /home/ann/.cursor/mcp.json');
  });

  it('are below AppData on Windows, and for the packaged Claude Desktop in its own folder first', () => {
    const env = { APPDATA: 'C:\\Users\\ann\\AppData\\Roaming', LOCALAPPDATA: 'C:\\Users\\ann\\AppData\\Local' };
    assert.deepEqual(paths('claude-desktop', 'win32', env), [
      'user C:\\Users\\ann\\AppData\\Local\\Packages\\Claude_pzs8sxrjxfjjc\\LocalCache\\Roaming\\Claude\\claude_desktop_config.json',
      'user C:\\Users\\ann\\AppData\\Roaming\\Claude\\claude_desktop_config.json',
    ]);
    assert.deepEqual(paths('claude-desktop', 'win32'), paths('claude-desktop', 'win32', env));
    assert.deepEqual(paths('vscode', 'win32', env), [
      'user C:\\Users\\ann\\AppData\\Roaming\\Code\\User\\mcp.json',
      'project D:\\projects\\billing\\.vscode\\mcp.json',
    ]);
    assert.equal(paths('claude-code', 'win32')[0], 'user C:\\Users\\ann\\.claude.json');
    assert.equal(paths('codex', 'win32')[0], 'user C:\\Users\\ann\\.codex\\config.toml');
    assert.equal(paths('windsurf', 'win32')[0], 'user C:\\Users\\ann\\.codeium\\windsurf\\mcp_config.json');
  });

  it('follow the variables that move them', () => {
    assert.equal(paths('codex', 'linux', { CODEX_HOME: '/srv/codex' })[0], 'user /srv/codex/config.toml');
    assert.equal(paths('claude-code', 'linux', { CLAUDE_CONFIG_DIR: '/srv/c' })[0], 'user /srv/c/.claude.json');
    assert.equal(paths('vscode', 'linux', { XDG_CONFIG_HOME: '/x' })[0], 'user /x/Code/User/mcp.json');
  });
});

describe('an entry', () => {
  const started = { command: '/usr/bin/node', args: [main, '--profile', 'prod'] };

  it('that starts a program is written as each client documents it', () => {
    assert.deepEqual(Object.fromEntries(clients.map(({ id, fields }) => [id, fields('dbx', local)])), {
      'claude-desktop': started,
      'claude-code': { type: 'stdio', ...started },
      cursor: { type: 'stdio', ...started },
      vscode: { type: 'stdio', ...started },
      windsurf: started,
      codex: started,
      'gemini-cli': started,
      generic: started,
    });
  });

  it('for a server elsewhere names the variable of its token the way each client reads it', () => {
    const url = 'https://mcp.example.com/mcp';
    const bearer = (reference: string) => ({ headers: { Authorization: `Bearer ${reference}` } });
    assert.deepEqual(Object.fromEntries(clients.map(({ id, fields }) => [id, fields('dbx', remote)])), {
      'claude-desktop': undefined,
      'claude-code': { type: 'http', url, ...bearer(`\${DBX_TOKEN}`) },
      cursor: { url, ...bearer(`\${env:DBX_TOKEN}`) },
      vscode: { type: 'http', url, ...bearer(`\${input:dbx-token}`) },
      windsurf: { serverUrl: url, ...bearer(`\${env:DBX_TOKEN}`) },
      codex: { url, bearer_token_env_var: 'DBX_TOKEN' },
      'gemini-cli': { httpUrl: url, ...bearer(`\${DBX_TOKEN}`) },
      generic: { type: 'http', url, ...bearer('<the token that is in DBX_TOKEN>') },
    });
    assert.deepEqual(client('vscode').input?.('dbx', remote), {
      type: 'promptString',
      id: 'dbx-token',
      description: 'Token for the MCP server dbx',
      password: true,
    });
  });

  it('that needs a variable of the client has it handed on the way each client does', () => {
    const entry: ServerEntry = { kind: 'stdio', command: 'n', args: [], handOn: ['TOKEN'] };
    const env = (reference: string) => ({ env: { TOKEN: reference } });
    const extra = (id: string) => {
      const { type: _, command: __, args: ___, ...rest } = client(id).fields('dbx', entry) ?? {};
      return rest;
    };
    assert.deepEqual(extra('claude-code'), env(`\${TOKEN}`));
    assert.deepEqual(extra('gemini-cli'), env(`\${TOKEN}`));
    for (const id of ['cursor', 'vscode', 'windsurf']) assert.deepEqual(extra(id), env(`\${env:TOKEN}`), id);
    assert.deepEqual(extra('codex'), { env_vars: ['TOKEN'] });
    assert.deepEqual(extra('claude-desktop'), {});
  });

  it('without a token has none, and with a literal one has it in the header alone', () => {
    const bare: ServerEntry = { kind: 'http', url: 'https://mcp.example.com/mcp' };
    const literal: ServerEntry = { ...bare, token: { value: 'tok' } };
    for (const { fields, input, id } of clients.filter(({ id }) => id !== 'claude-desktop')) {
      assert.doesNotMatch(JSON.stringify(fields('dbx', bare)), /headers|bearer/i, id);
      assert.match(JSON.stringify(fields('dbx', literal)), /"Authorization":"Bearer tok"/, id);
      assert.equal(input?.('dbx', literal), undefined);
    }
  });

  it('as a block is ready to paste, or says what to do where no file takes it', () => {
    assert.deepEqual(JSON.parse(client('vscode').block('dbx', remote)), {
      inputs: [client('vscode').input?.('dbx', remote)],
      servers: { dbx: client('vscode').fields('dbx', remote) },
    });
    assert.equal(
      client('codex').block('dbx', local),
      `[mcp_servers.dbx]\ncommand = "/usr/bin/node"\nargs = ["${main}", "--profile", "prod"]`,
    );
    assert.match(
      client('claude-desktop').block('dbx', remote),
      /Connectors.*mcp\.example\.com|mcp\.example\.com.*Connectors/,
    );
  });

  it('starts node.exe with the program file on Windows: a .cmd file cannot be started without a shell', () => {
    const windows = startsThis(
      { node: 'C:\\Program Files\\nodejs\\node.exe', main: 'C:\\dbx\\dist\\src\\cli\\main.js' },
      ['--profile', 'prod'],
    );
    assert.deepEqual(windows, {
      kind: 'stdio',
      command: 'C:\\Program Files\\nodejs\\node.exe',
      args: ['C:\\dbx\\dist\\src\\cli\\main.js', '--profile', 'prod'],
    });
    assert.ok(client('codex').block('dbx', windows).includes('"C:\\\\Program Files\\\\nodejs\\\\node.exe"'));
  });
});

it('the server of a profile has a short name of its own', () => {
  assert.deepEqual(['dbx', 'prod', 'a.b@c', 'x'.repeat(60)].map(serverName), [
    'dbx',
    'dbx-prod',
    'dbx-a-b-c',
    `dbx-${'x'.repeat(28)}`,
  ]);
});

describe('an entry counts as ours', () => {
  const ours = (command: string, ...args: string[]) => isOurs({ kind: 'stdio', command, args }, main);

  it('when it starts this program, however it is installed', () => {
    assert.ok(ours('node', main, '--sandbox'));
    assert.ok(ours('npx', '-y', 'databricks-actions-mcp@0.1.0'));
    assert.ok(ours('C:\\Users\\ann\\AppData\\Roaming\\npm\\databricks-actions-mcp.cmd'));
    assert.ok(ours('node', 'D:\\src\\databricks-actions-mcp\\dist\\src\\cli\\main.js'));
    assert.ok(isOurs({ kind: 'stdio', command: 'n', args: ['C:\\a\\main.js'] }, 'C:\\a\\main.js'));
  });

  it('when it leads to the address, and not otherwise', () => {
    assert.ok(isOurs({ kind: 'http', url: 'https://MCP.example.com/mcp/' }, main, ['https://mcp.example.com/mcp']));
    assert.equal(
      isOurs({ kind: 'http', url: 'https://other.example.com/mcp' }, main, ['https://mcp.example.com/mcp']),
      false,
    );
    assert.equal(ours('node', '/opt/other/dist/src/cli/main.js'), false);
    assert.equal(ours('npx', 'databricks-mcp-server'), false);
  });

  it('by its place in a clone of any name only with options of ours, and as init writes it', () => {
    const moved = (command: string, ...args: string[]) => cloneProgram({ kind: 'stdio', command, args });
    const [here, there] = ['/srv/dbx/dist/src/cli/main.js', 'D:\\dbx\\dist\\src\\cli\\main.js'];
    assert.equal(moved('/usr/bin/node', here, '--profile', 'prod', '--read-only'), here);
    assert.equal(moved('C:\\Program Files\\nodejs\\node.exe', there, '--sandbox'), there);
    for (const [command, ...args] of [
      ['node', here],
      ['node', here, '--profile'],
      ['node', here, '--profile', '--verbose'],
      ['node', here, '--port', '1'],
      ['deno', here, '--sandbox'],
      ['node', '/srv/dbx/src/cli/main.js', '--sandbox'],
      ['node', 'dbx/dist/src/cli/main.js', '--sandbox'],
      ['node', '\\\\host\\dbx\\dist\\src\\cli\\main.js', '--sandbox'],
      ['node', '//host/dbx/dist/src/cli/main.js', '--sandbox'],
    ] as const) {
      assert.equal(moved(command, ...args), undefined, args.join(' '));
    }
  });

  it('in every form it is written in', () => {
    for (const { fields } of clients) {
      assert.deepEqual(readEntry(fields('dbx', local)), local);
      const written = fields('dbx', remote);
      if (written !== undefined)
        assert.deepEqual(readEntry(written), { kind: 'http', url: 'https://mcp.example.com/mcp' });
    }
    assert.equal(readEntry({ args: [] }), undefined);
    assert.equal(readEntry('node'), undefined);
  });
});
