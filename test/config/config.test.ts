import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Configuration, type Flags, loadConfiguration } from '../../src/databricks/config.js';
import { account, complete, credentialOf, machine, profileText, signIn } from './machine.js';

const cfg = '/home/ann/.databrickscfg';
const messages = ({ problems }: Configuration) => problems.map(({ message }) => message);
const settings = ({ problems }: Configuration) => problems.map(({ setting }) => setting);
const load = (flags: Flags, ...io: Parameters<typeof machine>) => loadConfiguration(flags, machine(...io));

describe('sources of settings', () => {
  it('makes a connection from the environment alone', async () => {
    const { connection, problems, warnings, sources } = load({}, complete);
    assert.deepEqual([problems, warnings], [[], []]);
    assert.equal(await credentialOf({ connection }), 's3cret-value');
    const { signIn: _, ...rest } = connection ?? {};
    assert.deepEqual(rest, {
      host: 'https://accounts.cloud.databricks.com',
      cloud: 'aws',
      accountId: account,
      clientId: 'app',
      scopes: ['all-apis'],
    });
    assert.equal(sources.host, 'environment DATABRICKS_HOST');
    assert.equal(sources.scopes, 'default');
  });

  it('prefers flags to the environment and the environment to the profile', async () => {
    const env = { DATABRICKS_CONFIG_PROFILE: 'dev', DATABRICKS_CLIENT_ID: 'of-env' };
    const files = { [cfg]: profileText('dev', 'scopes = scim,billing scim\n') };
    const { connection, sources } = load({ host: 'accounts.azuredatabricks.net' }, env, files);
    assert.equal(connection?.host, 'https://accounts.azuredatabricks.net');
    assert.equal(connection?.cloud, 'azure');
    assert.equal(connection?.clientId, 'of-env');
    assert.equal(await credentialOf({ connection }), 's3cret-of-dev');
    assert.deepEqual(connection?.scopes, ['billing', 'scim']);
    assert.equal(sources.host, 'flag --host');
    assert.equal(sources.client_id, 'environment DATABRICKS_CLIENT_ID');
    assert.equal(sources.account_id, 'profile dev in ~/.databrickscfg');
  });

  it('keeps which places were overridden, and whether they say the same', () => {
    const env = { DATABRICKS_HOST: 'https://accounts.gcp.databricks.com', DATABRICKS_SCOPES: 'scim' };
    const files = { [cfg]: profileText('dev', 'scopes = billing\n') };
    const { overridden, profile } = load({ host: 'accounts.azuredatabricks.net', profile: 'dev' }, env, files);
    const [inEnvironment, inProfile] = ['environment DATABRICKS_HOST', 'profile dev in ~/.databrickscfg'];
    assert.deepEqual(overridden, {
      host: [
        { source: inEnvironment, same: false },
        { source: inProfile, same: false },
      ],
      scopes: [{ source: inProfile, same: false }],
    });
    assert.deepEqual(profile, { name: 'dev', path: cfg });
    const twice = load({ host: complete.DATABRICKS_HOST }, complete).overridden;
    assert.deepEqual(twice, { host: [{ source: inEnvironment, same: true }] });
  });

  it('tells of an overridden secret where it stands and nothing else', () => {
    const files = { [cfg]: profileText('dev'), '/home/ann/secret': 's3cret-value' };
    const { overridden, sources } = load({ profile: 'dev', clientSecretFile: '~/secret' }, signIn, files);
    assert.equal(sources.client_secret, 'flag --client-secret-file');
    assert.deepEqual(overridden.client_secret, [
      { source: 'environment DATABRICKS_CLIENT_SECRET', same: false },
      { source: 'profile dev in ~/.databrickscfg', same: false },
    ]);
    assert.doesNotMatch(JSON.stringify(overridden), /s3cret/);
  });

  it('treats empty values as absent and trims what is no secret', () => {
    const { connection } = load({ host: '' }, { ...complete, DATABRICKS_CLIENT_ID: ' app\n', DATABRICKS_TOKEN: '' });
    assert.equal(connection?.clientId, 'app');
  });

  const scopes: [flag: string | undefined, env: string | undefined, want: string[]][] = [
    [undefined, undefined, ['all-apis']],
    [undefined, ' , ', ['all-apis']],
    [undefined, 'scim billing', ['billing', 'scim']],
    ['unheard-of:read, scim,scim', 'billing', ['scim', 'unheard-of:read']],
  ];
  for (const [flag, env, want] of scopes) {
    it(`reads scopes ${want} from flag ${flag} and environment ${env}`, () => {
      const flags = flag === undefined ? {} : { scopes: flag };
      assert.deepEqual(load(flags, { DATABRICKS_SCOPES: env }).scopes, want);
    });
  }
});

describe('the profile file', () => {
  const file = { [cfg]: profileText('DEFAULT') };
  const skips: [env: Record<string, string>, skipped: boolean][] = [
    [{}, false],
    [{ DATABRICKS_ACCOUNT_ID: account }, false],
    [{ DATABRICKS_SCOPES: 'scim' }, false],
    [{ ARM_USE_MSI: 'false' }, false],
    [{ DATABRICKS_HOST: 'accounts.gcp.databricks.com' }, true],
    [{ DATABRICKS_CLIENT_ID: 'x' }, true],
    [{ DATABRICKS_CLIENT_SECRET_FILE: '/s' }, true],
    [{ DATABRICKS_TOKEN: 'x' }, true],
    [{ DATABRICKS_AZURE_RESOURCE_ID: '/subscriptions/x' }, true],
    [{ DATABRICKS_HOST: 'accounts.gcp.databricks.com', DATABRICKS_CONFIG_PROFILE: 'DEFAULT' }, false],
  ];
  for (const [env, skipped] of skips) {
    it(`${skipped ? 'is skipped' : 'is read'} with ${Object.keys(env).join(' and ') || 'nothing'} set`, () => {
      const { sources, warnings } = load({}, env, file);
      assert.equal(Object.values(sources).includes('profile DEFAULT in ~/.databrickscfg'), !skipped);
      assert.equal(
        warnings.some(({ message }) => /was not read, because/.test(message)),
        skipped,
      );
    });
  }

  it('is not needed, and its absence not mentioned', () => {
    const { problems, warnings } = load({}, { DATABRICKS_ACCOUNT_ID: account });
    assert.ok(![...problems, ...warnings].some(({ message }) => message.includes('.databrickscfg')));
  });

  it('with accounts of which none is chosen tells their names before all that is missing', () => {
    const files = {
      '/home/ann/.databrickscfg': `${profileText('dev')}\n[workspace]\nhost = https://dbc-1.cloud.databricks.com\n`,
    };
    const [first] = load({}, {}, files).problems;
    assert.match(first?.message ?? '', /^No profile is chosen/);
    assert.match(first?.fix ?? '', /--profile .*: dev\.$/);
    assert.deepEqual(messages(load({}, complete, files)), []);
  });

  it('must have the profile that is named', () => {
    assert.ok(
      messages(load({ profile: 'prod' }, complete, file)).includes('~/.databrickscfg has no prod profile configured.'),
    );
    assert.match(messages(load({ profile: 'prod' }, complete)).join(), /does not exist, so there is no profile prod/);
    assert.match(messages(load({ profile: '__settings__' }, complete, file)).join(), /reserved/);
  });

  it('may be elsewhere, with ~ for the home directory', () => {
    const files = { '/home/ann/x.cfg': profileText('dev') };
    const { connection, sources } = load({ configFile: '~/x.cfg', profile: 'dev' }, {}, files);
    assert.equal(connection?.clientId, 'of-dev');
    assert.equal(sources.client_id, 'profile dev in ~/x.cfg');
    assert.match(load({ configFile: '/gone' }, {}).warnings[0]?.message ?? '', /^\/gone does not exist/);
  });

  it('that cannot be read or understood is a problem, not a crash', () => {
    assert.match(messages(load({}, {}, { [cfg]: { text: '', fails: 'EACCES' } })).join(), /cannot be read \(EACCES\)/);
    assert.match(messages(load({}, {}, { [cfg]: 'nonsense' })).join(), /~\/\.databrickscfg has neither .* line 1/);
  });

  it('open to others, owned by another or repeating itself is warned about', () => {
    const text = profileText('dev') + profileText('dev');
    const { connection, warnings } = load(
      { profile: 'dev' },
      {},
      { [cfg]: { text, mode: 0o644, uid: 7, isSymlink: true } },
    );
    assert.ok(connection);
    const said = warnings.map(({ message }) => message).join('\n');
    assert.match(said, /symbolic link.* has mode 0644/);
    assert.match(said, /uid 7/);
    assert.match(said, /more than once/);
    assert.deepEqual(
      load({ profile: 'dev' }, {}, { [cfg]: { text: profileText('dev'), mode: 0o666 } }, 'win32').warnings,
      [],
    );
    assert.deepEqual(load({ profile: 'dev' }, {}, { [cfg]: { text: profileText('dev'), uid: 0 } }).warnings, []);
  });
});

describe('the way of signing in', () => {
  const more = 'validate: more than one authorization method configured: ';
  const table: [env: Record<string, string>, want: RegExp | undefined][] = [
    [complete, undefined],
    [{ ...complete, DATABRICKS_AUTH_TYPE: 'oauth-m2m' }, undefined],
    [{ ...complete, DATABRICKS_TOKEN: 'dapi1' }, new RegExp(`^${more}oauth and pat$`)],
    [{ ...complete, ARM_CLIENT_ID: 'x', DATABRICKS_USERNAME: 'u' }, new RegExp(`^${more}azure and basic and oauth$`)],
    [{ ...complete, DATABRICKS_TOKEN: 'dapi1', DATABRICKS_AUTH_TYPE: 'oauth-m2m' }, undefined],
    [{ ...complete, DATABRICKS_TOKEN: 'dapi1', DATABRICKS_AUTH_TYPE: 'pat' }, /an auth_type this server does not have/],
    [{ DATABRICKS_TOKEN: 'dapi1' }, /Only credentials of the kind pat/],
  ];
  for (const [env, want] of table) {
    it(`with ${Object.keys(env).join(', ')} is ${want ? `refused: ${want.source}` : 'accepted'}`, () => {
      const { problems } = load({}, env);
      const message = problems.find(({ setting }) => setting === 'auth_type')?.message;
      if (want) assert.match(message ?? '', want);
      else assert.equal(message, undefined);
      assert.ok(!JSON.stringify(problems).includes('dapi1'));
    });
  }
});

describe('host, cloud and account', () => {
  const table: [host: string | undefined, cloud: string | undefined, want: string | RegExp][] = [
    [undefined, 'aws', 'aws https://accounts.cloud.databricks.com'],
    [undefined, 'GovCloud', 'aws https://accounts.cloud.databricks.us'],
    [undefined, 'azure', 'azure https://accounts.azuredatabricks.net'],
    ['accounts.gcp.databricks.com', undefined, 'gcp https://accounts.gcp.databricks.com'],
    ['accounts.cloud.databricks.us', 'aws', 'aws https://accounts.cloud.databricks.us'],
    ['accounts.cloud.databricks.us', 'govcloud', 'aws https://accounts.cloud.databricks.us'],
    ['http://localhost:1', undefined, 'aws http://localhost:1'],
    ['http://localhost:1', 'azure', 'azure http://localhost:1'],
    ['http://localhost:1', 'govcloud', 'aws http://localhost:1'],
    ['spog.example', 'gcp', 'gcp https://spog.example'],
    ['accounts.cloud.databricks.com', 'govcloud', /belongs to aws, but the cloud is set to govcloud/],
    ['accounts.gcp.databricks.com', 'azure', /belongs to gcp, but the cloud is set to azure/],
    ['accounts.cloud.databricks.com.evil.io', 'aws', /somebody else/],
    [undefined, 'mars', /cloud set by flag --cloud is not known/],
    [undefined, undefined, /No account host/],
  ];
  for (const [host, cloud, want] of table) {
    it(`host ${host} with cloud ${cloud} gives ${want}`, () => {
      const flags = { ...(host && { host }), ...(cloud && { cloud }), allowHosts: ['spog.example'] };
      const configuration = load(flags, { ...signIn, DATABRICKS_ACCOUNT_ID: account });
      const { connection } = configuration;
      if (typeof want === 'string') assert.equal(`${connection?.cloud} ${connection?.host}`, want);
      else {
        assert.equal(connection, undefined);
        assert.equal(configuration.problems.length, 1);
        assert.match(messages(configuration).join(), want);
      }
    });
  }

  it('allows hosts by environment and flag together and refuses patterns', () => {
    const env = { ...complete, DATABRICKS_HOST: 'b.example', DATABRICKS_MCP_ALLOWED_HOSTS: 'a.example, B.example' };
    assert.equal(load({ allowHosts: ['c.example'] }, env).connection?.host, 'https://b.example');
    assert.deepEqual(settings(load({ allowHosts: ['*'] }, complete)), ['allowed_hosts']);
  });

  it('lifts the account id out of a pasted address, unless one is set', () => {
    const other = account.replace('1', '9');
    const host = `https://accounts.cloud.databricks.com/?account_id=${account.toUpperCase()}`;
    const lifted = load({ host }, signIn);
    assert.equal(lifted.connection?.accountId, account);
    assert.equal(lifted.sources.account_id, 'flag --host');
    const both = load({ host, accountId: other }, signIn);
    assert.equal(both.accountId, other);
    assert.match(both.warnings[0]?.message ?? '', /another account/);
  });

  it('refuses an account id that is no UUID, without repeating it', () => {
    const configuration = load({ accountId: 'dose-oops' }, complete);
    assert.deepEqual(settings(configuration), ['account_id']);
    assert.ok(!JSON.stringify(configuration).includes('dose-oops'));
  });
});

describe('problems', () => {
  it('are all told at once, each with where to set what', () => {
    const { connection, problems } = load({}, {});
    assert.equal(connection, undefined);
    assert.deepEqual(
      problems.map(({ setting }) => setting),
      ['host', 'account_id', 'client_id', 'client_secret'],
    );
    for (const [index, words] of [
      ['DATABRICKS_HOST', '--host', 'key host'],
      ['DATABRICKS_ACCOUNT_ID', '--account-id', 'key account_id'],
      ['DATABRICKS_CLIENT_ID', '--client-id', 'key client_id'],
      ['DATABRICKS_CLIENT_SECRET', '--client-secret-file', 'key client_secret'],
    ].entries()) {
      for (const word of words) assert.ok(problems[index]?.fix.includes(word), `${word} in ${problems[index]?.fix}`);
    }
  });

  it('include a CA file that cannot be read', () => {
    assert.match(
      messages(load({ caFile: '~/ca.pem' }, complete)).join(),
      /CA file ~\/ca\.pem cannot be read \(ENOENT\)/,
    );
    const env = { ...complete, DATABRICKS_CA_FILE: '/ca.pem' };
    assert.equal(load({}, env, { '/ca.pem': 'PEM' }).connection?.caFile, '/ca.pem');
  });
});
