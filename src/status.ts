/**
 * `databricks_access_status` and what the command line shows of it: which account this is, what the token may do, what
 * is closed and what would open it.
 */
import type { ActionFacts } from '../tools/action.js';
import type { AreaFacts } from '../tools/index.js';
import type { Access } from './access.js';
import { ActionError, type Failure } from './core/errors.js';
import { explain } from './core/explain.js';
import { quote } from './core/quote.js';
import { onCloud, opens } from './core/scopes.js';
import type { Configuration } from './databricks/config.js';
import type { Journal } from './guard/journal.js';
import type { Policy } from './guard/policy.js';
import { policyStatus } from './policy-status.js';

export interface StatusParts {
  readonly areas: readonly AreaFacts[];
  readonly configuration: Configuration;
  readonly access: Access;
  readonly policy: Policy;
  readonly journal: Pick<Journal, 'unsettled'>;
  readonly sandbox: boolean;
  readonly signIn: (signal?: AbortSignal) => Promise<readonly string[]>;
  readonly scrub: (text: string) => string;
}

/** `policy`: what is left of the operator's for who asks. */
export async function accessStatus(
  parts: StatusParts,
  signal?: AbortSignal,
  policy = parts.policy,
): Promise<Record<string, unknown>> {
  const { configuration, access } = parts;
  const actions = parts.areas.flatMap((area) => area.actions);
  const { host, cloud, accountId, clientId } = configuration;
  const failure = await trySignIn(parts, signal);
  const granted = access.scopes;
  const { permitted } = access.under(policy);
  const here = actions.filter((action) => onCloud(cloud, action));
  const closed = here.filter((action) => !opens(granted, action));
  const elsewhere = actions.filter((action) => !onCloud(cloud, action));
  return {
    account_id: accountId ?? null,
    host: host ?? null,
    cloud: cloud ?? null,
    client_id: clientId ?? null,
    ...(parts.sandbox && { sandbox: true }),
    signed_in: failure === undefined,
    ...(failure !== undefined && { sign_in_problem: problemOf(failure, parts) }),
    scopes: {
      asked: configuration.scopes,
      ...(configuration.method === 'azure-client-secret' && { note: noScopes }),
      ...(access.confirmed ? { granted } : { granted: null, note: 'Not signed in; the scopes asked for are assumed.' }),
    },
    open: byRisk(permitted),
    policy: policyStatus(policy, parts.areas, permitted, (action) => here.includes(action) && opens(granted, action)),
    ...(await unknownOutcomes(parts, policy)),
    ...(closed.length > 0 && {
      closed_by_scope: byScope(closed),
      to_open:
        'An account admin makes a secret for this service principal that is bound to the scope (account console, ' +
        'Credentials & secrets); then set the secret and the scope in --scopes or DATABRICKS_SCOPES and restart.',
    }),
    ...(elsewhere.length > 0 && { not_on_this_cloud: elsewhere.map(({ id }) => id) }),
    rights:
      'Scopes open actions but grant no rights: most account actions also need the Account admin role on the service principal.',
  };
}

const noScopes = 'A token of Microsoft Entra has no scopes: it opens everything the service principal may do.';

/**
 * Writes that a process began and died over, so that whoever asks looks before repeating them. A caller who could not
 * make such a write is told nothing of those of others.
 */
async function unknownOutcomes(
  { areas, journal, policy: operators }: StatusParts,
  policy: Policy,
): Promise<Record<string, unknown>> {
  const all = await journal.unsettled().catch(() => undefined);
  const repeatable = new Set<string>(
    areas.flatMap(({ actions }) => actions.filter((action) => policy.isOn(action))).map(({ id }) => id),
  );
  const writes = policy === operators ? all : all?.filter(({ action }) => repeatable.has(action));
  if (writes === undefined) return { journal: 'It cannot be read; changes are refused. The operator has to look.' };
  if (writes.length === 0) return {};
  return {
    unknown_outcomes: writes.slice(-mostUnknown).map(({ time, action, target, check }) => ({
      sent_at: time,
      tool: action,
      ...(target !== undefined && { target }),
      ...(check !== undefined && { check }),
    })),
  };
}

const mostUnknown = 5;

async function trySignIn({ signIn }: StatusParts, signal: AbortSignal | undefined): Promise<Failure | undefined> {
  try {
    await signIn(signal);
    return undefined;
  } catch (error) {
    if (error instanceof ActionError) return error.failure;
    throw error;
  }
}

function problemOf(failure: Failure, { configuration, scrub }: StatusParts): Record<string, unknown> {
  const { problems } = configuration;
  if (failure.kind === 'configuration') {
    return { kind: failure.kind, problems: problems.map(({ setting, message, fix }) => ({ setting, message, fix })) };
  }
  const { message, next } = explain(failure);
  return {
    kind: failure.kind,
    message,
    ...(failure.code !== undefined && { code: failure.code }),
    ...(failure.upstreamMessage !== undefined && { databricks_said: quote(failure.upstreamMessage, scrub) }),
    next,
  };
}

/** How many actions of each risk there are. */
function byRisk(open: readonly ActionFacts[]): Record<ActionFacts['risk'], number> {
  const counts = { read: 0, write: 0, privilege: 0, destructive: 0, secret: 0 };
  for (const { risk } of open) counts[risk] += 1;
  return counts;
}

/** Closed actions by the scope that would open them. */
function byScope(closed: readonly ActionFacts[]): Record<string, string[]> {
  const groups: Record<string, string[]> = {};
  for (const { id, scopes } of closed) {
    groups[scopes[0]] ??= [];
    groups[scopes[0]]?.push(id);
  }
  return groups;
}
