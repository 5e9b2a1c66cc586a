/** The sink that hands a secret to a program of the operator's: a real program, at its best and at its worst. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import process from 'node:process';
import { type TestContext, test } from 'node:test';
import { inspect } from 'node:util';
import { ActionError } from '../../src/core/errors.js';
import { createRedactor } from '../../src/core/redact.js';
import { createCommandSink } from '../../src/guard/secret-command.js';
import { errorOf, temporaryDirectory } from '../databricks/servers.js';

const canary = 'dosecafecafecafecafecafecafecafecafe';
const facts = {
  action: 'databricks_create_service_principal_secret',
  account_id: 'a-1',
  id: 's_2',
  of: '345',
  field: 'secret',
};

/** The program notes what it was given in `seen`, then does what `body` says. */
function program(t: TestContext, body = '', { timeout = 20_000, env = {} as Record<string, string> } = {}) {
  const folder = temporaryDirectory(t);
  const script = join(folder, 'program.cjs');
  const seen = join(folder, 'seen.json');
  writeFileSync(
    script,
    `const { writeFileSync, readFileSync } = require('node:fs');
    const isProbe = process.env.DATABRICKS_MCP_SECRET_PROBE === '1';
    const note = (stdin) => writeFileSync(${JSON.stringify(seen)}, JSON.stringify({ argv: process.argv.slice(2), env: process.env, stdin }));
    ${body === '' ? "note(readFileSync(0, 'utf8'));" : body}`,
  );
  const redactor = createRedactor();
  redactor.add(canary);
  const messages: { said: string; ended: string }[] = [];
  const sink = createCommandSink({
    command: [process.execPath, script, '--into', 'a vault'],
    env: { PATH: '/bin', HOME: folder, SystemRoot: process.env.SystemRoot, DATABRICKS_CLIENT_SECRET: canary, ...env },
    scrub: redactor.scrub,
    onMessage: (message) => messages.push(message),
    timeout,
  });
  return { sink, messages, folder, seen: () => JSON.parse(readFileSync(seen, 'utf8')) };
}

/** What a refusal must be, whatever caused it. */
function checkRefusal(error: ActionError, says: RegExp): void {
  assert.equal(error.failure.kind, 'storage');
  assert.match(error.message, says);
  assert.ok(!(inspect(error, { depth: 20, showHidden: true }) + JSON.stringify(error)).includes(canary));
}

test('the value is on stdin, and nowhere else; the caller is told that the program has it', async (t) => {
  const { sink, seen, messages } = program(t);
  const stored = await sink.store('name', canary, facts);
  assert.deepEqual(stored, { stored_in: 'command', length: 36, sha256_8: 'f886492b' });
  const { argv, env, stdin } = seen();
  assert.equal(stdin, canary);
  assert.deepEqual(argv, ['--into', 'a vault']);
  assert.ok(!JSON.stringify(env).includes(canary));
  assert.deepEqual(messages, []);
});

test('the environment holds what programs need, and plain ids of what the secret is', async (t) => {
  const { sink, seen, folder } = program(t);
  await sink.store('name', canary, facts);
  const { env } = seen();
  // macOS adds one of its own; Windows needs more.
  const windows = ['SystemRoot', 'USERPROFILE', 'APPDATA', 'LOCALAPPDATA', 'TEMP', 'TMP', 'PATHEXT'];
  const own = Object.entries(env).filter(([name]) => !['__CF_USER_TEXT_ENCODING', ...windows].includes(name));
  assert.deepEqual(Object.fromEntries(own), {
    PATH: '/bin',
    HOME: folder,
    DATABRICKS_MCP_SECRET_ACTION: facts.action,
    DATABRICKS_MCP_SECRET_ACCOUNT_ID: 'a-1',
    DATABRICKS_MCP_SECRET_ID: 's_2',
    DATABRICKS_MCP_SECRET_OF: '345',
  });
});

test('what is no plain id reaches neither environment nor arguments, and runs nowhere', async (t) => {
  const { sink, seen, folder } = program(t);
  const trap = join(folder, 'trap');
  const injections = [
    `$(touch ${trap})`,
    `\`touch ${trap}\``,
    `; touch ${trap}`,
    `a\nb`,
    '-rf',
    'a'.repeat(101),
    '',
    'ü',
  ];
  for (const text of injections) {
    await sink.store(text, text || canary, { action: text, account_id: text, id: text, of: text, note: text });
    const { argv, env, stdin } = seen();
    assert.deepEqual(argv, ['--into', 'a vault'], text);
    assert.deepEqual(
      Object.keys(env).filter((name) => name.startsWith('DATABRICKS')),
      [],
      text,
    );
    assert.equal(stdin, text || canary);
  }
  assert.ok(!existsSync(trap));
});

test('the probe has no value and says that it is one', async (t) => {
  const { sink, seen } = program(t);
  await sink.prepare();
  const { env, stdin, argv } = seen();
  assert.deepEqual([env.DATABRICKS_MCP_SECRET_PROBE, stdin, argv], ['1', '', ['--into', 'a vault']]);
  await sink.store('name', canary, facts);
  assert.equal(seen().env.DATABRICKS_MCP_SECRET_PROBE, undefined);
});

test('a program that could not store one now is found out before minting', async (t) => {
  const { sink, messages } = program(t, 'if (isProbe) { process.stderr.write("vault is sealed"); process.exit(3); }');
  checkRefusal(await errorOf(sink.prepare()), /not ready\. Nothing was sent \(exit 3\)/);
  assert.deepEqual(messages, [{ said: 'vault is sealed', ended: 'exit 3' }]);
});

test('a program that fails has not stored it, and what it says is logged without the value', async (t) => {
  const body = `const value = readFileSync(0, 'utf8');
    process.stderr.write('cannot store ' + value + ' = ' + Buffer.from(value).toString('base64'));
    process.exitCode = 1;`;
  const { sink, messages } = program(t, body);
  checkRefusal(await errorOf(sink.store('name', canary, facts)), /did not take the secret \(exit 1\)/);
  assert.deepEqual(messages, [{ said: 'cannot store [redacted] = [redacted]', ended: 'exit 1' }]);
});

test('a program that takes too long is killed, with what it started', async (t) => {
  const { address, connected, closed } = await listener(t);
  const body = `readFileSync(0);
    require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(holding(address))}], { stdio: 'inherit' });
    process.on('SIGTERM', () => {});
    setInterval(() => {}, 1000);`;
  const { sink } = program(t, body, { timeout: 5_000 });
  const stored = errorOf(sink.store('name', canary, facts));
  await connected;
  checkRefusal(await stored, /\(no answer in 5 s\)/);
  await closed;
});

test('a program that ends well is believed though somebody else holds its stderr open', async (t) => {
  const { address, connected } = await listener(t);
  const body = `readFileSync(0);
    const child = require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(holding(address))}], {
      stdio: ['ignore', 'ignore', 'inherit'], detached: true });
    child.unref();`;
  const { sink } = program(t, body, { timeout: 20_000 });
  assert.equal((await sink.store('name', canary, facts)).stored_in, 'command');
  (await connected).destroy();
});

test('a flood on stderr is read to its end and cut for the log', async (t) => {
  const body = `readFileSync(0); process.stderr.write('x'.repeat(3_000_000), () => process.exit(0));`;
  const { sink, messages } = program(t, body);
  await sink.store('name', canary, facts);
  assert.equal(messages.length, 1);
  assert.ok((messages[0]?.said.length ?? 0) <= 500);
});

test('a program that ends without reading has not got the value, whatever it ends with', async (t) => {
  const { sink } = program(t, "require('node:fs').closeSync(0); setTimeout(() => process.exit(0), 50);");
  await sink.prepare();
  // Longer than a pipe holds.
  checkRefusal(await errorOf(sink.store('name', canary.repeat(50_000), facts)), /it did not read the value/);
});

test('a program that kills itself, is not there, or is none, is a refusal', async (t) => {
  const { sink } = program(t, "process.kill(process.pid, 'SIGKILL'); setInterval(() => {}, 1000);");
  checkRefusal(await errorOf(sink.prepare()), process.platform === 'win32' ? /exit 1/ : /killed by SIGKILL/);
  const folder = temporaryDirectory(t);
  writeFileSync(join(folder, 'text'), 'no program', { mode: 0o600 });
  for (const path of [join(folder, 'nothing'), join(folder, 'text')]) {
    const none = createCommandSink({ command: [path], env: {}, scrub: String, onMessage: () => {} });
    checkRefusal(await errorOf(none.prepare()), /not started: E/);
    checkRefusal(await errorOf(none.store('name', canary, facts)), /not started: E/);
  }
});

test('only a program with an absolute path and plain arguments is taken at the start', () => {
  for (const command of [[], [''], ['vault'], ['./vault'], [process.execPath, 'a\0b']]) {
    const make = () => createCommandSink({ command, env: {}, scrub: String, onMessage: () => {} });
    assert.throws(make, (error) => error instanceof ActionError && error.failure.kind === 'configuration');
  }
});

/** Code of a process that lives as long as its connection. */
const holding = (port: number) =>
  `require('node:net').connect(${port}, '127.0.0.1').on('close', () => process.exit()).on('error', () => process.exit()).resume()`;

async function listener(t: TestContext) {
  const { promise: connected, resolve } = promised<Socket>();
  const { promise: closed, resolve: end } = promised<void>();
  const server = createServer((socket) => {
    socket.on('error', () => {}).once('close', () => end());
    t.after(() => socket.destroy());
    resolve(socket);
  });
  t.after(() => server.close());
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  return { address: address.port, connected, closed };
}

function promised<T>() {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
