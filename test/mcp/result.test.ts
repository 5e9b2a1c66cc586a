/** Text and structured content: both say the same, and whose reader is a model pays for one. */
import assert from 'node:assert/strict';
import { before, describe, it, test } from 'node:test';
import { asResult, takesStructure } from '../../src/mcp/result.js';
import { RawProcess } from './raw-process.js';

const hosts = [
  'claude-code 2.1.280',
  'claude-ai 0.1.0',
  'codex-mcp-client 0.147.0',
  'cursor-vscode 1.0.0',
  'Visual Studio Code 1.110.0',
  'Visual-Studio-Code 1.104.0',
  'github-copilot-developer 1.0.57',
  'openai-mcp 1.0.0',
  'gemini-cli-mcp-client 0.0.1',
  'windsurf-client 1.0.0',
  'Cline 3.0.0',
  'Zed 0.200',
  'goose 1.0',
  'opencode 1.0',
];

test('hosts that hand results to a model get the text alone', () => {
  for (const host of hosts) assert.equal(takesStructure(host, '2025-11-25'), false, host);
});

test('whoever else calls gets structured content too, where the revision knows it', () => {
  for (const client of [undefined, 'test 1', 'my-script 2', 'not-claude 1']) {
    assert.equal(takesStructure(client, '2025-06-18'), true);
    assert.equal(takesStructure(client, '2026-07-28'), true);
    assert.equal(takesStructure(client, undefined), true);
    assert.equal(takesStructure(client, '2025-03-26'), false);
    assert.equal(takesStructure(client, '2024-11-05'), false);
  }
});

test('the text is the structure, and a client without structure loses nothing', () => {
  const answer = { account_id: 'acc', data: { id: '9223372036854775783', name: 'Zoë "Zed"' } };
  const both = asResult(answer, true);
  assert.deepEqual(JSON.parse(both.content[0]?.text ?? ''), both.structuredContent);
  assert.deepEqual(asResult(answer, false), { content: both.content });
});

test('an answer that cannot be cut is refused with a way out, and a change that was made is never denied', () => {
  const data = { filler: 'x'.repeat(500_000) };
  const read = asResult({ account_id: 'acc', data }, true);
  assert.equal(read.isError, true);
  assert.match(JSON.stringify(read.structuredContent), /ANSWER_TOO_LARGE.*fewer fields/);
  const change = asResult({ account_id: 'acc', outcome: 'applied', data }, true);
  assert.equal(change.isError, undefined);
  assert.deepEqual([change.structuredContent?.outcome, change.structuredContent?.data], ['applied', null]);
});

describe('over stdio', () => {
  let server: RawProcess;
  before(async () => {
    server = await RawProcess.started({ flags: ['--sandbox'] });
  });

  it('a host gets the text alone, failures included', async () => {
    const host = new RawProcess({ flags: ['--sandbox'] });
    const clientInfo = { name: 'claude-code', version: '2.1.280' };
    await host.request('initialize', { protocolVersion: '2025-11-25', capabilities: {}, clientInfo });
    host.send({ jsonrpc: '2.0', method: 'notifications/initialized' });
    for (const args of [{}, { no: 'such argument' }]) {
      const { result } = await host.call('databricks_list_metastores', args);
      assert.equal(result.structuredContent, undefined);
      assert.equal(JSON.parse(result.content[0].text).account_id, '7c2f5a90-41d8-4e6b-9b3a-5d0e8f6a1c24');
    }
  });

  it('an unknown client gets both', async () => {
    const { result } = await server.call('databricks_list_metastores');
    assert.deepEqual(JSON.parse(result.content[0].text), result.structuredContent);
  });
});
