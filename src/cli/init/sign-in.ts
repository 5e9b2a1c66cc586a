/** Signs in for real with what was given. A person may correct what is wrong; a script is told and stops. */
import { devNull } from 'node:os';
import process from 'node:process';
import { type ActionError, type FailureKind, failed } from '../../core/errors.js';
import { splitScopes } from '../../core/scopes.js';
import { type Trial, type TrialProblem, type TrialProblemKind, tryAccount } from '../../link/trial.js';
import { note, passing, plain, style } from '../terminal.js';
import type { Asker } from './asker.js';
import { askCredentials, type Sources } from './credentials.js';
import { askAccountId, askScopes, askWhere, type Draft } from './draft.js';
import type { InitFlags } from './flags.js';

const kindOf: Readonly<Record<TrialProblemKind, FailureKind>> = {
  wrong_host: 'configuration',
  wrong_account: 'configuration',
  configuration: 'configuration',
  wrong_secret: 'sign_in',
  scope_not_assigned: 'sign_in',
  opens_nothing: 'configuration',
  no_admin_role: 'forbidden',
  unreachable: 'network',
  other: 'upstream',
};

export const asFailure = ({ kind, message, next }: TrialProblem): ActionError =>
  failed(kindOf[kind], message, { next: `${next} Nothing was stored.` });

/** The draft as it signs in. Throws where it does not, and where a person gives up. */
export async function signIn(draft: Draft, sources: Sources, asker: Asker | undefined): Promise<Draft> {
  let current = draft;
  for (;;) {
    const trial = await attempt(current, sources, asker?.signal);
    if (trial.problem === undefined) {
      tellGranted(trial);
      return current;
    }
    if (asker === undefined) throw asFailure(trial.problem);
    const { message, next } = trial.problem;
    asker.say(`${style('red', 'It does not work yet:', process.stderr)} ${message}\n  ${next}`);
    const corrected = await correct(current, trial, sources, asker);
    if (corrected === 'as it is') return current;
    current = corrected;
  }
}

export async function attempt(draft: Draft, { flags, env }: Sources, signal?: AbortSignal): Promise<Trial> {
  passing('Signing in …');
  const { host, cloud, accountId, clientId, scopes, method, azureTenantId, oidcTokenEnv, oidcTokenFilepath } = draft;
  return tryAccount(
    {
      host,
      accountId,
      clientId,
      ...(cloud !== undefined && { cloud }),
      ...(scopes.length > 0 && { scopes: scopes.join(' ') }),
      // What other profiles say does not count here.
      configFile: devNull,
      ...(flags.allowHost !== undefined && { allowHosts: flags.allowHost }),
      ...(flags.caFile !== undefined && { caFile: flags.caFile }),
    },
    draft.secret,
    {
      env,
      method,
      ...(signal && { signal }),
      ...(azureTenantId !== undefined && { tenantId: azureTenantId }),
      ...(oidcTokenEnv !== undefined && { oidcTokenEnv }),
      ...(oidcTokenFilepath !== undefined && { oidcTokenFilepath }),
    },
  ).finally(() => passing(''));
}

export function tellGranted({ granted, opens }: Trial): void {
  const open = opens.reduce((sum, area) => sum + area.open.length, 0);
  const all = plain(granted.join(' '));
  note(`${style('green', 'Signed in.', process.stderr)} Granted: ${all}; that opens ${open} actions.`);
}

const nothing: InitFlags = { scopeOfFile: 'user' };

type Way = 'again' | 'where' | 'account' | 'credentials' | 'scopes' | 'scope list' | 'as it is' | 'stop';

const ways: Readonly<Record<Way, string>> = {
  again: 'try again, after correcting it over there',
  where: 'another host',
  account: 'another account id',
  credentials: 'give client id and credentials anew',
  scopes: 'choose other actions',
  'scope list': 'type the scopes the secret is bound to',
  'as it is': 'go on as it is',
  stop: 'stop; nothing is stored',
};

const waysFor: Readonly<Record<TrialProblemKind, readonly Way[]>> = {
  wrong_host: ['where', 'again', 'stop'],
  wrong_account: ['account', 'credentials', 'stop'],
  wrong_secret: ['credentials', 'account', 'where', 'again', 'stop'],
  scope_not_assigned: ['scope list', 'scopes', 'again', 'stop'],
  opens_nothing: ['scope list', 'scopes', 'stop'],
  no_admin_role: ['again', 'as it is', 'credentials', 'stop'],
  unreachable: ['again', 'where', 'stop'],
  configuration: ['credentials', 'account', 'where', 'stop'],
  other: ['again', 'credentials', 'where', 'stop'],
};

async function correct(draft: Draft, trial: Trial, sources: Sources, asker: Asker): Promise<Draft | 'as it is'> {
  const kind = trial.problem?.kind ?? 'other';
  const choices = waysFor[kind].map((way) => ({ label: ways[way], word: way, value: way }));
  switch (await asker.one('What now', choices)) {
    case 'where': {
      const { host, accountId = draft.accountId } = await askWhere(sources, asker);
      return { ...draft, host, accountId };
    }
    case 'account':
      return { ...draft, accountId: await askAccountId(draft.host, asker) };
    case 'credentials':
      // What flags and variables say was wrong just now.
      return { ...draft, ...(await askCredentials(draft.method, {}, { flags: nothing, env: {} }, asker)) };
    case 'scopes':
      return { ...draft, ...(await askScopes(sources, asker)) };
    case 'scope list':
      return { ...draft, scopes: await asker.text('Scopes', splitScopes, draft.scopes.join(' ')) };
    case 'as it is':
      return 'as it is';
    case 'stop':
      throw failed('cancelled', 'You stopped. Nothing was stored.', { next: 'Run it again to go on.' });
    case 'again':
      return draft;
  }
}
