/** Entries of this program in the configurations of MCP clients, started as the clients would start them. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { type TestContext, test } from 'node:test';
import { type Clients, checkClients } from '../../src/cli/doctor/clients.js';
import type { Machine } from '../../src/clients/find.js';
import { httpServer, temporaryDirectory } from '../databricks/servers.js';
import { json, mainFile, run } from './program.js';

const node = process.execPath;
const signal = new AbortController().signal;

interface Place {
  readonly home: string;
  readonly project: string;
  /** Writes a file below the home. */
  put(path: string, text: string): string;
  look(over?: Partial<Clients>, env?: Machine['env']): Promise<{ all: string[]; text: string }>;
}

function place(t: TestContext): Place {
  const home = temporaryDirectory(t);
  const project = join(home, 'project');
  return {
    home,
    project,
    put(path, text) {
      const file = join(home, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text, { mode: 0o700 });
      return file;
    },
    async look(over = {}, env = {}) {
      const findings = await checkClients({
        machine: {
          env: { PATH: process.env.PATH, HOME: home, USERPROFILE: home, ...env },
          platform: process.platform,
          home,
          folder: project,
        },
        main: mainFile,
        addresses: [],
        trustProject: false,
        redactor: { add: () => {} },
        patience: { milliseconds: 60_000, signal },
        ...over,
      });
      const all = findings.map(
        ({ level, message, fix }) => `${level} ${message}${fix === undefined ? '' : ` → ${fix}`}`,
      );
      return { all, text: all.join('\n') };
    },
  };
}

/** Cursor's file with one entry. */
const cursor = (entry: object) => JSON.stringify({ mcpServers: { dbx: entry } });
const cursorFile = '.cursor/mcp.json';

/** A program of this one's name that does something else. */
const impostor = (at: Place, code: string) => at.put('databricks-actions-mcp/main.js', code);

test('without an entry of this program there is nothing to try, and init is named', async (t) => {
  const at = place(t);
  at.put(cursorFile, cursor({ command: 'other-server', args: [] }));
  assert.match((await at.look()).text, /^ok no client on this machine has this server; `init` writes it/);
});

test('an entry that starts tells its tools and that it signs in; it leaves nothing behind', async (t) => {
  const at = place(t);
  at.put(cursorFile, cursor({ command: node, args: [mainFile, '--sandbox'] }));
  assert.match((await at.look()).text, /^ok Cursor, dbx in ~.\.cursor.mcp\.json: starts with \d+ tools, it signs in$/);
  assert.ok(!existsSync(join(at.home, '.local')));
});

test('an entry whose profile is missing starts, and what is missing is named', async (t) => {
  const at = place(t);
  at.put(cursorFile, cursor({ command: node, args: [mainFile, '--profile', 'prod'] }));
  const { text } = await at.look();
  assert.match(
    text,
    /^fail .*starts, but does not sign in: .*\.databrickscfg does not exist, so there is no profile prod/,
  );
});

test('variables of the shell that a client does not hand on do not make an entry look complete', async (t) => {
  const at = place(t);
  at.put(cursorFile, cursor({ command: node, args: [mainFile] }));
  const { text } = await at.look({}, { DATABRICKS_HOST: 'https://accounts.cloud.databricks.com' });
  assert.match(text, /^fail .*No account host is set/);
});

test('a program or file that is not there is told with the paths to write instead', async (t) => {
  const at = place(t);
  const gone = join(at.home, 'databricks-actions-mcp', 'main.js');
  for (const [entry, words] of [
    [{ command: 'databricks-actions-mcp', args: [] }, /^fail .*there is no program databricks-actions-mcp\./],
    [{ command: node, args: [gone] }, /^fail .*there is no file ~.databricks-actions-mcp.main\.js\./],
    [{ command: node, args: ['databricks-actions-mcp/main.js'] }, /^fail .*in whatever folder the client starts in\./],
  ] as const) {
    at.put(cursorFile, cursor(entry));
    const { text } = await at.look();
    assert.match(text, words);
    assert.ok(text.includes(JSON.stringify(mainFile)), text);
  }
});

test('an entry of a clone that was moved away is told although the folder had another name', async (t) => {
  const at = place(t);
  const moved = join(at.home, 'dbx', 'dist', 'src', 'cli', 'main.js');
  at.put(cursorFile, cursor({ command: node, args: [moved, '--profile', 'prod'] }));
  const { text } = await at.look();
  assert.match(text, /^fail Cursor, dbx in .*: the program is no longer there: there is no file ~.dbx.dist/);
  assert.match(text, /`init --remove`/);
});

test('an entry that ends at its start is told with its exit code and its own words', async (t) => {
  const at = place(t);
  at.put(cursorFile, cursor({ command: node, args: [mainFile, '--sandbox', '--deny', 'area:grups'] }));
  assert.match((await at.look()).text, /^fail .*does not start \(exit 3\): .*area:grups/);
});

test('an entry that says nothing is given up and ended', async (t) => {
  const at = place(t);
  const noted = join(at.home, 'pid');
  const main = impostor(
    at,
    `require('fs').writeFileSync(${JSON.stringify(noted)}, String(process.pid)); setInterval(() => {}, 1000);`,
  );
  at.put(cursorFile, cursor({ command: node, args: [main] }));
  const { text } = await at.look({ patience: { milliseconds: 500, signal } });
  assert.match(text, /^fail .*does not start \(ETIMEDOUT\)/);
  assert.throws(() => process.kill(Number(readFileSync(noted, 'utf8')), 0), /ESRCH/);
});

test('what a file of the project names is started only for whoever says so', async (t) => {
  const at = place(t);
  const mark = join(at.home, 'started');
  const main = impostor(at, `require('fs').writeFileSync(${JSON.stringify(mark)}, '');`);
  at.put('project/.mcp.json', cursor({ command: node, args: [main] }));
  assert.match((await at.look()).text, /^skip Claude Code, dbx .*: not started.*--trust-project starts it$/);
  assert.ok(!existsSync(mark));
  assert.match((await at.look({ trustProject: true })).text, /^fail .*does not start \(exit 0\)/);
  assert.ok(existsSync(mark));
});

test('a secret in the file is a warning, and known to whatever hides secrets', async (t) => {
  const at = place(t);
  const known: string[] = [];
  const env = { DATABRICKS_CLIENT_SECRET: 'canary-of-client', DATABRICKS_SCOPES: 'scim' };
  at.put(cursorFile, cursor({ command: node, args: [mainFile, '--sandbox'], env }));
  const { all, text } = await at.look({ redactor: { add: (secret) => known.push(secret) } });
  assert.match(all[0] ?? '', /^warn .*DATABRICKS_CLIENT_SECRET stands in the file itself/);
  assert.deepEqual(known, ['canary-of-client']);
  assert.doesNotMatch(text, /canary/);
});

test('references of a client are filled in from the environment; what only it knows keeps an entry from starting', async (t) => {
  const at = place(t);
  const args = [mainFile, '--sandbox', '--scopes', `\${env:ASKED}`];
  at.put(cursorFile, cursor({ command: node, args }));
  assert.match((await at.look({}, { ASKED: 'scim' })).text, /^ok .*it signs in/);
  assert.match((await at.look()).text, /^skip .*only the client knows \$\{env:ASKED\}$/);
});

test('a command that only a shell finds is doubted for clients with a window', {
  skip: process.platform === 'win32',
}, async (t) => {
  const at = place(t);
  mkdirSync(join(at.home, 'bin'));
  symlinkSync(node, join(at.home, 'bin', 'own-node'));
  const entry = { command: 'own-node', args: [mainFile, '--sandbox'] };
  at.put(cursorFile, cursor(entry));
  at.put('.claude.json', cursor(entry));
  const { all } = await at.look({}, { PATH: `${join(at.home, 'bin')}:${process.env.PATH}` });
  assert.match(all[0] ?? '', /^ok Claude Code/);
  assert.match(all[1] ?? '', /^warn Cursor, .*opened from the desktop, Cursor may not find own-node → .*own-node" and/);
});

test('a file that the client cannot read either is told without its contents', async (t) => {
  const at = place(t);
  at.put(cursorFile, '{ "mcpServers": { "canary": ');
  const { text } = await at.look();
  assert.match(text, /^warn Cursor: ~.\.cursor.mcp\.json cannot be read: /);
  assert.doesNotMatch(text, /canary/);
});

test('a remote entry is there when it asks for a token, and its token is not sent', async (t) => {
  const at = place(t);
  let status = 401;
  const server = await httpServer(t, (_, res) => res.writeHead(status).end());
  const url = `${server.origin}/mcp`;
  at.put(cursorFile, cursor({ url, headers: { Authorization: 'Bearer canary' } }));
  const remote = async () => (await at.look({ addresses: [url, 'http://127.0.0.1:1/mcp'] })).text;
  assert.match(await remote(), /^ok .*\/mcp is there and asks for a token$/);
  assert.equal(server.seen[0]?.headers.authorization, undefined);
  status = 404;
  assert.match(await remote(), /^fail .*answers 404\. → .*MCP is at \/mcp/);
  at.put(cursorFile, cursor({ url: 'http://127.0.0.1:1/mcp' }));
  assert.match(await remote(), /^fail .*cannot be reached \(ECONNREFUSED\)\. → Start it/);
});

test('doctor tells of clients last, and hides what an entry says of its secret', async (t) => {
  const at = place(t);
  const main = impostor(
    at,
    'console.error("Error: no good secret: " + process.env.DATABRICKS_CLIENT_SECRET); process.exit(1);',
  );
  at.put(cursorFile, cursor({ command: node, args: [main], env: { DATABRICKS_CLIENT_SECRET: 'canary-of-client' } }));
  const ended = await run(['doctor', '--sandbox', '--json'], { HOME: at.home, USERPROFILE: at.home });
  const { findings } = json(ended) as { findings: { section: string; message: string }[] };
  const last = findings.at(-1);
  assert.equal(last?.section, 'clients');
  assert.match(last?.message ?? '', /does not start \(exit 1\): Error: no good secret/);
  assert.doesNotMatch(ended.stdout + ended.stderr, /canary/);
});
