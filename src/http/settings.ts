/**
 * How the HTTP server is set up, from flags and environment, and what is wrong with it. Whatever would open it to more
 * people than meant stops the start.
 */
import { isLoopback } from '../databricks/hosts.js';
import { unnamedAccount } from './caller.js';
import { type HubFlags, type HubSettings, readHubSettings } from './hub-settings.js';
import { type FrontLimits, frontLimits } from './limits.js';
import { createReader, type Texts } from './settings-reader.js';

/** As they come from the command line; each has a twin in the environment. */
export interface HttpFlags extends HubFlags {
  readonly host?: string;
  readonly port?: string;
  readonly noAuth?: boolean;
  readonly behindTlsProxy?: boolean;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly publicUrl?: string;
  readonly allowOrigin?: readonly string[];
  readonly allowHostHeader?: readonly string[];
  readonly tokenFile?: string;
  readonly oauthIssuer?: string;
  readonly oauthAudience?: readonly string[];
  readonly oauthJwks?: string;
  readonly metricsPort?: string;
  readonly maxConnections?: string;
  readonly maxConnectionsPerAddress?: string;
  readonly maxCalls?: string;
  readonly rate?: string;
  readonly serveProfile?: readonly string[];
}

export interface OAuthSettings {
  /** To the letter, as tokens have it. */
  readonly issuer: string;
  readonly jwks: URL;
  /** Empty: the server's own addresses. */
  readonly audiences: readonly string[];
}

export interface HttpSettings {
  readonly host: string;
  readonly port: number;
  readonly noAuth: boolean;
  readonly isBehindProxy: boolean;
  readonly tls?: { readonly certFile: string; readonly keyFile: string };
  readonly publicUrl?: URL;
  readonly origins: readonly string[];
  readonly hostHeaders: readonly string[];
  readonly tokenFile?: string;
  readonly oauth?: OAuthSettings;
  readonly metricsPort?: number;
  readonly limits: FrontLimits;
  readonly profiles: readonly ServedProfile[];
  /** The pages, where they are served. */
  readonly hub?: HubSettings;
}

/** A further account, by its profile, at `/account/<name>/mcp`. */
export interface ServedProfile {
  readonly name: string;
  /** Its own policy file; else the policy of the server holds for it too. */
  readonly policyFile?: string;
}

export const isOwnMachine = (host: string): boolean => host === '::1' || isLoopback(host);

/** Every problem with its remedy, one sentence or two each; with any of them there are no settings. */
export function readHttpSettings(
  flags: HttpFlags,
  env: Readonly<Record<string, string | undefined>>,
): { readonly settings?: HttpSettings; readonly problems: readonly string[] } {
  const problems: string[] = [];
  const read = createReader(flags as Texts, env, (problem) => problems.push(problem));
  const host = read.text('host') ?? '127.0.0.1';
  const port = read.number('port', 0, 65_535) ?? 8787;
  const noAuth = read.yes('noAuth');
  const isBehindProxy = read.yes('behindTlsProxy');
  const [certFile, keyFile] = [read.text('tlsCert'), read.text('tlsKey')];
  const publicUrl = read.url('publicUrl');
  const tokenFile = read.text('tokenFile');
  const oauth = {
    issuer: read.text('oauthIssuer'),
    issuerUrl: read.url('oauthIssuer'),
    jwks: read.url('oauthJwks'),
    audiences: read.list('oauthAudience', /^[\x21\x23-\x5b\x5d-\x7e]+$/, 'without spaces, quotes and backslashes'),
  };
  const settings: HttpSettings = {
    host,
    port,
    noAuth,
    isBehindProxy,
    origins: read.list('allowOrigin', isOrigin, 'such as https://app.example.com: scheme and host, and nothing after'),
    profiles: read
      .list(
        'serveProfile',
        /^[\w-]{1,64}(=.+)?$/,
        'such as prod or prod=/etc/prod-policy.json: a profile, and its policy file',
      )
      .map((text) => {
        const [name = '', ...file] = text.split('=');
        return { name, ...(file.length > 0 && { policyFile: file.join('=') }) };
      }),
    hostHeaders: read
      .list('allowHostHeader', /^([\w.-]+|\[[\da-f:.]+\])(:\d+)?$/i, 'such as mcp.example.com or mcp.example.com:8443')
      .map((name) => name.toLowerCase()),
    limits: {
      ...frontLimits,
      ...read.numbers({
        connections: ['maxConnections', 8, 100_000],
        connectionsPerAddress: ['maxConnectionsPerAddress', 1, 100_000],
        calls: ['maxCalls', 1, 10_000],
        rate: ['rate', 1, 100_000],
      }),
    },
    ...(certFile !== undefined && keyFile !== undefined && { tls: { certFile, keyFile } }),
    ...(publicUrl && { publicUrl }),
    ...(tokenFile !== undefined && { tokenFile }),
    ...(oauth.issuer !== undefined &&
      oauth.issuerUrl &&
      oauth.jwks && { oauth: { issuer: oauth.issuer, jwks: oauth.jwks, audiences: oauth.audiences } }),
    ...read.numbers({ metricsPort: ['metricsPort', 0, 65_535] }),
  };
  const hub = readHubSettings(read, oauth.issuer, port === 0 && publicUrl === undefined);
  problems.push(...hub.problems);
  const limits = { ...settings.limits, burst: 2 * settings.limits.rate };

  if ((certFile === undefined) !== (keyFile === undefined)) problems.push('--tls-cert and --tls-key go together.');
  if (publicUrl !== undefined && publicUrl.pathname !== '/') {
    problems.push('--public-url is scheme, host and port alone; MCP is at /mcp below it.');
  }
  if ((oauth.issuer === undefined) !== (oauth.jwks === undefined)) {
    problems.push('--oauth-issuer and --oauth-jwks go together.');
  }
  if (oauth.audiences.length > 0 && oauth.issuer === undefined) {
    problems.push('--oauth-audience is of no use without --oauth-issuer.');
  }
  const names = settings.profiles.map(({ name }) => name);
  if (new Set(names).size < names.length || names.includes(unnamedAccount)) {
    problems.push(`--serve-profile takes each profile once, and none called ${unnamedAccount}.`);
  }
  problems.push(...exposures(settings), ...read.unknown());
  return problems.length > 0
    ? { problems }
    : { settings: { ...settings, limits, ...(hub.settings && { hub: hub.settings }) }, problems };
}

const isOrigin = {
  test: (text: string) =>
    URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && new URL(text).origin === text,
};

/** What would let in whoever finds the port. */
function exposures({ host, port, noAuth, isBehindProxy, tls, publicUrl, tokenFile, oauth }: HttpSettings): string[] {
  const found: string[] = [];
  const isOpen = !isOwnMachine(host);
  const hasAuth = tokenFile !== undefined || oauth !== undefined;
  if (noAuth && hasAuth) found.push('--no-auth contradicts --token-file and --oauth-issuer. Leave one out.');
  if (noAuth && (isOpen || isBehindProxy || publicUrl !== undefined)) {
    found.push(
      '--no-auth is for this machine alone: with it anybody who reaches the port administers the account. ' +
        'Leave it out, or listen on 127.0.0.1 without a proxy.',
    );
  }
  if (isOpen && !noAuth && !hasAuth) {
    found.push(
      `Listening on ${host} lets the network in, and nothing is set that says who may call. ` +
        'Set --token-file or --oauth-issuer, or listen on 127.0.0.1.',
    );
  }
  if (isOpen && tls === undefined && !isBehindProxy) {
    found.push(
      `Listening on ${host} without TLS would send tokens in the clear. ` +
        'Set --tls-cert and --tls-key, or --behind-tls-proxy where a proxy does TLS.',
    );
  }
  if ((isOpen || port === 0) && oauth !== undefined && publicUrl === undefined) {
    found.push('Tokens are made out to this server by its address. Set --public-url.');
  }
  return found;
}

/** The server's own address as clients know it. */
export function baseOf({ publicUrl, tls, host }: HttpSettings, port: number): string {
  if (publicUrl !== undefined) return publicUrl.origin;
  return new URL(`${tls === undefined ? 'http' : 'https'}://${host.includes(':') ? `[${host}]` : host}:${port}`).origin;
}

/** The Host headers this server answers to. */
export function hostsOf(settings: HttpSettings, port: number): ReadonlySet<string> {
  const { host, tls, publicUrl, hostHeaders } = settings;
  const own = host.includes(':') ? `[${host}]` : host;
  const isAny = ['0.0.0.0', '[::]'].includes(own);
  const names = ['127.0.0.1', 'localhost', '[::1]', ...(isAny ? [] : [own.toLowerCase()])];
  const isUsualPort = port === (tls === undefined ? 80 : 443);
  return new Set([
    ...names.map((name) => `${name}:${port}`),
    ...(isUsualPort ? names : []),
    ...(publicUrl === undefined ? [] : [publicUrl.host]),
    ...hostHeaders,
  ]);
}

/** The web origins of its own pages: where a browser is when it has come by one of these hosts. */
export function ownOriginsOf(settings: HttpSettings, port: number): ReadonlySet<string> {
  const scheme = settings.tls === undefined && !settings.isBehindProxy ? 'http' : 'https';
  const hosts = [...hostsOf(settings, port)].map((host) => new URL(`${scheme}://${host}`).origin);
  return new Set([...hosts, baseOf(settings, port)]);
}
