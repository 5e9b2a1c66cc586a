/** The accounts among the profiles of a configuration file, each with what keeps it from being used. */
import { type Cloud, type ConfigIo, loadConfiguration, type Problem, type SignInMethod } from '../databricks/config.js';
import { type Profile, type ProfileFile, SETTINGS_SECTION } from '../databricks/databrickscfg.js';
import { isWorkspaceHost } from '../databricks/hosts.js';
import { withoutSettings } from '../databricks/settings.js';
import type { SecretPlace } from './new-account.js';
import { fileKey, keychainKey } from './secret-places.js';

export interface LinkedAccount {
  readonly name: string;
  readonly host?: string;
  readonly cloud?: Cloud;
  readonly accountId?: string;
  readonly clientId?: string;
  readonly scopes: readonly string[];
  readonly method: SignInMethod;
  readonly secretPlace?: SecretPlace;
  /** As whoever uses the profile would be told them; warnings are not among them. */
  readonly problems: readonly Problem[];
}

export function listAccounts(file: ProfileFile, configFile: string, io: ConfigIo): LinkedAccount[] {
  // What the environment says about some account says nothing about these.
  const alone = { ...io, env: withoutSettings(io.env) };
  return [...file.profiles]
    .filter(([name, values]) => name !== SETTINGS_SECTION && isAccountLevel(values))
    .map(([name, values]) => {
      const { host, cloud, accountId, clientId, method, scopes, problems } = loadConfiguration(
        { profile: name, configFile },
        alone,
      );
      const secretPlace = placeOf(values);
      return {
        name,
        ...(host !== undefined && { host }),
        ...(cloud !== undefined && { cloud }),
        ...(accountId !== undefined && { accountId }),
        ...(clientId !== undefined && { clientId }),
        scopes,
        // Several kinds of credentials at once are a problem that is told; until then it is an account like any other.
        method: method ?? 'oauth-m2m',
        ...(secretPlace !== undefined && { secretPlace }),
        problems,
      };
    });
}

/** Whoever names an account means one, unless the host is a workspace's: newer tools note its account beside it. */
function isAccountLevel(values: Profile): boolean {
  const host = values.get('host');
  if (!host) return values.has('cloud') && values.has('account_id');
  if (isWorkspaceHost(host)) return false;
  return values.has('account_id') || /^(https?:\/\/)?accounts(-dod)?\./i.test(host);
}

function placeOf(values: Profile): SecretPlace | undefined {
  if (values.has(keychainKey)) return 'keychain';
  if (values.has(fileKey)) return 'file';
  return values.has('client_secret') || values.has('azure_client_secret') ? 'profile' : undefined;
}
