// What the chosen method needs of the configuration, made into a way to sign in. Adds what is missing or wrong to the findings.

import { ConfigProblem, type Problem } from '../config-problem.js';
import { azureEnvironments, type Cloud, loginHostOf, loopbackLogin } from '../hosts.js';
import { type Setting, whereToSet } from '../settings.js';
import type { Findings } from '../target.js';
import { findClientSecret } from './client-secret.js';
import { findIdToken } from './id-token.js';
import type { SignIn, SignInMethod } from './method.js';

interface Target {
  readonly host: string | undefined;
  readonly cloud: Cloud | undefined;
}

interface Identity {
  readonly clientId: string | undefined;
  /** Undefined where something it cannot do without is missing. */
  readonly signIn: SignIn | undefined;
}

export function readSignIn(findings: Findings, method: SignInMethod, target: Target): Identity {
  if (method === 'azure-client-secret') return readEntra(findings, target);
  const clientId = readClientId(findings, method);
  if (method === 'oauth-m2m') {
    const readSecret = readClientSecret(findings, 'client_secret');
    return { clientId, signIn: readSecret && { method, readSecret } };
  }
  const token = findIdToken(method, findings.settings, findings.io);
  if (!('read' in token)) {
    findings.problems.push(token);
    return { clientId, signIn: undefined };
  }
  findings.sources.oidc_token = token.source;
  check(findings, () => void token.read());
  return { clientId, signIn: { method, readToken: async () => token.read() } };
}

function readClientId({ settings: { found }, problems }: Findings, method: SignInMethod): string | undefined {
  const setting = 'client_id';
  const fix = `Set ${whereToSet(setting)} to the application id of a service principal.`;
  // An account-wide policy would do without the id; knowing itself is what keeps this server from being locked out.
  const why =
    method === 'oauth-m2m' ? '' : ' It needs a federation policy of its own; an account-wide one is not enough.';
  if (!found.has(setting)) problems.push({ setting, message: 'No client id is set.', fix: fix + why });
  return found.get(setting)?.value;
}

function readClientSecret(
  findings: Findings,
  direct: 'client_secret' | 'azure_client_secret',
): (() => Promise<string>) | undefined {
  const secret = findClientSecret(direct, findings.settings, findings.io);
  if (!('read' in secret)) {
    findings.problems.push(secret);
    return undefined;
  }
  findings.sources.client_secret = secret.source;
  check(findings, () => secret.check());
  return () => secret.read();
}

/** An Entra application, by its client secret. */
function readEntra(findings: Findings, { host, cloud }: Target): Identity {
  const { settings, sources, problems, io } = findings;
  const need = (setting: Setting, message: string, what: string) => {
    const value = settings.found.get(setting)?.value;
    if (!value) problems.push({ setting, message, fix: `Set ${whereToSet(setting)} to ${what}.` });
    return value;
  };
  const said = settings.found.get('azure_client_id') ?? settings.found.get('client_id');
  if (said) sources.client_id = said.source;
  const clientId = said?.value ?? need('azure_client_id', 'No client id is set.', 'that of the Entra application');
  const tenantId = need('azure_tenant_id', 'No Entra tenant is set.', "the tenant's id");
  const readSecret = readClientSecret(findings, 'azure_client_secret');
  if (cloud && cloud !== 'azure') {
    const message = `The account is on ${cloud}; Entra applications sign in on azure only.`;
    problems.push({ setting: 'cloud', message, fix: 'Give the client id and an OAuth secret of a service principal.' });
  }
  // It becomes part of a path.
  if (tenantId && !/^[\w.-]+$/.test(tenantId)) {
    const fix = `Correct it in ${whereToSet('azure_tenant_id')}: an id or a domain.`;
    problems.push({ setting: 'azure_tenant_id', message: 'The Entra tenant is no id.', fix });
  }
  const loginHost = host && readLoginHost(findings, host, io.env.DATABRICKS_MCP_LOOPBACK_LOGIN);
  const complete = tenantId && loginHost && readSecret;
  return {
    clientId,
    signIn: complete ? { method: 'azure-client-secret', tenantId, loginHost, readSecret } : undefined,
  };
}

function readLoginHost({ settings, problems }: Findings, host: string, loopback: string | undefined) {
  const setting = 'azure_environment';
  const loginHost = loopback ? loopbackLogin(loopback) : loginHostOf(settings.found.get(setting)?.value, host);
  if (loginHost) return loginHost;
  const wrong: Problem = loopback
    ? {
        setting: 'loopback_login',
        message: 'DATABRICKS_MCP_LOOPBACK_LOGIN is for tests; it has to name this machine itself.',
        fix: 'Remove it.',
      }
    : {
        setting,
        message: 'The Azure environment is not known.',
        fix: `Set ${azureEnvironments.join(', ')} in ${whereToSet(setting)}, or nothing.`,
      };
  problems.push(wrong);
  return undefined;
}

function check({ problems }: Findings, look: () => void): void {
  try {
    look();
  } catch (error) {
    if (!(error instanceof ConfigProblem)) throw error;
    problems.push(error.problem);
  }
}
