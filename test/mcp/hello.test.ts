/** The greeting that is answered before the SDK is loaded: it has to be the SDK's, or be left to it. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { describe, it } from 'node:test';
import { createHello, greetedRevisions } from '../../src/mcp/hello.js';
import { environment, program, temporaryHome } from './server-process.js';

const info = { name: 'test', version: '1' };
const hello = (protocolVersion: string, capabilities: object = {}) => ({
  id: 1,
  method: 'initialize',
  params: { protocolVersion, capabilities, clientInfo: info },
});
const initialized = { method: 'notifications/initialized' };
const list = { id: 'a', method: 'tools/list' };

/** What the program answers to these messages, sent at once, before stdin ends. */
async function answers(messages: readonly object[]): Promise<Record<string, unknown>[]> {
  const home = temporaryHome();
  const child = spawn(process.execPath, [program], { env: environment(home), stdio: ['pipe', 'pipe', 'ignore'] });
  child.stdin.end(messages.map((message) => `${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`).join(''));
  const lines: Record<string, unknown>[] = [];
  for await (const line of createInterface(child.stdout)) lines.push(JSON.parse(line));
  return lines;
}

const identity = () => ({ capabilities: {}, serverInfo: {}, instructions: '' });
const replies = (...messages: readonly object[]) => {
  const greeting = createHello(identity, () => []);
  return messages.map((message) => greeting.reply(JSON.stringify({ jsonrpc: '2.0', ...message })));
};

describe('the greeting', () => {
  for (const revision of greetedRevisions) {
    it(`of ${revision} is what the SDK says`, async () => {
      const early = await answers([hello(revision), initialized, list]);
      // An unknown field leaves the greeting, and with it the list, to the SDK.
      const { params, ...rest } = hello(revision);
      const late = await answers([{ ...rest, params: { ...params, _meta: {} } }, initialized, list]);
      assert.equal(early.length, 2);
      assert.deepEqual(early, late);
    });
  }

  it('is not given again when the SDK takes over, and a call sent with it is answered before the end', async () => {
    const call = { id: 3, method: 'tools/call', params: { name: 'databricks_get_user', arguments: {} } };
    const told = await answers([hello('2025-11-25'), initialized, list, call]);
    assert.deepEqual(
      told.map(({ id }) => id),
      [1, 'a', 3],
    );
    assert.match(JSON.stringify(told[2]), /isError/);
  });

  it('is left to the SDK where anything is not as expected', () => {
    const first: readonly object[] = [
      hello('2026-07-28'),
      hello('1999-01-01'),
      hello('2025-11-25', { elicitation: 5 }),
      hello('2025-11-25', { roots: { listChanged: 'yes' } }),
      { ...hello('2025-11-25'), params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 1 } } },
      { ...hello('2025-11-25'), id: null },
      { ...hello('2025-11-25'), id: 1.5 },
      { ...hello('2025-11-25'), extra: 1 },
      { ...hello('2025-11-25'), jsonrpc: '1.0' },
      list,
      initialized,
    ];
    for (const message of first) assert.equal(replies(message)[0], undefined, JSON.stringify(message));
    const later: readonly object[] = [
      hello('2025-11-25'),
      { id: 2, method: 'tools/list', params: { cursor: 'x' } },
      { id: 2, method: 'tools/list', params: { _meta: { progressToken: 1 } } },
      { id: 2, method: 'tools/call', params: {} },
      { id: 2, method: 'logging/setLevel' },
      { method: 'notifications/cancelled' },
    ];
    for (const message of later) {
      assert.equal(replies(hello('2025-11-25'), message)[1], undefined, JSON.stringify(message));
    }
    const greeting = createHello(identity, () => []);
    for (const line of ['', '[]', 'null', '{', '[{"jsonrpc":"2.0"}]']) assert.equal(greeting.reply(line), undefined);
  });

  it('takes the capabilities that clients have', () => {
    const capabilities = { roots: { listChanged: true }, sampling: {}, elicitation: { form: {}, url: {} } };
    const [answer] = replies(hello('2025-11-25', capabilities));
    assert.ok(answer?.text);
  });
});
