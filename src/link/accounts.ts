/**
 * The account book: accounts that are linked are profiles of the configuration file which the official tools use, too. A
 * secret is where it is to rest before a profile names it, and goes when that profile goes.
 */
import { join } from 'node:path';
import { inputError } from '../core/errors.js';
import { type ConfigIo, nodeIo } from '../databricks/config.js';
import { type Profile, type ProfileFile, SETTINGS_SECTION } from '../databricks/databrickscfg.js';
import { type Keychain, openKeychain } from '../databricks/sign-in/keychain.js';
import type { Disk } from '../guard/private-files.js';
import { type LinkedAccount, listAccounts } from './account-list.js';
import { checkName, checkSecret, keysOf, type NewAccount, ownedKeys, type SecretPlace } from './new-account.js';
import { withoutProfile, withProfile } from './profile-edit.js';
import { openProfileStore } from './profile-store.js';
import { createSecretPlaces, fileKey, keychainKey, type Placed } from './secret-places.js';

export type { LinkedAccount } from './account-list.js';
export type { NewAccount, SecretPlace } from './new-account.js';

export interface Saved {
  readonly file: string;
  /** What the file was before; it may hold old secrets. */
  readonly backup?: string;
  /** Where the secret is, in words. Empty where none is needed. */
  readonly secretAt: string;
  /** A secret that is no longer named but could not be taken away, in words. */
  readonly leftBehind?: string;
}

export interface Removed {
  readonly file: string;
  readonly backup?: string;
  /** Secrets that were taken away, each in words. */
  readonly secrets: readonly string[];
  readonly leftBehind?: string;
}

export interface NewSecret {
  readonly value: string;
  readonly place: SecretPlace;
}

export interface AccountBook {
  /** Account-level profiles only, in the file's order. */
  list(): Promise<readonly LinkedAccount[]>;
  /** Without a secret: none is needed, or the one of the profile that is replaced stays. */
  save(account: NewAccount, secret: NewSecret | undefined, how?: { readonly replace?: boolean }): Promise<Saved>;
  remove(name: string): Promise<Removed>;
}

export interface BookPlaces {
  readonly configFile: string;
  readonly stateRoot: string;
  readonly env: ConfigIo['env'];
  readonly platform: NodeJS.Platform;
  readonly home: string;
  readonly keychain?: Keychain;
  readonly disk?: Disk;
}

const nothing: Profile = new Map();
const secretKeys = ['client_secret', 'azure_client_secret', fileKey, keychainKey] as const;

export function openAccountBook(places: BookPlaces): AccountBook {
  const { configFile, stateRoot, env, platform, home, keychain = openKeychain(), disk } = places;
  const io: ConfigIo = { ...nodeIo(env), platform, home };
  const store = openProfileStore(configFile, disk);
  const secrets = createSecretPlaces(join(stateRoot, 'credentials'), keychain, disk);

  /** What an old profile named and nobody names any more. */
  const tidy = async (old: Profile) => {
    try {
      const now = (await store.read()).file;
      const stillNamed = (key: string, value: string) =>
        [...now.profiles.values()].some((profile) => profile.get(key) === value);
      return { secrets: await secrets.takeAway(new Map([...old].filter(([key, value]) => !stillNamed(key, value)))) };
    } catch (error) {
      return { secrets: [], leftBehind: error instanceof Error ? error.message : 'an old secret' };
    }
  };

  return {
    async list() {
      const { file } = await store.read();
      return listAccounts(file, configFile, io);
    },

    async save(account, secret, { replace = false } = {}) {
      checkName(account.name);
      const keys = keysOf(account);
      if (secret !== undefined) checkSecret(secret.value, secret.place);
      const { result, backup } = await store.change(
        async ({ text, file }) => {
          const old = file.profiles.get(account.name) ?? nothing;
          checkFree(account.name, file, replace);
          const placed = await place(account, secret, old);
          for (const { key, value } of placed) keys.set(key, value);
          return { text: withProfile(text, account.name, keys, ownedKeys), result: { old, placed } };
        },
        async ({ placed }) => {
          if (secret !== undefined) await secrets.takeAway(new Map(placed.map(({ key, value }) => [key, value])));
        },
      );
      const { leftBehind } = await tidy(result.old);
      return {
        file: configFile,
        ...(backup !== undefined && { backup }),
        secretAt: result.placed[0]?.at ?? '',
        ...(leftBehind !== undefined && { leftBehind }),
      };
    },

    async remove(name) {
      const { result: old, backup } = await store.change(
        async ({ text, file }) => {
          const profile = file.profiles.get(name);
          if (profile === undefined || name === SETTINGS_SECTION) throw noSuch(name, file, configFile);
          return { text: withoutProfile(text, name), result: profile };
        },
        async () => {},
      );
      return { file: configFile, ...(backup !== undefined && { backup }), ...(await tidy(old)) };
    },
  };

  async function place(account: NewAccount, secret: NewSecret | undefined, old: Profile): Promise<Placed[]> {
    const isAzure = account.method === 'azure-client-secret';
    if (secret !== undefined) {
      return [
        await secrets.put(account.name, secret.value, secret.place, isAzure ? 'azure_client_secret' : 'client_secret'),
      ];
    }
    if (account.method === 'env-oidc' || account.method === 'file-oidc') return [];
    const isSame = old.get(isAzure ? 'azure_client_id' : 'client_id') === account.clientId;
    const kept = secretKeys.flatMap((key) => ({ key, value: old.get(key) ?? '', at: 'where it was' }));
    const named = kept.filter(({ value }) => isSame && value !== '');
    if (named.length > 0) return named;
    throw inputError('This account needs a client secret.', 'Give the OAuth secret of the service principal.');
  }
}

function checkFree(name: string, file: ProfileFile, replace: boolean): void {
  const alike = [...file.profiles.keys()].find((each) => each !== name && each.toLowerCase() === name.toLowerCase());
  if (alike !== undefined) {
    throw inputError(`There is a profile ${alike}, which differs only in capital letters.`, 'Choose another name.');
  }
  if (!replace && file.profiles.get(name)?.size) {
    throw inputError(`There is a profile ${name} already.`, 'Choose another name, or replace it on purpose.');
  }
}

function noSuch(name: string, file: ProfileFile, path: string) {
  const names = [...file.profiles.keys()].filter((each) => each !== SETTINGS_SECTION);
  const known = names.length === 0 ? 'It has none.' : `It has: ${names.slice(0, 20).join(', ')}.`;
  return inputError(`${path} has no profile ${name.slice(0, 64)}.`, known);
}
