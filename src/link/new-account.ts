/** What is stored of an account that is to be linked, and what cannot be stored. Pure; nothing here quotes a value. */
import { inputError } from '../core/errors.js';
import type { SignInMethod } from '../databricks/config.js';
import { parseProfileFile, SETTINGS_SECTION } from '../databricks/databrickscfg.js';
import { profileKeys } from '../databricks/settings.js';

export type SecretPlace = 'file' | 'profile' | 'keychain';

export interface NewAccount {
  readonly name: string;
  readonly host: string;
  readonly accountId: string;
  /** For hosts whose name does not tell. */
  readonly cloud?: string;
  /** Application id of the service principal; for azure-client-secret the client id of the Entra application. */
  readonly clientId: string;
  /** None: what the server asks for by default. */
  readonly scopes: readonly string[];
  /** Default: oauth-m2m. */
  readonly method?: SignInMethod;
  /** env-oidc: the variable that holds the token, where it is not DATABRICKS_OIDC_TOKEN. */
  readonly oidcTokenEnv?: string;
  /** file-oidc: the file that holds the token. */
  readonly oidcTokenFilepath?: string;
  /** azure-client-secret: the tenant, by id. */
  readonly azureTenantId?: string;
}

/** Everything that says who signs in where and how: replacing a profile replaces these and leaves other keys alone. */
export const ownedKeys: ReadonlySet<string> = new Set(profileKeys);

/** Also the name of a file on every platform. */
const plainName = /^[A-Za-z0-9_][A-Za-z0-9_.@-]{0,63}$/;
const deviceName = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/** Throws an input error. */
export function checkName(name: string): void {
  if (name === SETTINGS_SECTION) {
    throw inputError(`${SETTINGS_SECTION} is where tools keep their settings; no profile can have that name.`, another);
  }
  if (!plainName.test(name) || deviceName.test(name) || name.endsWith('.')) {
    throw inputError('This name cannot be used for a profile.', `${another} ${allowed}`);
  }
}

const another = 'Choose another name.';
const allowed = 'Use up to 64 letters, digits and _ . @ -, beginning with a letter or digit.';

/** The profile's keys, without those about the secret. Throws an input error. */
export function keysOf(account: NewAccount): Map<string, string> {
  const { method = 'oauth-m2m' } = account;
  const isAzure = method === 'azure-client-secret';
  if (isAzure && account.scopes.length > 0) {
    throw inputError('Entra applications have no scopes of Databricks.', 'Leave the scopes out.');
  }
  const keys = new Map<string, string | undefined>([
    ['host', account.host],
    ['account_id', account.accountId],
    ['cloud', account.cloud],
    // The official tools find out by themselves that an id and a secret mean oauth-m2m.
    ['auth_type', method === 'oauth-m2m' ? undefined : method],
    [isAzure ? 'azure_client_id' : 'client_id', account.clientId],
    ['azure_tenant_id', isAzure ? account.azureTenantId : undefined],
    ['oidc_token_env', method === 'env-oidc' ? account.oidcTokenEnv : undefined],
    ['oidc_token_filepath', method === 'file-oidc' ? account.oidcTokenFilepath : undefined],
    ['scopes', account.scopes.length > 0 ? account.scopes.join(' ') : undefined],
  ]);
  const said = new Map<string, string>();
  for (const [key, value] of keys) {
    if (value === undefined) continue;
    if (!fitsProfile(key, value)) {
      throw inputError(`The ${key} cannot be stored in a profile.`, `Give it on one line, without " #" ${plainText}.`);
    }
    said.set(key, value);
  }
  return said;
}

const plainText = 'and without white space or control characters around or in it that do not belong there';

/** True when the value is read back from a line of the profile as it was written. */
function fitsProfile(key: string, value: string): boolean {
  if (value === '' || /\p{Cc}/u.test(value)) return false;
  return parseProfileFile(`${key} = ${value}\n`).profiles.get('DEFAULT')?.get(key) === value;
}

/** Throws an input error for what can be no client secret, or none in this place. */
export function checkSecret(value: string, place: SecretPlace): void {
  if (value === '' || value !== value.trim() || /\p{Cc}/u.test(value)) {
    const next = 'Copy it again: one line, without white space at either end.';
    throw inputError(value === '' ? 'The client secret is empty.' : 'The client secret is not one word or line.', next);
  }
  if (place === 'profile' && !fitsProfile('client_secret', value)) {
    throw inputError('This client secret cannot be stored in a profile.', 'Store it in a file instead.');
  }
}
