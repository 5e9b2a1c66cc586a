/** How the process ends, whoever ends it; and that nothing but protocol is ever on stdout. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { after, describe, it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { startSandbox } from '../../src/sandbox/index.js';
import { eventually, RawProcess } from './raw-process.js';
import { atEnd, settingsFor } from './server-process.js';

/** A server with a call in flight that the account answers after `delayMs`. */
async function inFlight(delayMs: number) {
  const sandbox = await startSandbox();
  atEnd(() => sandbox.close());
  sandbox.addFault({ pattern: 'GET */scim/v2/Groups', action: 'delay', delayMs });
  sandbox.addFault({ pattern: 'POST */scim/v2/Groups', action: 'delay', delayMs });
  const server = await RawProcess.started({ settings: settingsFor(sandbox, 'all-apis') });
  const isOut = () => sandbox.requests.some(({ path }) => path.endsWith('/Groups'));
  return { sandbox, server, isOut };
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('the process', () => {
  it('ends at once with exit code 0 when its client leaves', async () => {
    const server = await RawProcess.started({ flags: ['--sandbox'] });
    await server.call('databricks_list_users');
    const started = performance.now();
    assert.equal(await server.leave(), 0);
    assert.ok(performance.now() - started < 2_000);
    assert.equal(isAlive(server.child.pid ?? 0), false);
    assert.equal(server.stderr, '');
  });

  it('ends when its client leaves without a word', async () => {
    const server = new RawProcess({ flags: ['--sandbox'] });
    assert.equal(await server.leave(), 0);
    assert.equal(server.stdout.length, 0);
  });

  it('answers everything that was piped into it before the end of input', async () => {
    const server = new RawProcess({ flags: ['--sandbox'] });
    const initialize = server.post('initialize', {
      protocolVersion: '2025-06-18',
      capabilities: {},
      clientInfo: { name: 'pipe', version: '1' },
    });
    server.send({ jsonrpc: '2.0', method: 'notifications/initialized' });
    const call = server.post('tools/call', { name: 'databricks_list_workspaces', arguments: {} });
    assert.equal(await server.leave(), 0);
    const ids = server.messages().map(({ id }) => id);
    assert.deepEqual(ids.sort(), [initialize, call]);
  });

  for (const [how, leave] of [
    ['stdin is closed', (server: RawProcess) => server.child.stdin.end()],
    ['it gets SIGTERM', (server: RawProcess) => server.child.kill('SIGTERM')],
    ['it gets SIGINT', (server: RawProcess) => server.child.kill('SIGINT')],
  ] as const) {
    it(`still answers the call in flight when ${how}, then exits with 0`, async () => {
      const { server, isOut } = await inFlight(700);
      const id = server.post('tools/call', { name: 'databricks_create_group', arguments: { displayName: 'late' } });
      assert.ok(await eventually(isOut));
      leave(server);
      const { result } = await server.answer(id);
      assert.equal(result.structuredContent.outcome, 'applied');
      const answered = performance.now();
      assert.equal(await server.ended(), 0);
      assert.ok(performance.now() - answered < 2_000);
    });
  }

  it('exits with 0 on SIGTERM when it has nothing to do', async () => {
    const server = await RawProcess.started({ flags: ['--sandbox'] });
    server.child.kill('SIGTERM');
    assert.equal(await server.ended(), 0);
  });

  it('ends at the second signal, whatever is in flight', async () => {
    const { server, isOut } = await inFlight(30_000);
    server.post('tools/call', { name: 'databricks_list_groups', arguments: {} });
    assert.ok(await eventually(isOut));
    server.child.kill('SIGTERM');
    await wait(100);
    server.child.kill('SIGTERM');
    assert.notEqual(await server.ended(2_000), 'still running');
  });

  it('ends without a stack trace when nobody reads its answers any more', async () => {
    const { server, isOut } = await inFlight(300);
    server.post('tools/call', { name: 'databricks_list_groups', arguments: {} });
    assert.ok(await eventually(isOut));
    server.child.stdout.destroy();
    assert.equal(await server.ended(), 0);
    assert.doesNotMatch(server.stderr, /^ +at |Unhandled/m);
  });
});

describe('stdout', () => {
  const folder = mkdtempSync(join(tmpdir(), 'databricks-actions-mcp-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const noisy = join(folder, 'noisy.mjs');
  // What a careless dependency might do, once the server serves.
  writeFileSync(
    noisy,
    `const speak = () => {
      console.log('noise from console.log');
      console.info('{"jsonrpc":"2.0","noise":"from console.info"}');
      process.stdout.write('noise without a newline');
    };
    process.once('SIGUSR2', () => {
      setInterval(speak, 1).unref();
      process.on('exit', speak);
    });`,
  );

  it('carries protocol only, whatever else writes to it', async () => {
    const server = await RawProcess.started({
      flags: ['--sandbox'],
      nodeOptions: ['--import', pathToFileURL(noisy).href],
    });
    server.child.kill('SIGUSR2');
    for (let round = 0; round < 20; round += 1) {
      const { result } = await server.call('databricks_list_workspaces');
      assert.equal(result.structuredContent.data.rows.length, 6);
    }
    assert.equal(await server.leave(), 0);
    assert.equal(server.messages().length, 21);
    for (const noise of ['from console.log', 'from console.info', 'without a newline']) {
      assert.ok(server.stderr.includes(noise), noise);
    }
  });
});
