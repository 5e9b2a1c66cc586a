/** What `doctor` learns from the account itself: whether it signs us in, what it grants and whether it lets us in. */
import type { App } from '../../app.js';
import { missingScopes, probeSignIn } from '../../link/probes.js';
import { lookAtAreas, roleOf } from './areas.js';
import { failing } from './failing.js';
import { type Finding, fail, ok, skip, warn } from './finding.js';

export interface AccountFindings {
  readonly account: readonly Finding[];
  readonly areas: readonly Finding[];
}

/** `reached`: whether the host can be talked to at all. */
export async function checkAccount(app: App, reached: boolean, signal: AbortSignal): Promise<AccountFindings> {
  const { configuration } = app;
  const unasked = (message: string) => ({ account: [skip('sign-in', `not tried: ${message}`)], areas: [] });
  if (configuration.connection === undefined) return unasked('the configuration is not complete');
  if (!reached) return unasked('the host was not reached');
  const refusal = await probeSignIn(app, signal);
  if (refusal !== undefined) return { account: [failing('sign-in', refusal)], areas: [] };
  const looks = await lookAtAreas(app, signal);
  return {
    account: [ok('sign-in', `signed in as ${configuration.clientId}`), ...checkScopes(app), roleOf(looks)],
    areas: looks.map(({ finding }) => finding),
  };
}

function checkScopes(app: App): Finding[] {
  const { access, configuration } = app;
  const missing = missingScopes(app);
  const nothing =
    'Ask for a scope that opens one: `actions --scopes-for` names it. What the policy switches off stays closed.';
  return [
    ok(
      'scopes',
      configuration.method === 'azure-client-secret'
        ? 'none: a token of Microsoft Entra opens everything the service principal may do'
        : `asked for ${configuration.scopes.join(' ')}, granted ${access.scopes.join(' ')}`,
    ),
    ...(missing.length > 0
      ? [warn('scopes', `Asked for, but not granted: ${missing.join(' ')}.`, 'Make a secret bound to these too.')]
      : []),
    ...(access.permitted.length === 0
      ? [fail('scopes', 'These scopes open no action.', nothing, 'not_available')]
      : []),
  ];
}
