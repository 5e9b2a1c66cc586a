/** Which settings start the HTTP server, which keep it from starting, and which names it then answers to. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { baseOf, type HttpFlags, hostsOf, ownOriginsOf, readHttpSettings } from '../../src/http/settings.js';

const read = (flags: HttpFlags = {}, env: Record<string, string> = {}) => readHttpSettings(flags, env);

function settingsOf(flags: HttpFlags, env: Record<string, string> = {}) {
  const { settings, problems } = read(flags, env);
  assert.deepEqual(problems, []);
  assert.ok(settings);
  return settings;
}

const open = { host: '0.0.0.0', tokenFile: 'tokens.json', behindTlsProxy: true };
const oauth = { oauthIssuer: 'https://issuer.example.com', oauthJwks: 'https://issuer.example.com/keys' };

test('without any setting it listens on this machine alone and asks for a token', () => {
  const { host, port, noAuth, isBehindProxy, origins } = settingsOf({});
  assert.deepEqual([host, port, noAuth, isBehindProxy, origins], ['127.0.0.1', 8787, false, false, []]);
});

// S107
test('nothing that opens the server to people who prove nothing, or sends tokens in the clear, starts it', () => {
  const refused: readonly (readonly [HttpFlags, RegExp])[] = [
    [{ host: '0.0.0.0' }, /who may call/],
    [{ host: '::', behindTlsProxy: true }, /who may call/],
    [{ host: '192.168.1.5', tlsCert: 'c', tlsKey: 'k' }, /who may call/],
    [{ host: 'mcp.example.com', behindTlsProxy: true }, /who may call/],
    [{ host: '127.0.0.1.nip.io', behindTlsProxy: true }, /who may call/],
    [{ host: '0.0.0.0', noAuth: true, behindTlsProxy: true }, /--no-auth is for this machine/],
    [{ noAuth: true, behindTlsProxy: true }, /--no-auth is for this machine/],
    [{ noAuth: true, publicUrl: 'https://mcp.example.com' }, /--no-auth is for this machine/],
    [{ noAuth: true, tokenFile: 'x' }, /contradicts/],
    [{ host: '0.0.0.0', tokenFile: 'x' }, /in the clear/],
    [{ host: '0.0.0.0', ...oauth, publicUrl: 'https://mcp.example.com' }, /in the clear/],
    [{ ...open, tokenFile: '', ...oauth } as HttpFlags, /--public-url/],
    [{ port: '0', ...oauth }, /--public-url/],
  ];
  for (const [flags, reason] of refused) {
    const { settings, problems } = read(flags);
    assert.equal(settings, undefined, JSON.stringify(flags));
    assert.match(problems.join(' '), reason, JSON.stringify(flags));
  }
});

test('authentication and TLS together open it', () => {
  settingsOf(open);
  settingsOf({ host: '0.0.0.0', tokenFile: 'x', tlsCert: 'c', tlsKey: 'k' });
  settingsOf({ host: '::', ...oauth, behindTlsProxy: true, publicUrl: 'https://mcp.example.com' });
  for (const host of ['127.0.0.1', '127.8.8.8', '::1', 'localhost']) settingsOf({ host, noAuth: true });
});

test('a value that is not understood is refused with its names, by flag and by environment', () => {
  const refused: readonly (readonly [HttpFlags, Record<string, string>, RegExp])[] = [
    [{ port: '65536' }, {}, /--port \(DATABRICKS_MCP_HTTP_PORT\)/],
    [{}, { DATABRICKS_MCP_HTTP_PORT: 'x' }, /--port/],
    [{}, { DATABRICKS_MCP_HTTP_NO_AUTH: 'maybe' }, /--no-auth \(DATABRICKS_MCP_HTTP_NO_AUTH\)/],
    [{ publicUrl: 'http://mcp.example.com' }, {}, /--public-url/],
    [{ publicUrl: 'https://mcp.example.com/mcp' }, {}, /--public-url/],
    [{ publicUrl: 'https://user:pw@mcp.example.com' }, {}, /--public-url/],
    [{ allowOrigin: ['*'] }, {}, /--allow-origin/],
    [{ allowOrigin: ['null'] }, {}, /--allow-origin/],
    [{ allowOrigin: ['https://app.example.com/'] }, {}, /--allow-origin/],
    [{ allowHostHeader: ['a b'] }, {}, /--allow-host-header/],
    [{ allowHostHeader: ['*'] }, {}, /--allow-host-header/],
    [{ tlsCert: 'c' }, {}, /go together/],
    [{ oauthIssuer: 'https://issuer.example.com' }, {}, /go together/],
    [{ oauthAudience: ['x'] }, {}, /of no use/],
    [{ ...oauth, oauthJwks: 'http://issuer.example.com/keys' }, {}, /--oauth-jwks/],
    [{ maxConnections: '1' }, {}, /--max-connections/],
  ];
  for (const [flags, env, reason] of refused) {
    const { settings, problems } = read(flags, env);
    assert.equal(settings, undefined, JSON.stringify([flags, env]));
    assert.match(problems.join(' '), reason);
    assert.doesNotMatch(problems.join(' '), /user:pw/);
  }
});

test('each flag has a twin in the environment, and the flag wins', () => {
  const settings = settingsOf(
    { port: '9000' },
    {
      DATABRICKS_MCP_HTTP_PORT: '9001',
      DATABRICKS_MCP_HTTP_HOST: '0.0.0.0',
      DATABRICKS_MCP_HTTP_TOKEN_FILE: 'tokens.json',
      DATABRICKS_MCP_HTTP_BEHIND_TLS_PROXY: 'true',
      DATABRICKS_MCP_HTTP_NO_AUTH: 'false',
      DATABRICKS_MCP_HTTP_ALLOW_ORIGIN: 'https://a.example.com, https://b.example.com',
      DATABRICKS_MCP_HTTP_METRICS_PORT: '9100',
      DATABRICKS_MCP_HTTP_RATE: '5',
    },
  );
  assert.deepEqual(
    [settings.port, settings.host, settings.isBehindProxy, settings.metricsPort],
    [9000, '0.0.0.0', true, 9100],
  );
  assert.deepEqual(settings.origins, ['https://a.example.com', 'https://b.example.com']);
  assert.deepEqual([settings.limits.rate, settings.limits.burst], [5, 10]);
});

test('it answers to this machine’s names with its port, its public name and those the operator adds', () => {
  const local = settingsOf({});
  const own = ['127.0.0.1:8787', 'localhost:8787', '[::1]:8787'];
  assert.deepEqual([...hostsOf(local, 8787)], own);
  assert.equal(baseOf(local, 8787), 'http://127.0.0.1:8787');
  const remote = settingsOf({ ...open, publicUrl: 'https://mcp.example.com', allowHostHeader: ['Probe.internal:1'] });
  assert.deepEqual([...hostsOf(remote, 8787)], [...own, 'mcp.example.com', 'probe.internal:1']);
  assert.equal(baseOf(remote, 8787), 'https://mcp.example.com');
  const six = settingsOf({ host: '::1', port: '80' });
  assert.ok(hostsOf(six, 80).has('[::1]'));
  assert.equal(baseOf(six, 80), 'http://[::1]');
});

test('a variable by the name of no setting keeps it from starting, and the one that was meant is named', () => {
  const typo = read({}, { DATABRICKS_MCP_HTTP_TOKENFILE: '/etc/tokens.json' });
  assert.equal(typo.settings, undefined);
  assert.deepEqual(typo.problems, [
    'DATABRICKS_MCP_HTTP_TOKENFILE is no setting of this server. Did you mean DATABRICKS_MCP_HTTP_TOKEN_FILE?',
  ]);
  assert.match(read({}, { DATABRICKS_MCP_HTTP_ZEBRA: 'x' }).problems.join(), /`http --help` lists them/);
  settingsOf({}, { DATABRICKS_MCP_HTTP_ZEBRA: '', DATABRICKS_MCP_STATE_DIR: 'x' });
});

test('a variable counts as known although a flag says the same', () => {
  const env = {
    DATABRICKS_MCP_HTTP_PORT: '1',
    DATABRICKS_MCP_HTTP_NO_AUTH: 'yes',
    DATABRICKS_MCP_HTTP_ALLOW_ORIGIN: '',
  };
  assert.equal(settingsOf({ port: '8080', noAuth: true, allowOrigin: ['https://a.example'] }, env).port, 8080);
});

test('the hub is served only where it is asked for, and its settings are of no use without it', () => {
  assert.equal(settingsOf({}).hub, undefined);
  assert.deepEqual(settingsOf({ hub: true }).hub, { takesSecrets: false });
  assert.deepEqual(settingsOf({}, { DATABRICKS_MCP_HTTP_HUB: '1', DATABRICKS_MCP_HTTP_SECRETS_TO: 'page' }).hub, {
    takesSecrets: true,
  });
  const provider = { hub: true, hubClientId: 'hub', hubOperator: ['ann@example.com', 'sub:1'] };
  const own = settingsOf({ ...provider, hubOidcIssuer: 'https://idp.example.com/tenant' }).hub?.provider;
  assert.equal(own?.issuer.href, 'https://idp.example.com/tenant');
  assert.deepEqual(own?.operators, ['ann@example.com', 'sub:1']);
  assert.equal(settingsOf({ ...provider, ...oauth }).hub?.provider?.issuer.origin, 'https://issuer.example.com');

  const refused: readonly (readonly [HttpFlags, RegExp])[] = [
    [{ hubClientId: 'hub' }, /no use without --hub/],
    [{ secretsTo: 'page' }, /--secrets-to page needs --hub/],
    [{ hub: true, secretsTo: 'nowhere' }, /--secrets-to is file or page/],
    [{ hub: true, hubClientId: 'hub', hubOidcIssuer: 'https://idp.example.com' }, /name who may with --hub-operator/],
    [
      { hub: true, hubOperator: ['ann@example.com'], hubOidcIssuer: 'https://idp.example.com' },
      /needs --hub-client-id/,
    ],
    [provider, /Name the identity provider/],
    [{ ...provider, hubOidcIssuer: 'http://idp.example.com' }, /https address/],
    [{ ...provider, hubOidcIssuer: 'https://idp.example.com', port: '0' }, /--port or --public-url/],
    [{ ...provider, hubOperator: ['*'], hubOidcIssuer: 'https://idp.example.com' }, /e-mail address/],
  ];
  for (const [flags, reason] of refused) {
    const { settings, problems } = read(flags);
    assert.equal(settings, undefined, JSON.stringify(flags));
    assert.match(problems.join(' '), reason, JSON.stringify(flags));
  }
});

test('the own origins are those of the hosts it answers to, and by TLS alone where there is TLS', () => {
  const own = (flags: HttpFlags, port: number) => [...ownOriginsOf(settingsOf(flags), port)].sort();
  assert.deepEqual(own({}, 8787), ['http://127.0.0.1:8787', 'http://[::1]:8787', 'http://localhost:8787']);
  const proxied = own({ ...open, publicUrl: 'https://mcp.example.com' }, 8787);
  assert.ok(proxied.includes('https://mcp.example.com'));
  assert.ok(proxied.every((origin) => origin.startsWith('https://')));
});
