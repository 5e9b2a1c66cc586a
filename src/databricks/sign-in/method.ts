// How to sign in: which of the official SDKs' methods the configuration asks for, by their rules. What a method needs is read
// elsewhere.

import type { ConfigIo } from '../config-io.js';
import type { Problem } from '../config-problem.js';
import { credentialKinds, type Setting, type Settings, whereToSet } from '../settings.js';

/** In the words of the official SDKs. */
export const signInMethods = ['oauth-m2m', 'env-oidc', 'file-oidc', 'azure-client-secret'] as const;
export type SignInMethod = (typeof signInMethods)[number];

/** What a method signs in with. Each reads it now, at every call, so that rotation works; throws ConfigProblem. */
export type SignIn =
  | { readonly method: 'oauth-m2m'; readSecret(): Promise<string> }
  | { readonly method: 'env-oidc' | 'file-oidc'; readToken(): Promise<string> }
  | {
      readonly method: 'azure-client-secret';
      readonly tenantId: string;
      /** An origin: https://login.microsoftonline.com */
      readonly loginHost: string;
      readSecret(): Promise<string>;
    };

/** Whatever signs in. Throws ConfigProblem. */
export const readCredential = (signIn: SignIn): Promise<string> =>
  'readToken' in signIn ? signIn.readToken() : signIn.readSecret();

/** Where the token of env-oidc is, unless another variable is named. */
export const tokenVariable = 'DATABRICKS_OIDC_TOKEN';

const byKind: Readonly<Record<string, SignInMethod>> = {
  oauth: 'oauth-m2m',
  'env-oidc': 'env-oidc',
  'file-oidc': 'file-oidc',
  azure: 'azure-client-secret',
};

const setting = 'auth_type';
const ours = signInMethods.join(', ');

export function chooseMethod({ found }: Settings, { env }: Pick<ConfigIo, 'env'>): SignInMethod | Problem {
  const said = found.get(setting);
  const named = signInMethods.find((method) => method === said?.value);
  if (named) return named;
  if (said) {
    const message = `${said.source} chooses an auth_type this server does not have.`;
    return { setting, message, fix: `Set one of ${ours} in ${whereToSet(setting)}, or nothing.` };
  }
  const kinds = credentialKinds(found);
  // A client id alone belongs to any of them, and stands beside the token of an OIDC method.
  const telling = kinds.filter((kind) => kind !== 'oauth' || !hasOnlyClientId(found) || kinds.length === 1);
  if (telling.length > 1) {
    const sources = [...found].filter(([name]) => isCredential(name)).map(([, { source }]) => source);
    const message = `validate: more than one authorization method configured: ${telling.join(' and ')}`;
    const fix = `Remove what you do not use (${[...new Set(sources)].join(', ')}), or choose one of ${ours} in ${whereToSet(setting)}.`;
    return { setting, message, fix };
  }
  const [kind] = telling;
  if (kind !== undefined && !byKind[kind]) {
    const message = `Only credentials of the kind ${kind} are configured, which this server does not take.`;
    return { setting, message, fix: 'Give the client id and an OAuth secret of a service principal.' };
  }
  const method = byKind[kind ?? 'oauth'] ?? 'oauth-m2m';
  return method === 'oauth-m2m' && env[tokenVariable] && !hasSecret(found) ? 'env-oidc' : method;
}

const isCredential = (name: Setting) => credentialKinds(new Map([[name, undefined]])).length > 0;

const hasSecret = (found: Settings['found']) => secretSettings.some((name) => found.has(name));

const hasOnlyClientId = (found: Settings['found']) => !hasSecret(found);

export const secretSettings = ['client_secret', 'client_secret_file', 'client_secret_keychain'] as const;

/** Whether what a setting says counts for the method. */
export function counts(setting: Setting, method: SignInMethod): boolean {
  const [kind] = credentialKinds(new Map([[setting, undefined]]));
  if (kind === undefined) return setting !== 'azure_environment' || method === 'azure-client-secret';
  switch (method) {
    case 'oauth-m2m':
      return kind === 'oauth';
    case 'env-oidc':
    case 'file-oidc':
      return kind === method || setting === 'client_id';
    case 'azure-client-secret':
      return (azureSettings as readonly string[]).includes(setting);
  }
}

const azureSettings = [
  'azure_client_id',
  'azure_client_secret',
  'azure_tenant_id',
  'client_secret_file',
  'client_secret_keychain',
] as const;
