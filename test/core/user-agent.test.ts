/** The User-Agent header in the convention of the Databricks SDKs. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { userAgent } from '../../src/core/user-agent.js';

const base = {
  product: { name: 'databricks-actions-mcp', version: '1.2.3' },
  node: 'v20.19.0',
  platform: 'linux',
  auth: 'oauth-m2m',
};
const plain = 'databricks-actions-mcp/1.2.3 node/20.19.0 os/linux auth/oauth-m2m';

const table: readonly (readonly [env: Record<string, string>, expected: string])[] = [
  [{}, plain],
  [{ DATABRICKS_SDK_UPSTREAM: 'acme' }, plain],
  [
    { DATABRICKS_SDK_UPSTREAM: 'acme', DATABRICKS_SDK_UPSTREAM_VERSION: '0.1' },
    'databricks-actions-mcp/1.2.3 node/20.19.0 os/linux upstream/acme upstream-version/0.1 auth/oauth-m2m',
  ],
  [{ GITHUB_ACTIONS: 'true', TRAVIS: '1' }, plain.replace('auth', 'cicd/github auth')],
  [{ GITHUB_ACTIONS: '' }, plain],
  [{ CLAUDECODE: '1' }, `${plain} agent/claude-code`],
  [{ CLAUDECODE: '1', CURSOR_AGENT: '1' }, `${plain} agent/multiple`],
  [{ AGENT: 'my agent/1' }, `${plain} agent/my-agent-1`],
  [{ AGENT: '', AI_AGENT: 'other' }, `${plain} agent/other`],
  [{ AGENT: 'x', CLAUDECODE: '1' }, `${plain} agent/claude-code`],
];

test('it names product, runtime, system, upstream, CI system, way of signing in and agent', () => {
  for (const [env, expected] of table) assert.equal(userAgent({ ...base, env }), expected);
  assert.equal(userAgent({ ...base, auth: 'file-oidc', env: {} }), plain.replace('oauth-m2m', 'file-oidc'));
});

test('whatever the environment holds, it stays one short header of visible characters', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ maxLength: 500 }), (a, b) => {
      const value = userAgent({
        ...base,
        env: { AGENT: a, DATABRICKS_SDK_UPSTREAM: b, DATABRICKS_SDK_UPSTREAM_VERSION: `${a}\r\nX-Evil: 1` },
      });
      assert.match(value, /^[\x21-\x7e]+( [\x21-\x7e]+)*$/);
      assert.ok(value.length < 400);
    }),
  );
});
