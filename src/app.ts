/** Composition root: puts the parts together for one account. Everything that lives as long as the process is here. */
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { type Action, actions, areas } from '../tools/index.js';
import type { Access } from './access.js';
import { type Base, elsewhere, openBase } from './app-base.js';
import { createApprovalStore, createGuarding } from './app-guard.js';
import { failed } from './core/errors.js';
import { createPacing, defaultPacing } from './core/pacing.js';
import type { Redactor } from './core/redact.js';
import { createRetryBudget } from './core/retry-budget.js';
import type { Tracing } from './core/tracing.js';
import { userAgent } from './core/user-agent.js';
import type { Configuration, Connection, Flags } from './databricks/config.js';
import { isLoopback } from './databricks/hosts.js';
import { createHttp } from './databricks/http.js';
import { type Clock, createSession, type Session } from './databricks/session.js';
import { createTokenSource, type TokenSource } from './databricks/token.js';
import { createExecutor, type Executor } from './execute.js';
import type { Journal } from './guard/journal.js';
import type { Policy } from './guard/policy.js';
import type { PolicyFlags } from './guard/policy-settings.js';
import type { SecretSink } from './guard/secrets.js';
import type { Log, LogLevel } from './log.js';
import { type Env, prepare, type Start } from './start.js';
import { accessStatus, type StatusParts } from './status.js';
import type { SharedStore } from './store/shared.js';
import { product } from './version.js';

export interface AppOptions {
  readonly flags: Flags;
  /** What the operator allows, as far as the command line says it. */
  readonly policy?: PolicyFlags;
  readonly env?: Env;
  /** Serve the embedded sandbox account instead of a real one. */
  readonly sandbox?: boolean;
  readonly logLevel?: LogLevel;
  /** Where files (usage, secrets) go; default: the user's state directory. */
  readonly stateDirectory?: string;
  /** Address of the store that replicas share. */
  readonly store?: string;
  /** File with the key that replicas share. */
  readonly keyFile?: string;
  /** How a person runs this program in a terminal; default: its name. */
  readonly program?: string;
  /** Where new secrets go instead of to files. */
  readonly secretSink?: SecretSink;
  /** Told of what is worth counting. */
  readonly observer?: Observer;
  /** Send traces and metrics where OpenTelemetry's variables in `env` ask for them. */
  readonly telemetry?: boolean;
  /** The app of another account in this process, which outlives this one: its key, store and telemetry serve both. */
  readonly beside?: App;
}

export interface Observer {
  /** A token was fetched from Databricks. */
  signedIn(): void;
  /** Something became of a question to a person: the journal's name for it. */
  approval(event: string): void;
}

export interface App {
  readonly configuration: Configuration;
  readonly access: Access;
  readonly policy: Policy;
  /** The action of this id, open or not. */
  action(id: string): Action | undefined;
  readonly executor: Executor;
  readonly journal: Journal;
  readonly redactor: Redactor;
  readonly log: Log;
  readonly tracing: Tracing;
  readonly sandbox: boolean;
  /** Where files of this account (usage, secrets) go. */
  readonly stateDirectory: string;
  /** Where files of all accounts go: approvals, the key. */
  readonly stateRoot: string;
  /** What replicas share, where a store is set. */
  readonly store?: SharedStore;
  /** A key of this machine for one purpose. */
  deriveKey(purpose: string): Promise<Buffer>;
  /** Signs in if need be and returns the granted scopes. */
  signIn(signal?: AbortSignal): Promise<readonly string[]>;
  /** `policy`: what is left of the operator's for who asks. */
  status(signal?: AbortSignal, policy?: Policy): Promise<Record<string, unknown>>;
  close(): Promise<void>;
}

/** Opens no connection to Databricks: the first call that needs one does. Throws where the policy is wrong. */
export async function createApp(options: AppOptions): Promise<App> {
  return openApp(options, await prepare(options));
}

/** The same from what has been prepared, which the app closes from now on. */
export async function openApp(options: AppOptions, start: Start): Promise<App> {
  let base: Base | undefined;
  try {
    base = await openBase(options, start.ownState, start.env, start.log);
    return assemble(options, start, base);
  } catch (error) {
    await base?.close();
    await start.sandbox?.close();
    throw error;
  }
}

function assemble(options: AppOptions, start: Start, base: Base): App {
  const { env, policy, redactor, log, ownState, sandbox, configuration, access } = start;
  const { keys, store, tracing } = base;
  const link = createLink(configuration, env, redactor, access, options.observer, tracing);
  // Made-up secrets and usage must not lie among real ones.
  const state = sandbox === undefined ? ownState : join(ownState, 'sandbox');
  const guarding = createGuarding({
    configuration,
    policy,
    sandbox: sandbox !== undefined,
    state,
    root: ownState,
    keys,
    approvals: store?.approvals ?? createApprovalStore(ownState, keys),
    store,
    env,
    program: options.program ?? product.name,
    elsewhere: elsewhere(options, ownState, env),
    clock,
    redactor,
    log,
    secretSink: options.secretSink,
    ...(options.observer && { observer: options.observer }),
  });

  const executor = createExecutor({
    ...guarding,
    ownAddresses: policy.ownAddresses,
    onUnrecorded: (action, error) => log.error('outcome_not_journaled', { tool: action.id, error: String(error) }),
    access,
    connection: link.connection,
    session: () => link.open().session,
    signIn: link.signIn,
    clock,
    usageDirectory: join(state, 'usage'),
    onSecret: redactor.add,
    onAbandoned: (action, outcome) => log.warn('write_after_cancel', { tool: action.id, outcome }),
  });
  const parts: StatusParts = {
    areas,
    configuration,
    access,
    policy,
    journal: guarding.journal,
    sandbox: sandbox !== undefined,
    signIn: link.signIn,
    scrub: redactor.scrub,
  };
  return {
    configuration,
    access,
    policy,
    action: (id) => byId.get(id),
    executor,
    journal: guarding.journal,
    redactor,
    log,
    tracing,
    sandbox: sandbox !== undefined,
    stateDirectory: state,
    stateRoot: ownState,
    ...(store && { store }),
    deriveKey: (purpose) => keys.derive(purpose),
    signIn: link.signIn,
    status: (signal, narrowed) => accessStatus(parts, signal, narrowed),
    async close() {
      await guarding.journal.idle();
      await link.close();
      await sandbox?.close();
      await base.close();
    },
  };
}

const byId = new Map<string, Action>(actions.map((action) => [action.id, action]));

const clock: Clock = {
  now: () => performance.now(),
  date: () => Date.now(),
  sleep: async (milliseconds, signal) => {
    // An aborted wait just ends; the caller looks at its signal.
    await wait(milliseconds, undefined, signal === undefined ? {} : { signal }).catch(() => {});
  },
  dice: Math.random,
};

interface Open {
  close(): Promise<void>;
  readonly tokens: TokenSource;
  readonly session: Session;
}

/**
 * Requests a second towards a real account: DATABRICKS_RATE_LIMIT, as in the official SDKs, else a gentle default.
 * Nobody has to be protected on this machine itself.
 */
function restraint(host: string, limit: string | undefined) {
  const rate = Number(limit);
  const asked =
    Number.isFinite(rate) && rate > 0
      ? { rate, burst: 2 * rate, floor: Math.min(rate, defaultPacing.floor) }
      : undefined;
  const policy = asked ?? (isLoopback(new URL(host).hostname) ? undefined : defaultPacing);
  return { ...(policy !== undefined && { pacing: createPacing(policy) }), budget: createRetryBudget() };
}

const caOf = ({ caFile }: Connection) => (caFile === undefined ? {} : { caFile });

/** The link to the account, made when it is first needed. */
function createLink(
  configuration: Configuration,
  env: Env,
  redactor: Redactor,
  access: Access,
  observer: Observer | undefined,
  tracing: Tracing,
) {
  let opened: Open | undefined;

  const connection = (): Connection => {
    if (configuration.connection !== undefined) return configuration.connection;
    const { problems } = configuration;
    throw failed('configuration', `Not configured: ${problems.map(({ message }) => message).join(' ')}`, {
      next: problems.map(({ fix }) => fix).join(' '),
    });
  };

  const open = (): Open => {
    if (opened !== undefined) return opened;
    const to = connection();
    const auth = to.signIn.method;
    const agent = userAgent({ product, node: process.version, platform: process.platform, auth, env });
    const httpTo = (origin: string) => createHttp({ origin, userAgent: agent, env, ...caOf(to) });
    const http = httpTo(to.host);
    const login = to.signIn.method === 'azure-client-secret' ? httpTo(to.signIn.loginHost) : http;
    const tokens = createTokenSource({
      connection: to,
      http: login,
      now: clock.now,
      sleep: clock.sleep,
      dice: clock.dice,
      onSecret: redactor.add,
      onToken: ({ scopes }) => {
        observer?.signedIn();
        access.learn(scopes);
      },
    });
    opened = {
      close: async () => void (await Promise.all([http.close(), login.close()])),
      tokens,
      session: createSession(http, tokens, clock, { ...restraint(to.host, env.DATABRICKS_RATE_LIMIT), tracing }),
    };
    return opened;
  };

  return {
    connection,
    open,
    signIn: async (signal?: AbortSignal) => (await open().tokens.get(signal)).scopes,
    close: async () => opened?.close(),
  };
}
