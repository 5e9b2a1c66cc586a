/**
 * azure-client-secret: an application of Microsoft Entra signs in at Microsoft's login host, and its token is taken by the
 * account as it is. Databricks' scopes do not apply to it. Pure.
 */
import { type ActionError, failed } from '../../core/errors.js';
import type { HttpAnswer } from '../http.js';
import type { Grant } from './grant.js';
import { refusalFacts, undecided, wordsOf } from './refusals.js';
import { formRequest } from './secret-grant.js';

/** Azure Databricks as Entra knows it, the same in all of Azure's clouds. */
const scope = '2ff814a6-3304-4ab8-85cb-cd0e6f879c1d/.default';

export function entraGrant(clientId: string, tenantId: string, secret: string): Grant {
  const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: secret, scope };
  return {
    credential: secret,
    secrets: [secret],
    request: formRequest(`/${encodeURIComponent(tenantId)}/oauth2/v2.0/token`, form),
    refusal: refusalOf,
    reworded,
  };
}

interface Meaning {
  readonly message: string;
  readonly next: string;
}

const secretSetting = 'the secret (ARM_CLIENT_SECRET or the profile key azure_client_secret)';

/** https://learn.microsoft.com/en-us/entra/identity-platform/reference-error-codes */
const meanings: Readonly<Record<string, Meaning>> = {
  '7000215': {
    message: 'Microsoft Entra refused the client secret.',
    next: `Check ${secretSetting}: it is the value of the secret, not its id.`,
  },
  '7000222': {
    message: 'The client secret of the Entra application has expired.',
    next: `Make a new one in the application's Certificates & secrets and set ${secretSetting}.`,
  },
  '700016': {
    message: 'Microsoft Entra knows no such client id in this tenant.',
    next: 'Check ARM_CLIENT_ID (the application id) and ARM_TENANT_ID.',
  },
  '7000112': {
    message: 'The Entra application is disabled.',
    next: 'Have it enabled in the Entra admin center.',
  },
  '90002': {
    message: 'Microsoft Entra knows no such tenant.',
    next: 'Check ARM_TENANT_ID and, outside the public cloud, ARM_ENVIRONMENT (usgovernment, china).',
  },
  '500011': {
    message: 'Azure Databricks is not there in this Entra tenant.',
    next: 'Check ARM_TENANT_ID: it has to be the tenant of the Databricks account.',
  },
};
/** A tenant that is neither an id nor a domain. */
const alias: Readonly<Record<string, string>> = { '900023': '90002' };

function refusalOf(answer: HttpAnswer, retryAfter: number | undefined): ActionError {
  const open = undecided(answer, retryAfter);
  if (open !== undefined) return open;
  // Its words are Microsoft's, and what shows them would call them Databricks'. The code says as much.
  const { upstreamMessage, code, ...facts } = refusalFacts(answer, retryAfter);
  const number = /AADSTS(\d{4,9})\b/.exec(wordsOf({ upstreamMessage, code }))?.[1];
  if (number === undefined) {
    return failed('sign_in', 'Microsoft Entra refused to sign in.', {
      ...facts,
      ...(code !== undefined && { code }),
      next: 'Check ARM_CLIENT_ID, ARM_TENANT_ID and the secret.',
    });
  }
  const meaning = meanings[alias[number] ?? number];
  return failed('sign_in', meaning?.message ?? 'Microsoft Entra refused to sign in.', {
    ...facts,
    code: `AADSTS${number}`,
    next: meaning?.next ?? `See https://login.microsoftonline.com/error?code=${number} for what that means.`,
  });
}

function reworded(error: ActionError): ActionError {
  const { kind, message: _, next, ...facts } = error.failure;
  const words: Partial<Record<typeof kind, string>> = {
    network: "Microsoft's login host cannot be reached.",
    timeout: "Microsoft's login host did not answer in time.",
    unreadable: "Microsoft's login host did not answer as it should.",
  };
  const message = words[kind];
  if (message === undefined) return error;
  const fix =
    'Check the network of this machine and, behind a proxy, HTTPS_PROXY: login.microsoftonline.com has to be open.';
  // Advice about certificates fits any host; other advice names the account's.
  return failed(kind, message, { ...facts, next: next?.includes('--ca-file') ? next : fix }, error);
}
