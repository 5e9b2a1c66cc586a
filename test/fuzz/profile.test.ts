/** The profile file and the environment: what is written is read back, and what is not understood is never quoted. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ConfigProblem, loadConfiguration } from '../../src/databricks/config.js';
import { parseProfileFile } from '../../src/databricks/databrickscfg.js';
import { readCredential } from '../../src/databricks/sign-in/method.js';
import { account, machine } from '../config/machine.js';
import { cut, cuts, hostileText, runs } from './arbitraries.js';

const plainWord = fc.stringMatching(/^[a-z_][a-z0-9_]{0,11}$/);
/** Anything that survives a line of its own: no line breaks, no white space around, nothing that opens a comment. */
const value = fc
  .oneof(hostileText, fc.string())
  .map((text) =>
    text
      .replace(/[\r\n]/g, '')
      .replace(/\s#/g, '#')
      .trim(),
  )
  .filter((text) => text !== '' && !text.startsWith('#'));

test('a file that was written out is read back, value by value', () => {
  const profiles = fc.dictionary(plainWord, fc.dictionary(plainWord, value, { minKeys: 1, maxKeys: 5 }), {
    maxKeys: 4,
  });
  fc.assert(
    fc.property(profiles, fc.constantFrom('=', ' = ', ': '), fc.constantFrom('\n', '\r\n', '\r'), (all, sign, end) => {
      const lines = Object.entries(all).flatMap(([name, values]) => [
        `[${name}]`,
        ...Object.entries(values).map(([key, text]) => `${key}${sign}${text}`),
        '# a comment',
      ]);
      const read = parseProfileFile(lines.join(end)).profiles;
      assert.deepEqual(
        [...read].map(([name, values]) => [name, [...values]]),
        Object.entries(all).map(([name, values]) => [name, Object.entries(values)]),
      );
    }),
    runs(500),
  );
});

// The secret is a word that no message of ours holds.
const secret = 'xkcdSECRETxkcd';

test('whatever a file with a secret looks like, no problem, warning or error quotes the secret', () => {
  const whole = `[DEFAULT]\nhost = https://accounts.cloud.databricks.com\naccount_id = ${account}\nclient_id = app\nclient_secret = ${secret}\n`;
  const damaged = fc.tuple(cuts, fc.array(hostileText, { minLength: 9, maxLength: 9 })).map(([at, noise]) =>
    cut(whole, at)
      .flatMap((part, index) => [part, noise[index] ?? ''])
      .join(''),
  );
  fc.assert(
    fc.property(damaged, (text) => {
      const { problems, warnings, connection } = loadConfiguration(
        {},
        machine({}, { '/home/ann/.databrickscfg': text }),
      );
      assert.ok(!JSON.stringify([problems, warnings]).includes(secret), JSON.stringify([problems, warnings]));
      assert.ok(connection !== undefined || problems.length > 0);
    }),
    runs(1_000),
  );
});

test('whatever the environment holds, there is a connection or a problem that says what to do', async () => {
  const env = fc.record(
    {
      DATABRICKS_HOST: fc.oneof(
        hostileText,
        hostileText.map((text) => `https://accounts.cloud.databricks.com${text}`),
      ),
      DATABRICKS_ACCOUNT_ID: fc.oneof(hostileText, fc.constant(account)),
      DATABRICKS_CLIENT_ID: hostileText,
      DATABRICKS_CLIENT_SECRET: hostileText.map((text) => `${secret}${text}`),
      DATABRICKS_SCOPES: hostileText,
      DATABRICKS_CLOUD: hostileText,
      DATABRICKS_MCP_ALLOWED_HOSTS: hostileText,
      DATABRICKS_AUTH_TYPE: fc.oneof(hostileText, fc.constantFrom('env-oidc', 'file-oidc', 'azure-client-secret')),
      DATABRICKS_OIDC_TOKEN: hostileText.map((text) => `${secret}${text}`),
      DATABRICKS_OIDC_TOKEN_FILEPATH: hostileText,
      ARM_TENANT_ID: hostileText,
      ARM_ENVIRONMENT: hostileText,
      DATABRICKS_MCP_LOOPBACK_LOGIN: hostileText,
    },
    { requiredKeys: ['DATABRICKS_CLIENT_SECRET'] },
  );
  await fc.assert(
    fc.asyncProperty(env, async (settings) => {
      const { connection, problems } = loadConfiguration({}, machine(settings));
      assert.ok(!JSON.stringify(problems).includes(secret));
      assert.ok(problems.every(({ message, fix }) => message !== '' && fix !== ''));
      if (connection === undefined) return assert.ok(problems.length > 0);
      assert.equal(new URL(connection.host).origin, connection.host);
      try {
        await readCredential(connection.signIn);
      } catch (error) {
        assert.ok(error instanceof ConfigProblem, String(error));
      }
    }),
    runs(1_000),
  );
});
