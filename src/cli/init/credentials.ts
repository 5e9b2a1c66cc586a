/** What the service principal signs in with: a secret of Databricks, a token of a workload, or an Entra application. */
import { resolve } from 'node:path';
import { type SignInMethod, signInMethods } from '../../databricks/config.js';
import { tokenVariable } from '../../databricks/sign-in/method.js';
import { type Asker, Unusable } from './asker.js';
import type { InitFlags } from './flags.js';
import { type Env, hasSecret, readSecret } from './secret.js';

export interface Credentials {
  readonly method: SignInMethod;
  readonly clientId: string;
  /** Of the methods that have one. */
  readonly secret?: string;
  readonly oidcTokenEnv?: string;
  readonly oidcTokenFilepath?: string;
  readonly azureTenantId?: string;
}

export interface Sources {
  readonly flags: InitFlags;
  readonly env: Env;
}

const needsSecret = (method: SignInMethod): boolean => method === 'oauth-m2m' || method === 'azure-client-secret';

/** Undefined where nothing was said and a person may choose. */
function knownMethod({ flags }: Sources): SignInMethod | undefined {
  if (flags.authType !== undefined) return flags.authType;
  if (flags.azureTenantId !== undefined) return 'azure-client-secret';
  if (flags.oidcTokenFile !== undefined) return 'file-oidc';
  if (flags.oidcTokenEnv !== undefined) return 'env-oidc';
  return undefined;
}

/** What is known without asking. */
export function knownCredentials(sources: Sources): Partial<Credentials> {
  const { flags, env } = sources;
  const method = knownMethod(sources);
  const isAzure = method === 'azure-client-secret';
  const clientId =
    flags.clientId ?? (isAzure ? (env.ARM_CLIENT_ID ?? env.DATABRICKS_CLIENT_ID) : env.DATABRICKS_CLIENT_ID);
  const tenant = flags.azureTenantId ?? (isAzure ? env.ARM_TENANT_ID : undefined);
  return {
    ...(method !== undefined && { method }),
    ...(clientId && { clientId: clientId.trim() }),
    ...(tenant && { azureTenantId: tenant }),
    ...(flags.oidcTokenEnv !== undefined && { oidcTokenEnv: flags.oidcTokenEnv }),
    ...(flags.oidcTokenFile !== undefined && { oidcTokenFilepath: resolve(flags.oidcTokenFile) }),
  };
}

/** Flags that a run without a person lacks. */
export function missingOf({ method = 'oauth-m2m', ...known }: Partial<Credentials>, sources: Sources): string[] {
  const lacks = needsSecret(method) && !hasSecret(sources.flags, sources.env, method);
  return [
    ...(known.clientId === undefined ? ['--client-id'] : []),
    ...(method === 'azure-client-secret' && known.azureTenantId === undefined ? ['--azure-tenant-id'] : []),
    ...(method === 'file-oidc' && known.oidcTokenFilepath === undefined ? ['--oidc-token-file'] : []),
    ...(lacks ? ['--client-secret-file or --secret-from-stdin (or DATABRICKS_CLIENT_SECRET)'] : []),
  ];
}

/** Without a person; nothing is missing. */
export async function readCredentials(known: Partial<Credentials>, { flags, env }: Sources): Promise<Credentials> {
  const { method = 'oauth-m2m', clientId = '' } = known;
  const secret = needsSecret(method) ? await readSecret(flags, env, method) : undefined;
  return { ...known, method, clientId, ...(secret !== undefined && { secret }) };
}

const labels: Readonly<Record<SignInMethod, string>> = {
  'oauth-m2m': 'a client secret of Databricks; the usual way',
  'env-oidc': `a token of a workload, in a variable the MCP client has (${tokenVariable})`,
  'file-oidc': 'a token of a workload, in a file',
  'azure-client-secret': 'a client secret of a Microsoft Entra application',
};

export function askMethod(onAzure: boolean, asker: Asker): Promise<SignInMethod> {
  asker.say('\nWhat does the service principal sign in with?');
  const offered = signInMethods.filter((method) => onAzure || method !== 'azure-client-secret');
  return asker.one(
    'Sign in with',
    offered.map((method) => ({ label: labels[method], word: method, value: method })),
  );
}

/** Asks for what is not known. */
export async function askCredentials(
  method: SignInMethod,
  known: Partial<Credentials>,
  { flags, env }: Sources,
  asker: Asker,
): Promise<Credentials> {
  const what =
    method === 'azure-client-secret' ? 'client id of the Entra application' : 'application id of the service principal';
  const clientId = known.clientId ?? (await asker.text(`Client id (${what})`, oneWord));
  const secretFor = (of: SignInMethod) =>
    hasSecret(flags, env, of) ? readSecret(flags, env, of) : asker.secret('Client secret');
  const base: Credentials = { ...known, method, clientId };
  switch (method) {
    case 'env-oidc':
      return {
        ...base,
        oidcTokenEnv: known.oidcTokenEnv ?? (await asker.text('Name of the variable', variable, tokenVariable)),
      };
    case 'file-oidc':
      return {
        ...base,
        oidcTokenFilepath:
          known.oidcTokenFilepath ?? (await asker.text('File with the token', (path) => resolve(oneWord(path)))),
      };
    case 'azure-client-secret':
      return {
        ...base,
        azureTenantId: known.azureTenantId ?? (await asker.text('Tenant id', oneWord)),
        secret: await secretFor(method),
      };
    case 'oauth-m2m':
      return { ...base, secret: await secretFor(method) };
  }
}

function oneWord(answer: string): string {
  if (answer === '' || /\s/.test(answer)) throw new Unusable('It is one word.');
  return answer;
}

function variable(answer: string): string {
  if (!/^[A-Za-z_]\w*$/.test(answer)) throw new Unusable('Give the name of a variable, never the token.');
  return answer;
}
