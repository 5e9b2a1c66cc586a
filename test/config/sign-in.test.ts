/** Which way of signing in the configuration asks for, and what each of them needs. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inspect } from 'node:util';
import { ConfigProblem, type Configuration, type Flags, loadConfiguration } from '../../src/databricks/config.js';
import { loginHostOf, loopbackLogin } from '../../src/databricks/hosts.js';
import { account, complete, credentialOf, machine } from './machine.js';

const load = (flags: Flags, ...io: Parameters<typeof machine>) => loadConfiguration(flags, machine(...io));
const said = ({ problems }: Configuration) =>
  problems.map(({ setting, message, fix }) => `${setting}: ${message} ${fix}`);

const jwt = 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.c2lnbmF0dXJl';
const target = { DATABRICKS_HOST: 'https://accounts.azuredatabricks.net', DATABRICKS_ACCOUNT_ID: account };
const oidc = { ...target, DATABRICKS_CLIENT_ID: 'app' };
const arm = { ...target, ARM_CLIENT_ID: 'entra-app', ARM_CLIENT_SECRET: 's3cret-arm', ARM_TENANT_ID: 'tenant-1' };
const tokenFile = { '/var/run/token': { text: `${jwt}\n`, mode: 0o644 } };

describe('the method', () => {
  const { DATABRICKS_CLIENT_SECRET: _, ...idOnly } = complete;
  const table: [what: string, env: Record<string, string>, want: string | RegExp][] = [
    ['an id and a secret', complete, 'oauth-m2m'],
    ['a secret beside an identity token in the environment', { ...complete, DATABRICKS_OIDC_TOKEN: jwt }, 'oauth-m2m'],
    ['an id and an identity token', { ...idOnly, DATABRICKS_OIDC_TOKEN: jwt }, 'env-oidc'],
    ['a named variable', { ...idOnly, DATABRICKS_OIDC_TOKEN_ENV: 'MY_TOKEN', MY_TOKEN: jwt }, 'env-oidc'],
    ['a token file', { ...idOnly, DATABRICKS_OIDC_TOKEN_FILEPATH: '/var/run/token' }, 'file-oidc'],
    ['a token file by its other name', { ...idOnly, DATABRICKS_OIDC_TOKEN_FILE: '/var/run/token' }, 'file-oidc'],
    ['an Entra application', arm, 'azure-client-secret'],
    [
      'a secret and a token file',
      { ...complete, DATABRICKS_OIDC_TOKEN_FILEPATH: '/var/run/token' },
      /more than one authorization method configured: file-oidc and oauth/,
    ],
    ['two kinds', { ...arm, DATABRICKS_CLIENT_SECRET: 'x' }, /more than one .*: azure and oauth/],
    [
      'two kinds and a choice',
      { ...arm, DATABRICKS_CLIENT_SECRET: 'x', DATABRICKS_AUTH_TYPE: 'azure-client-secret' },
      'azure-client-secret',
    ],
    ['a choice we do not have', { ...complete, DATABRICKS_AUTH_TYPE: 'github-oidc' }, /does not have.*env-oidc/],
  ];
  for (const [what, env, want] of table) {
    it(`with ${what} is ${typeof want === 'string' ? want : 'refused'}`, () => {
      const configuration = load({}, env, tokenFile);
      const problem = said(configuration).find((line) => line.startsWith('auth_type'));
      if (typeof want === 'string') assert.deepEqual([configuration.method, problem], [want, undefined]);
      else assert.match(problem ?? '', want);
    });
  }
});

describe('an identity token', () => {
  it('comes from the variable that is named', async () => {
    const configuration = load({}, { ...oidc, DATABRICKS_OIDC_TOKEN_ENV: 'MY_TOKEN', MY_TOKEN: jwt });
    assert.deepEqual(said(configuration), []);
    assert.equal(configuration.sources.oidc_token, 'environment MY_TOKEN');
    assert.equal(await credentialOf(configuration), jwt);
  });

  it('comes from a file that others may read, anew at each sign-in', async () => {
    const files: Record<string, { text: string; mode: number }> = { ...tokenFile };
    const { connection } = load({}, { ...oidc, DATABRICKS_OIDC_TOKEN_FILEPATH: '/var/run/token' }, files);
    assert.equal(await credentialOf({ connection }), jwt);
    files['/var/run/token'] = { text: jwt.replace('eyJh', 'eyJi'), mode: 0o644 };
    assert.equal(await credentialOf({ connection }), jwt.replace('eyJh', 'eyJi'));
    delete files['/var/run/token'];
    await assert.rejects(credentialOf({ connection }), ConfigProblem);
  });

  it('is named in a profile, under either key', async () => {
    for (const key of ['oidc_token_filepath', 'databricks_id_token_filepath']) {
      const text = `[ci]\nhost = ${target.DATABRICKS_HOST}\naccount_id = ${account}\nclient_id = app\n${key} = /var/run/token\n`;
      const configuration = load({ profile: 'ci' }, {}, { ...tokenFile, '/home/ann/.databrickscfg': text });
      assert.deepEqual([configuration.method, said(configuration)], ['file-oidc', []]);
      assert.equal(await credentialOf(configuration), jwt);
    }
  });

  for (const [what, env, want] of [
    ['no variable', { DATABRICKS_AUTH_TYPE: 'env-oidc' }, /DATABRICKS_OIDC_TOKEN, .* is not set/],
    ['no file', { DATABRICKS_AUTH_TYPE: 'file-oidc' }, /No file with an identity token is named/],
    ['a missing file', { DATABRICKS_OIDC_TOKEN_FILEPATH: '/nowhere' }, /cannot be read \(ENOENT\)/],
    ['an empty file', { DATABRICKS_OIDC_TOKEN_FILEPATH: '/empty' }, /is empty/],
    ['something else', { DATABRICKS_OIDC_TOKEN: 's3cret word' }, /is not a token/],
  ] as [string, Record<string, string>, RegExp][]) {
    it(`that is ${what} is a problem, and not repeated`, () => {
      const configuration = load({}, { ...oidc, ...env }, { '/empty': '\n' });
      assert.match(said(configuration).join('\n'), want);
      assert.ok(!said(configuration).join().includes('s3cret'));
    });
  }

  it('needs the client id of a service principal, and says why', () => {
    const configuration = load({}, { ...target, DATABRICKS_OIDC_TOKEN: jwt });
    assert.match(said(configuration).join(), /No client id.*federation policy of its own; an account-wide one/);
  });
});

describe('an Entra application', () => {
  it('signs in at the login host of its cloud, and is the principal of its client id', async () => {
    const { connection, scopes, clientId, sources } = load({}, arm);
    assert.deepEqual(
      { ...connection?.signIn, readSecret: undefined },
      {
        method: 'azure-client-secret',
        tenantId: 'tenant-1',
        loginHost: 'https://login.microsoftonline.com',
        readSecret: undefined,
      },
    );
    assert.deepEqual([clientId, scopes, sources.client_id], ['entra-app', ['all-apis'], 'environment ARM_CLIENT_ID']);
    assert.equal(await credentialOf({ connection }), 's3cret-arm');
  });

  it('may have its secret in a file, in the keychain or in a profile', async () => {
    const { ARM_CLIENT_SECRET: _, ...rest } = arm;
    const chosen = { ...rest, DATABRICKS_AUTH_TYPE: 'azure-client-secret' };
    const files = { '/s': 's3cret-file' };
    assert.equal(await credentialOf(load({ clientSecretFile: '/s' }, chosen, files)), 's3cret-file');
    const keychain = { item: 's3cret-item' };
    assert.equal(
      await credentialOf(load({ clientSecretKeychain: 'item' }, chosen, {}, 'linux', keychain)),
      's3cret-item',
    );
    const text = `[az]\ncloud = azure\naccount_id = ${account}\nazure_client_id = a\nazure_client_secret = s3cret-p\nazure_tenant_id = t\n`;
    const cfg = { '/home/ann/.databrickscfg': text };
    assert.equal(await credentialOf(load({ profile: 'az' }, {}, cfg)), 's3cret-p');
  });

  it('lacks what is not set, is not on another cloud, and its tenant is no path', () => {
    assert.match(said(load({}, { ...arm, ARM_TENANT_ID: '' })).join(), /No Entra tenant.*ARM_TENANT_ID/);
    assert.match(said(load({}, { ...arm, ARM_CLIENT_SECRET: '' })).join(), /No client secret.*ARM_CLIENT_SECRET/);
    assert.match(said(load({}, { ...arm, ARM_TENANT_ID: 'a/../b' })).join(), /tenant is no id/);
    assert.match(said(load({}, { ...arm, ARM_ENVIRONMENT: 'moon' })).join(), /public, usgovernment, china/);
    const aws = { ...arm, DATABRICKS_HOST: complete.DATABRICKS_HOST };
    assert.match(said(load({}, aws)).join(), /on aws; Entra applications sign in on azure only/);
  });

  it('cannot be kept to scopes, so scopes that would narrow are a problem', () => {
    assert.match(said(load({ scopes: 'scim' }, arm)).join(), /no Databricks scopes.*--areas/);
    assert.deepEqual(said(load({ scopes: 'all-apis' }, arm)), []);
  });

  it('shows its secret in nothing that can be printed', () => {
    const configuration = load({}, { ...arm, ARM_TENANT_ID: '' });
    const printed = inspect([configuration, load({}, arm)], { depth: null, showHidden: true, getters: true });
    assert.ok(!printed.includes('s3cret'));
  });
});

describe('login hosts', () => {
  it('are those of the three Azure clouds; without a name the account host tells which', () => {
    const hosts = [
      [undefined, 'https://accounts.azuredatabricks.net', 'https://login.microsoftonline.com'],
      [undefined, 'https://accounts.azuredatabricks.us', 'https://login.microsoftonline.us'],
      [undefined, 'https://accounts.databricks.azure.cn', 'https://login.chinacloudapi.cn'],
      ['USGovernment', 'https://accounts.azuredatabricks.net', 'https://login.microsoftonline.us'],
      ['PUBLIC', 'https://accounts.azuredatabricks.us', 'https://login.microsoftonline.com'],
      ['https://evil.example', 'https://accounts.azuredatabricks.net', undefined],
      ['__proto__', 'https://accounts.azuredatabricks.net', undefined],
    ] as const;
    for (const [name, host, want] of hosts) assert.equal(loginHostOf(name, host), want);
  });

  it('of this machine itself are for tests, and no other can be named that way', () => {
    assert.equal(loopbackLogin('http://127.0.0.1:8020/x'), 'http://127.0.0.1:8020');
    for (const text of ['https://evil.example', 'http://127.0.0.1.evil.example', 'http://127.0.0.1@evil.example', '']) {
      assert.equal(loopbackLogin(text), undefined, text);
      if (text) assert.match(said(load({}, { ...arm, DATABRICKS_MCP_LOOPBACK_LOGIN: text })).join(), /for tests/);
    }
  });
});
