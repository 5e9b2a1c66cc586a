/**
 * Tries whether an account can be used: signs in for real and reads one small list. Names what is wrong, so that whoever
 * links an account knows what to correct. Stores nothing, and no result holds a secret.
 */

import type { Action } from '../../tools/index.js';
import { type App, type AppOptions, createApp } from '../app.js';
import type { Failure } from '../core/errors.js';
import { explain } from '../core/explain.js';
import { quote } from '../core/quote.js';
import { oneLine } from '../core/visible.js';
import type { Configuration, Flags, SignInMethod } from '../databricks/config.js';
import { withoutSettings } from '../databricks/settings.js';
import { lacksScopes, refusesSecret } from '../databricks/sign-in/refusals.js';
import { missingScopes, type Opened, opened, probeRole, probeSignIn } from './probes.js';

export type TrialProblemKind =
  /** Refused by name, or it answers like something else than an account. */
  | 'wrong_host'
  | 'wrong_account'
  /** The token endpoint knows only "refused": it may as well be the client id or the account id. */
  | 'wrong_secret'
  | 'scope_not_assigned'
  /** Granted, but no action is behind them: most likely a typing error. */
  | 'opens_nothing'
  | 'no_admin_role'
  | 'unreachable'
  | 'configuration'
  | 'other';

export interface TrialProblem {
  readonly kind: TrialProblemKind;
  readonly message: string;
  readonly next: string;
}

export interface Trial {
  readonly signedIn: boolean;
  readonly granted: readonly string[];
  /** Scopes that were asked for and not granted. */
  readonly missing: readonly string[];
  /** What the grant opens, by service area; empty without a sign-in. */
  readonly opens: readonly Opened[];
  readonly problem?: TrialProblem;
}

export interface Attempt {
  readonly env: NonNullable<AppOptions['env']>;
  readonly signal?: AbortSignal;
  /** How to sign in, where neither a profile nor the secret tells. */
  readonly method?: SignInMethod;
  readonly tenantId?: string;
  readonly oidcTokenEnv?: string;
  readonly oidcTokenFilepath?: string;
}

/**
 * `flags` name the account, or a profile that does. `secret`: the client secret, where no file or profile holds it. What
 * the environment says about some account and what it forbids do not count here; proxies and certificates do.
 */
export async function tryAccount(flags: Flags, secret: string | undefined, how: Attempt): Promise<Trial> {
  const said = {
    [how.method === 'azure-client-secret' ? 'ARM_CLIENT_SECRET' : 'DATABRICKS_CLIENT_SECRET']: secret,
    DATABRICKS_AUTH_TYPE: how.method,
    // Where the profile is, unless the flags tell.
    DATABRICKS_CONFIG_FILE: flags.profile === undefined ? undefined : how.env.DATABRICKS_CONFIG_FILE,
    ARM_TENANT_ID: how.tenantId,
    DATABRICKS_OIDC_TOKEN_ENV: how.oidcTokenEnv,
    DATABRICKS_OIDC_TOKEN_FILEPATH: how.oidcTokenFilepath,
  };
  const app = await createApp({ flags, env: { ...bare(how.env), ...said }, logLevel: 'silent' });
  try {
    return await attempt(app, how.signal);
  } finally {
    await app.close();
  }
}

/** Variables of ours that decide where credentials may go and where files are; the others are policy. */
const keptOfOurs = ['DATABRICKS_MCP_ALLOWED_HOSTS', 'DATABRICKS_MCP_STATE_DIR', 'DATABRICKS_MCP_LOOPBACK_LOGIN'];

const bare = (env: Attempt['env']): Attempt['env'] =>
  Object.fromEntries(
    Object.entries(withoutSettings(env)).filter(
      ([name]) => !name.startsWith('DATABRICKS_MCP_') || keptOfOurs.includes(name),
    ),
  );

async function attempt(app: App, signal: AbortSignal | undefined): Promise<Trial> {
  const nothing = { signedIn: false, granted: [], missing: [], opens: [] };
  const scrubbed = ({ kind, message, next }: TrialProblem): TrialProblem => ({
    kind,
    message: app.redactor.scrub(message),
    next: app.redactor.scrub(next),
  });
  if (app.configuration.connection === undefined) {
    return { ...nothing, problem: scrubbed(ofConfiguration(app.configuration)) };
  }
  const refusal = await probeSignIn(app, signal);
  if (refusal !== undefined) return { ...nothing, problem: scrubbed(ofSignIn(refusal, app)) };

  const problem = ofGrant(app) ?? (await ofRole(app, signal));
  return {
    signedIn: true,
    granted: app.access.scopes,
    missing: missingScopes(app),
    opens: opened(app),
    ...(problem !== undefined && { problem: scrubbed(problem) }),
  };
}

function ofConfiguration({ problems }: Configuration): TrialProblem {
  const kinds: Readonly<Record<string, TrialProblemKind>> = { host: 'wrong_host', account_id: 'wrong_account' };
  const [first] = problems;
  return {
    kind: kinds[first?.setting ?? ''] ?? 'configuration',
    // What was typed into a form or answered to a question comes as flags; nobody has set one.
    message: problems.map(({ message }) => message.replace(/ set by flag --[a-z-]+/, '')).join(' '),
    next: problems.map(({ fix }) => fix).join(' '),
  };
}

function ofSignIn(failure: Failure, app: App): TrialProblem {
  const words = inWords(failure, app);
  const { configuration } = app;
  if (failure.kind === 'network' || failure.kind === 'timeout') {
    const next = failure.next ?? 'Check the host, the network of this machine and HTTPS_PROXY.';
    return { kind: 'unreachable', ...words, next };
  }
  if (failure.kind === 'unreadable') return { kind: 'wrong_host', ...words };
  if (failure.kind === 'configuration') return { kind: 'configuration', ...words };
  if (failure.kind !== 'sign_in' || failure.retryable) return { kind: 'other', ...words };
  if (lacksScopes(failure)) return { kind: 'scope_not_assigned', ...words };
  if (!refusesSecret(failure) || configuration.method?.endsWith('-oidc')) return { kind: 'other', ...words };
  if (configuration.clientId?.toLowerCase() === configuration.accountId) {
    const message = 'Client id and account id are the same; one of them is in the wrong place.';
    return { kind: 'wrong_account', message, next: 'The client id is the application id of the service principal.' };
  }
  return { kind: 'wrong_secret', ...words };
}

function ofGrant({ access }: App): TrialProblem | undefined {
  if (access.permitted.length > 0) return undefined;
  const message = `The scopes that were granted open no action: ${access.scopes.join(' ')}.`;
  return { kind: 'opens_nothing', message, next: 'Choose actions, and use the scopes that are told for them.' };
}

async function ofRole(app: App, signal: AbortSignal | undefined): Promise<TrialProblem | undefined> {
  const verdict = await probeRole(app, signal);
  if (verdict.role === 'reads' || verdict.role === 'unknown') return undefined;
  const { failure, action } = verdict;
  const words = inWords(failure, app, action);
  if (verdict.role === 'failed') {
    const isSilent = failure.kind === 'network' || failure.kind === 'timeout';
    return { kind: isSilent ? 'unreachable' : 'other', ...words };
  }
  if (/not valid for (this )?account/i.test(failure.upstreamMessage ?? '')) return { kind: 'wrong_account', ...words };
  return {
    kind: 'no_admin_role',
    message: `The service principal signs in but is not an account admin: ${words.message}`,
    next: 'Give it the Account admin role: account console, User management, Service principals, Roles.',
  };
}

/** Databricks' words are quoted as what they are. */
function inWords(failure: Failure, { redactor }: App, action?: Action): Pick<TrialProblem, 'message' | 'next'> {
  const { message, next } = explain(failure, action);
  const { upstreamMessage } = failure;
  const said = upstreamMessage && ` Databricks said: ${oneLine(quote(upstreamMessage, redactor.scrub), 300)}.`;
  return { message: `${message}${said ?? ''}`, next };
}
