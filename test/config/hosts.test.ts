import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { accountHostOf, parseHostName, resolveHost } from '../../src/databricks/hosts.js';

const nobody = new Set<string>();
const id = '12345678-90ab-cdef-1234-567890abcdef';

const accepted: [text: string, origin: string, cloud: string | undefined, accountId?: string][] = [
  ['https://accounts.cloud.databricks.com', 'https://accounts.cloud.databricks.com', 'aws'],
  ['accounts.cloud.databricks.com', 'https://accounts.cloud.databricks.com', 'aws'],
  ['HTTPS://Accounts.Cloud.Databricks.COM/', 'https://accounts.cloud.databricks.com', 'aws'],
  ['https://accounts.cloud.databricks.com.', 'https://accounts.cloud.databricks.com', 'aws'],
  ['https://accounts.cloud.databricks.com:443/users?o=1#x', 'https://accounts.cloud.databricks.com', 'aws'],
  [`https://accounts.cloud.databricks.com/?account_id=${id}`, 'https://accounts.cloud.databricks.com', 'aws', id],
  [`accounts.gcp.databricks.com/login?a=${id}`, 'https://accounts.gcp.databricks.com', 'gcp', id],
  ['accounts.cloud.databricks.us', 'https://accounts.cloud.databricks.us', 'govcloud'],
  ['accounts-dod.cloud.databricks.us', 'https://accounts-dod.cloud.databricks.us', 'govcloud'],
  ['accounts.azuredatabricks.net', 'https://accounts.azuredatabricks.net', 'azure'],
  ['accounts.azuredatabricks.us', 'https://accounts.azuredatabricks.us', 'azure'],
  ['accounts.databricks.azure.us', 'https://accounts.databricks.azure.us', 'azure'],
  ['accounts.databricks.azure.cn', 'https://accounts.databricks.azure.cn', 'azure'],
  ['http://localhost:8080', 'http://localhost:8080', undefined],
  ['http://127.8.9.1:81/x', 'http://127.8.9.1:81', undefined],
  ['http://[::1]:3000', 'http://[::1]:3000', undefined],
  ['localhost:8080', 'https://localhost:8080', undefined],
];

const refused: [text: string, why: RegExp, hint: RegExp][] = [
  ['http://accounts.cloud.databricks.com', /http,/, /https:/],
  ['ftp://accounts.cloud.databricks.com', /ftp,/, /https:/],
  ['https://ann:pw@accounts.cloud.databricks.com', /user name or password/, /account host/],
  ['ann@accounts.cloud.databricks.com', /user name or password/, /account host/],
  ['https://accounts.cloud.databricks.com@evil.io', /user name or password/, /account host/],
  ['https://accounts.cloud.databricks.com.evil.io', /somebody else/, /Check where/],
  ['https://accounts-cloud.databricks.com.evil.io', /somebody else/, /Check where/],
  ['https://evil.io/accounts.cloud.databricks.com', /no known/, /DATABRICKS_MCP_ALLOWED_HOSTS=evil\.io/],
  ['https://evilaccounts.cloud.databricks.com', /workspace host/, /accounts\.cloud/],
  ['https://аccounts.cloud.databricks.com', /workspace host/, /accounts\.cloud/],
  ['https://accounts.cloud.databricks.com..', /no known|somebody else/, /account host/],
  ['https://dbc-1234.cloud.databricks.com', /workspace host/, /https:\/\/accounts\.cloud\.databricks\.com\./],
  ['https://adb-12.3.azuredatabricks.net/?o=12', /workspace host/, /https:\/\/accounts\.azuredatabricks\.net\./],
  ['https://1.2.gcp.databricks.com', /workspace host/, /https:\/\/accounts\.gcp\.databricks\.com\./],
  ['https://x.cloud.databricks.us', /workspace host/, /https:\/\/accounts\.cloud\.databricks\.us\./],
  ['https://acme.databricks.com', /no known/, /--allow-host acme\.databricks\.com/],
  ['http://127.0.0.1.evil.io', /http,/, /https:/],
  ['http://localhost.evil.io', /http,/, /https:/],
  ['dose0123pw', /one word/, /--allow-host/],
  ['http://dose0123pw', /http,/, /https:/],
  ['https://', /not an address/, /account host/],
  ['https://.', /not an address/, /account host/],
  ['two words', /not an address/, /account host/],
];

describe('hosts', () => {
  for (const [text, origin, cloud, accountId] of accepted) {
    it(`reads ${text} as ${origin}`, () => {
      assert.deepEqual(resolveHost(text, nobody), { origin, cloud, accountId });
    });
  }

  for (const [text, why, hint] of refused) {
    it(`refuses ${text} and says why`, () => {
      const verdict = resolveHost(text, nobody);
      assert.ok('refused' in verdict);
      assert.match(verdict.refused, why);
      assert.match(verdict.hint, hint);
      assert.ok(!JSON.stringify(verdict).includes('pw'));
    });
  }

  it('takes a host the operator allows by name, but not what merely ends or begins like it, and not by http', () => {
    const allowed = new Set(['proxy.corp.example']);
    assert.deepEqual(resolveHost('proxy.corp.example:8443/x', allowed), {
      origin: 'https://proxy.corp.example:8443',
      cloud: undefined,
      accountId: undefined,
    });
    for (const text of ['a.proxy.corp.example', 'proxy.corp.example.evil.io', 'http://proxy.corp.example']) {
      assert.ok('refused' in resolveHost(text, allowed), text);
    }
  });

  it('knows the account host of each cloud', () => {
    const hosts = (['aws', 'govcloud', 'azure', 'gcp'] as const).map(accountHostOf);
    assert.deepEqual(hosts, [
      'https://accounts.cloud.databricks.com',
      'https://accounts.cloud.databricks.us',
      'https://accounts.azuredatabricks.net',
      'https://accounts.gcp.databricks.com',
    ]);
  });

  it('allows by plain names only', () => {
    assert.equal(parseHostName('Proxy.Corp.Example.'), 'proxy.corp.example');
    for (const text of ['*.example', 'https://a.example', 'a.example:1', 'a..b', '-', '', '.example']) {
      assert.equal(parseHostName(text), undefined, text);
    }
  });

  it('gives an origin that, resolved again, is itself, whatever comes in', () => {
    const pieces = fc.constantFrom(
      'https://',
      'accounts.cloud.databricks.com',
      '.',
      '@',
      ':',
      '/',
      '\\',
      '?a=',
      '#',
      '443',
      'evil.io',
      '%2e',
      '\t',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(pieces).map((parts) => parts.join('')),
        ),
        (text) => {
          const verdict = resolveHost(text, nobody);
          if ('refused' in verdict) return;
          assert.equal(new URL(verdict.origin).origin, verdict.origin);
          assert.match(
            new URL(verdict.origin).hostname,
            /^(accounts\.cloud\.databricks\.com|localhost|127\.[\d.]+|\[::1\])$/,
          );
        },
      ),
      { numRuns: 2000 },
    );
  });
});
