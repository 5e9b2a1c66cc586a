/** Puts the HTTP server together: the front, who may pass it, and the doors behind it. */
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import type { Action } from '../../../tools/action.js';
import { actions, areas } from '../../../tools/index.js';
import type { App } from '../../app.js';
import { failed } from '../../core/errors.js';
import { errorCode } from '../../core/paths.js';
import { doorsByAccount } from '../../http/accounts.js';
import {
  type Authenticator,
  createAuthenticator,
  openToAnybody,
  type TokenCheck,
} from '../../http/auth/authenticator.js';
import { challenge } from '../../http/auth/challenge.js';
import { openLocalToken } from '../../http/auth/local-token.js';
import { createMetadata, type ResourceMetadata } from '../../http/auth/metadata.js';
import { createStaticTokens } from '../../http/auth/static-tokens.js';
import { openTokenFile } from '../../http/auth/token-file.js';
import { type CallerScope, scopeFor, unnamedAccount } from '../../http/caller.js';
import type { Doors } from '../../http/doors.js';
import { createFront, type Front } from '../../http/front.js';
import type { Meters } from '../../http/meters.js';
import { isEntrance } from '../../http/routes.js';
import { baseOf, type HttpSettings, hostsOf, ownOriginsOf } from '../../http/settings.js';
import { createThrottle } from '../../http/throttle.js';
import type { Log } from '../../log.js';
import { createDoors } from '../../mcp/doors.js';
import { innerCall, searchTools } from '../../mcp/search-tools.js';
import { statusTool } from '../../status-tool.js';
import { createSharedSessions } from '../../store/sessions.js';
import { createSharedThrottle } from '../../store/throttle.js';
import type { ComposedHub, HubPlaces } from '../hub/compose.js';

export interface Composed {
  readonly front: Front;
  /** Where it is served. */
  readonly hub?: ComposedHub;
  /** What a person has to know about who may call; empty where there is nothing to say. */
  readonly remarks: readonly string[];
  close(): Promise<void>;
}

const now = () => performance.now();

/**
 * `accounts`: those served beside the first one, by the name in their address. `told`: what the flags say of files, and of
 * the first account's profile.
 */
export async function composeHttp(
  app: App,
  accounts: ReadonlyMap<string, App>,
  settings: HttpSettings,
  meters: Meters,
  told: Told,
): Promise<Composed> {
  const { oauth, limits, isBehindProxy, origins } = settings;
  // Before anything is opened: it may fail.
  const tls = tlsOf(settings);
  const metadata = oauth && createMetadata(baseOf(settings, settings.port), oauth.issuer, isEntrance);
  const access = await accessOf(app, settings, metadata);
  const log = counting(app.log, meters);
  const document = metadata?.addressFor('/mcp');
  const doorsOf = async (each: App, name: string) =>
    createDoors(
      { ...each, log: counting(each.log, meters) },
      {
        search: told.search,
        ...(each.store && { sessions: await createSharedSessions(each.store, realmOf(each, name), now) }),
        // Those that go on after their connection is gone come on top of those with one.
        mostCalls: 2 * limits.calls,
        challenge: (scope) => challenge({ error: 'insufficient_scope', scope, metadata: document }),
      },
    );
  const named = new Map<string, Doors>();
  for (const [name, each] of accounts) named.set(name, await doorsOf(each, name));
  const { store } = app;
  let port = settings.port;
  const hub = await hubOf(app, settings, told, () => baseOf(settings, port));
  const alone = createThrottle(limits, now);
  const front = createFront({
    mcp: {
      doors: doorsByAccount(await doorsOf(app, unnamedAccount), named),
      authenticator: access.authenticator,
      metadata,
      throttle: store === undefined ? alone : createSharedThrottle(store.link, limits, alone),
      areas,
      scopesFor: createScopes(actions),
      nameOf: (tool, args) => innerCall(tool, args)?.tool ?? tool,
      date: Date.now,
    },
    limits,
    meters,
    ...(hub && { pages: hub.pages }),
    rules: (own) => {
      port = own;
      return { hosts: hostsOf(settings, own), origins: new Set(origins), own: ownOriginsOf(settings, own) };
    },
    ...(store && { isStoreUp: store.isUp }),
    isReady: () => [app, ...accounts.values()].every(({ configuration }) => configuration.connection !== undefined),
    log,
    now,
    isBehindProxy,
    ...tls,
  });
  const remarks = [...access.remarks, ...remarksOn(app, accounts, settings)];
  const close = async () => {
    await access.close();
    await hub?.close();
  };
  return { front, remarks, close, ...(hub && { hub }) };
}

type Told = Pick<HubPlaces, 'elsewhere' | 'configFile' | 'secrets'> & {
  readonly profile: string | undefined;
  /** The list is not shown, but searched. */
  readonly search: boolean;
};

/** Loaded only for those who want it. */
async function hubOf(
  app: App,
  { hub, profiles }: HttpSettings,
  { profile, search: _, ...told }: Told,
  base: () => string,
) {
  if (hub === undefined) return undefined;
  const { composeHub } = await import('../hub/compose.js');
  const { stateRoot: state, store: shared, log, deriveKey } = app;
  const remoteOf = (name: string) => {
    const isNamed = profiles.some((each) => each.name === name);
    if (!isNamed && name !== profile) return undefined;
    const url = `${base()}${isNamed ? `/account/${name}` : ''}/mcp`;
    return { kind: 'http' as const, url, token: { variable: 'DATABRICKS_MCP_TOKEN' } };
  };
  const places = { state, shared, log, keys: { derive: deriveKey }, base, provider: hub.provider, remoteOf };
  return composeHub({ ...places, ...told });
}

/** What two accounts never have in common, be it two profiles of one account. */
const realmOf = ({ configuration: { accountId, host, clientId }, sandbox }: App, name: string) =>
  JSON.stringify([name, accountId, host, clientId, sandbox]);

/** Over HTTP nobody has seen the client that shows a question, or whether a person is behind it. */
function remarksOn(app: App, accounts: ReadonlyMap<string, App>, settings: HttpSettings): readonly string[] {
  const isInTerminals = [app, ...accounts.values()].every(({ policy }) => policy.approveIn === 'terminal');
  const remark =
    'Clients ask their own user for approvals. To have calls approved on this machine: --approve-in terminal.';
  const { isBehindProxy, publicUrl, hostHeaders } = settings;
  const isNameless = isBehindProxy && publicUrl === undefined && hostHeaders.length === 0;
  const name = 'warning: clients that come by the name of the proxy are refused. Tell it with --public-url.';
  return [...(isInTerminals ? [] : [remark]), ...(isNameless ? [name] : [])];
}

interface AccessParts {
  readonly authenticator: Authenticator;
  readonly remarks: readonly string[];
  readonly close: () => Promise<void>;
}

async function accessOf(
  app: App,
  settings: HttpSettings,
  metadata: ResourceMetadata | undefined,
): Promise<AccessParts> {
  const { noAuth, tokenFile, oauth, profiles } = settings;
  const accounts = new Set([unnamedAccount, ...profiles.map(({ name }) => name)]);
  const nothing = async () => {};
  if (noAuth) {
    const warning = 'warning: --no-auth: every program on this machine may administer the account through this server.';
    return { authenticator: openToAnybody, remarks: [warning], close: nothing };
  }
  const onProblem = (problem: string) => app.log.error('http_auth', { problem });
  const checks: TokenCheck[] = [];
  if (tokenFile !== undefined) {
    checks.push(createStaticTokens(await openTokenFile({ path: tokenFile, accounts, now, onProblem })));
  }
  if (oauth === undefined || metadata === undefined) {
    if (tokenFile !== undefined) return { authenticator: createAuthenticator(checks), remarks: [], close: nothing };
    const { path, made, token } = await openLocalToken(app.stateRoot);
    const remark = `${made ? 'A bearer token was made' : 'The bearer token is'} in ${path} (all scopes).`;
    return {
      authenticator: createAuthenticator([createStaticTokens(async () => [token])]),
      remarks: [remark],
      close: nothing,
    };
  }
  // Loaded only for those who have an issuer.
  const [{ createKeySource }, { createJwtCheck }] = await Promise.all([
    import('../../http/auth/jwks.js'),
    import('../../http/auth/jwt.js'),
  ]);
  const keys = createKeySource({ url: oauth.jwks, now, onProblem });
  const isAudience = (audience: string, entrance: string) =>
    oauth.audiences.length > 0 ? oauth.audiences.includes(audience) : metadata.isOwn(audience, entrance);
  checks.push(createJwtCheck({ issuer: oauth.issuer, isAudience, keys, date: Date.now }));
  return { authenticator: createAuthenticator(checks), remarks: [], close: keys.close };
}

/** The scope a tool's name promises, and that of this very call where its arguments make it another. */
function createScopes(catalogue: readonly Action[]) {
  const byId = new Map<string, Action>(catalogue.map((action) => [action.id, action]));
  const looks: readonly string[] = [statusTool.id, searchTools.find, searchTools.describe];
  return (tool: string, args: unknown): readonly CallerScope[] | undefined => {
    const call = innerCall(tool, args) ?? { tool, args };
    if (looks.includes(call.tool)) return [];
    const action = byId.get(call.tool);
    return action && [...new Set([scopeFor(action.risk), scopeFor(riskOfCall(action, call.args))])];
  };
}

function riskOfCall(action: Action, args: unknown) {
  if (action.kind !== 'http' || action.riskOf === undefined) return action.risk;
  try {
    return action.riskOf((args ?? {}) as Parameters<typeof action.riskOf>[0]);
  } catch {
    // Arguments of the wrong shape: they are refused further in.
    return action.risk;
  }
}

function tlsOf({ tls }: HttpSettings) {
  if (tls === undefined) return {};
  const read = (path: string) => {
    try {
      return readFileSync(path, 'utf8');
    } catch (error) {
      throw noTls(`The file ${path} cannot be read (${errorCode(error)}).`);
    }
  };
  const pair = { cert: read(tls.certFile), key: read(tls.keyFile) };
  try {
    createSecureContext(pair);
  } catch {
    throw noTls(`${tls.certFile} and ${tls.keyFile} are no certificate and its key.`);
  }
  return { tls: pair };
}

const noTls = (message: string) =>
  failed('configuration', message, {
    next: 'Name the certificate in --tls-cert and its key in --tls-key, both as PEM files.',
  });

/** Every call ends in one line of the log; the names in it are of the catalogue. */
const counting = (log: Log, meters: Meters): Log => ({
  ...log,
  info(event, facts = {}) {
    if (event === 'call') meters.called(String(facts.tool), facts.ok === true ? 'ok' : String(facts.kind ?? 'other'));
    log.info(event, facts);
  },
});
