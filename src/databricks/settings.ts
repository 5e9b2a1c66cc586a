// Where each setting may be said (flag, environment, profile key) and which place wins. Names and loading rules are those of
// the official SDKs; what a value means is not decided here.

import { abbreviateHome, type ConfigIo, expandHome } from './config-io.js';
import type { Problem } from './config-problem.js';
import { loadProfile, type ProfileInUse } from './profile-file.js';

export interface Flags {
  readonly host?: string;
  /** aws, azure, gcp or govcloud */
  readonly cloud?: string;
  readonly accountId?: string;
  readonly clientId?: string;
  readonly clientSecretFile?: string;
  readonly clientSecretKeychain?: string;
  readonly profile?: string;
  readonly configFile?: string;
  readonly scopes?: string;
  readonly allowHosts?: readonly string[];
  readonly caFile?: string;
}

interface Place {
  readonly flag?: string;
  readonly env?: string;
  readonly key?: string;
  /** Other names of the variable and the key, which tools of other languages use. */
  readonly also?: { readonly env: string; readonly key: string };
  /** The kind of credentials the setting belongs to, in the words of the SDKs. */
  readonly kind?: string;
}

const credentials = (kind: string, key: string, env: string): Place => ({ kind, key, env });

const places = {
  host: { flag: '--host', env: 'DATABRICKS_HOST', key: 'host' },
  cloud: { flag: '--cloud', env: 'DATABRICKS_CLOUD', key: 'cloud' },
  account_id: { flag: '--account-id', env: 'DATABRICKS_ACCOUNT_ID', key: 'account_id' },
  scopes: { flag: '--scopes', env: 'DATABRICKS_SCOPES', key: 'scopes' },
  auth_type: { env: 'DATABRICKS_AUTH_TYPE', key: 'auth_type' },
  ca_file: { flag: '--ca-file', env: 'DATABRICKS_CA_FILE' },
  profile: { flag: '--profile', env: 'DATABRICKS_CONFIG_PROFILE' },
  config_file: { flag: '--config-file', env: 'DATABRICKS_CONFIG_FILE' },
  client_id: { flag: '--client-id', env: 'DATABRICKS_CLIENT_ID', key: 'client_id', kind: 'oauth' },
  client_secret: credentials('oauth', 'client_secret', 'DATABRICKS_CLIENT_SECRET'),
  client_secret_file: {
    flag: '--client-secret-file',
    env: 'DATABRICKS_CLIENT_SECRET_FILE',
    key: 'client_secret_file',
    kind: 'oauth',
  },
  client_secret_keychain: {
    flag: '--client-secret-keychain',
    env: 'DATABRICKS_CLIENT_SECRET_KEYCHAIN',
    key: 'client_secret_keychain',
    kind: 'oauth',
  },
  token: credentials('pat', 'token', 'DATABRICKS_TOKEN'),
  username: credentials('basic', 'username', 'DATABRICKS_USERNAME'),
  password: credentials('basic', 'password', 'DATABRICKS_PASSWORD'),
  metadata_service_url: credentials('metadata-service', 'metadata_service_url', 'DATABRICKS_METADATA_SERVICE_URL'),
  google_service_account: credentials('google', 'google_service_account', 'DATABRICKS_GOOGLE_SERVICE_ACCOUNT'),
  google_credentials: credentials('google', 'google_credentials', 'GOOGLE_CREDENTIALS'),
  azure_workspace_resource_id: credentials('azure', 'azure_workspace_resource_id', 'DATABRICKS_AZURE_RESOURCE_ID'),
  azure_client_id: credentials('azure', 'azure_client_id', 'ARM_CLIENT_ID'),
  azure_client_secret: credentials('azure', 'azure_client_secret', 'ARM_CLIENT_SECRET'),
  azure_tenant_id: credentials('azure', 'azure_tenant_id', 'ARM_TENANT_ID'),
  azure_use_msi: credentials('azure', 'azure_use_msi', 'ARM_USE_MSI'),
  oidc_token_env: credentials('env-oidc', 'oidc_token_env', 'DATABRICKS_OIDC_TOKEN_ENV'),
  oidc_token_filepath: {
    ...credentials('file-oidc', 'oidc_token_filepath', 'DATABRICKS_OIDC_TOKEN_FILEPATH'),
    also: { env: 'DATABRICKS_OIDC_TOKEN_FILE', key: 'databricks_id_token_filepath' },
  },
  azure_environment: { env: 'ARM_ENVIRONMENT', key: 'azure_environment' },
} satisfies Record<string, Place>;

export type Setting = keyof typeof places;
export const settingNames = Object.keys(places) as readonly Setting[];
const placeOf = (setting: Setting): Place => places[setting];

const keysOf = (setting: Setting) => named(placeOf(setting).key, placeOf(setting).also?.key);
const variablesOf = (setting: Setting) => named(placeOf(setting).env, placeOf(setting).also?.env);
const named = (...names: readonly (string | undefined)[]) => names.filter((name) => name !== undefined);

/** All that a profile may say of an account. */
export const profileKeys: readonly string[] = settingNames.flatMap((setting) => keysOf(setting));

export interface Found {
  readonly value: string;
  readonly layer: 'flag' | 'environment' | 'profile';
  /** In words: 'flag --host', 'environment DATABRICKS_HOST', 'profile dev in ~/.databrickscfg'. */
  readonly source: string;
}

export interface Settings {
  readonly found: ReadonlyMap<Setting, Found>;
  /** What was said in a place of lower rank and does not count, in order of rank. */
  readonly lost: ReadonlyMap<Setting, readonly Found[]>;
  readonly profile: ProfileInUse | undefined;
  /** Why the profile file was left alone although it exists. */
  readonly fileSkipped: Problem | undefined;
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

/** 'DATABRICKS_HOST, --host or the profile key host' */
export function whereToSet(setting: Setting): string {
  const { env, flag, key } = placeOf(setting);
  const names = [env, flag, key && `the profile key ${key}`].filter((name) => name !== undefined);
  return names.length > 1 ? `${names.slice(0, -1).join(', ')} or ${names.at(-1)}` : names.join('');
}

/** The environment without what it says about any account. What the operator allows stays, and what leads there. */
export function withoutSettings(env: ConfigIo['env']): ConfigIo['env'] {
  const ours = new Set(settingNames.filter((name) => name !== 'ca_file').flatMap(variablesOf));
  return Object.fromEntries(Object.entries(env).filter(([name]) => !ours.has(name)));
}

/** The kinds of credentials that are configured, sorted, as the SDKs list them. */
export const credentialKinds = (found: ReadonlyMap<Setting, unknown>): string[] =>
  [...new Set([...found.keys()].map((setting) => placeOf(setting).kind).filter((kind) => kind !== undefined))].sort();

export function gatherSettings(flags: Flags, io: ConfigIo): Settings {
  const found = new Map<Setting, Found>();
  const lost = new Map<Setting, Found[]>();
  const keep = (setting: Setting, value: string | undefined, layer: Found['layer'], source: string) => {
    // An empty value is no value, as in the SDKs. A secret is taken to the letter.
    const meant = setting === 'client_secret' || setting === 'azure_client_secret' ? value : value?.trim();
    if (!meant || (setting === 'azure_use_msi' && /^(false|0)$/i.test(meant))) return;
    const said = { value: meant, layer, source };
    if (found.has(setting)) lost.set(setting, [...(lost.get(setting) ?? []), said]);
    else found.set(setting, said);
  };

  const said: Partial<Record<Setting, string | undefined>> = {
    host: flags.host,
    cloud: flags.cloud,
    account_id: flags.accountId,
    client_id: flags.clientId,
    client_secret_file: flags.clientSecretFile,
    client_secret_keychain: flags.clientSecretKeychain,
    profile: flags.profile,
    config_file: flags.configFile,
    scopes: flags.scopes,
    ca_file: flags.caFile,
  };
  for (const setting of settingNames) {
    const { flag } = placeOf(setting);
    if (flag) keep(setting, said[setting], 'flag', `flag ${flag}`);
    for (const env of variablesOf(setting)) keep(setting, io.env[env], 'environment', `environment ${env}`);
  }

  const path = expandHome(found.get('config_file')?.value ?? '~/.databrickscfg', io);
  const nothing = { found, lost, profile: undefined, fileSkipped: undefined, problems: [], warnings: [] };
  const fileSkipped = whySkipped(found, abbreviateHome(path, io));
  if (fileSkipped) return { ...nothing, fileSkipped: io.fileMode(path) && fileSkipped };

  const file = loadProfile({ path, asked: found.get('profile')?.value, pathGiven: found.has('config_file') }, io);
  if (!file.profile) return { ...nothing, problems: file.problems, warnings: file.warnings };
  const source = `profile ${file.profile.name} in ${abbreviateHome(path, io)}`;
  for (const setting of settingNames) {
    for (const key of keysOf(setting)) keep(setting, file.values.get(key), 'profile', source);
  }
  return { ...nothing, profile: file.profile, warnings: file.warnings };
}

// Otherwise a stray [DEFAULT] would mix with what a person configured on purpose:
// https://github.com/databricks/databricks-sdk-go/issues/304
function whySkipped(found: Settings['found'], shownPath: string): Problem | undefined {
  if (found.has('profile')) return undefined;
  const reason = [...found].find(([setting]) => setting === 'host' || placeOf(setting).kind !== undefined);
  return (
    reason && {
      setting: 'config_file',
      message: `${shownPath} was not read, because ${reason[0]} is set by ${reason[1].source} and no profile is named.`,
      fix: `To use a profile, name it in ${whereToSet('profile')}.`,
    }
  );
}
