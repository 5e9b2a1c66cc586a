/** Puts a client secret where it is to rest and takes it away again. The profile itself is written elsewhere. */
import { lstat, unlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { failed } from '../core/errors.js';
import { ConfigProblem } from '../databricks/config.js';
import type { Keychain } from '../databricks/sign-in/keychain.js';
import { codeOf, createPrivate, type Disk, syncFolder } from '../guard/private-files.js';
import { FolderRefused, makePrivateFolder } from '../guard/private-folder.js';
import type { SecretPlace } from './new-account.js';

export interface Placed {
  /** The profile's key for it. */
  readonly key: string;
  readonly value: string;
  /** Where it is, in words for a person. */
  readonly at: string;
}

export interface SecretPlaces {
  /** `profile`: it is to be written with the profile, under `directKey`. */
  put(profile: string, secret: string, place: SecretPlace, directKey: string): Promise<Placed>;
  /** Takes away what these keys of a profile name and this program made. Where that was, in words. */
  takeAway(keys: ReadonlyMap<string, string>): Promise<string[]>;
}

export const fileKey = 'client_secret_file';
export const keychainKey = 'client_secret_keychain';

/** Never over another: until the profile names the new one, the old one counts. */
const mostTries = 100;

export function createSecretPlaces(folder: string, keychain: Keychain, disk?: Disk): SecretPlaces {
  const names = function* (profile: string) {
    yield profile;
    for (let number = 2; number < mostTries; number += 1) yield `${profile}-${number}`;
  };

  const putFile = async (profile: string, secret: string): Promise<string> => {
    await makePrivateFolder(folder);
    for (const name of names(profile)) {
      const path = join(folder, `${name}.secret`);
      try {
        await createPrivate(path, `${secret}\n`, disk);
        await syncFolder(folder, disk);
        return path;
      } catch (error) {
        if (codeOf(error) === 'EEXIST') continue;
        await unlink(path).catch(() => {});
        throw error;
      }
    }
    throw failed('storage', `There are too many secrets of the profile ${profile} in ${folder}.`, {
      next: 'Remove those that no profile names.',
    });
  };

  const putItem = async (profile: string, secret: string): Promise<string> => {
    for (const name of names(profile)) {
      if ((await keychain.read(name)) !== undefined) continue;
      await keychain.write(name, secret);
      return name;
    }
    throw failed('storage', `There are too many items of the profile ${profile} in the keychain.`);
  };

  return {
    async put(profile, secret, place, directKey) {
      try {
        if (place === 'profile') return { key: directKey, value: secret, at: 'the profile' };
        if (place === 'file') {
          const path = await putFile(profile, secret);
          return { key: fileKey, value: path, at: path };
        }
        const item = await putItem(profile, secret);
        return { key: keychainKey, value: item, at: inKeychain(item) };
      } catch (error) {
        throw inWords(error, folder);
      }
    },
    async takeAway(keys) {
      const taken: string[] = [];
      const path = keys.get(fileKey);
      if (path !== undefined && (await isOurs(path))) {
        await unlink(path).catch((error) => {
          throw inWords(error, path);
        });
        taken.push(path);
      }
      const item = keys.get(keychainKey);
      try {
        if (item !== undefined && (await keychain.remove(item))) taken.push(inKeychain(item));
      } catch (error) {
        throw inWords(error, folder);
      }
      return taken;
    },
  };

  /** A file of the folder itself, and a plain one. */
  async function isOurs(path: string): Promise<boolean> {
    if (resolve(path) !== path || dirname(path) !== resolve(folder)) return false;
    return await lstat(path).then(
      (stat) => stat.isFile(),
      () => false,
    );
  }
}

const inKeychain = (item: string) => `the keychain, item ${item}`;

/** What the file system or the keychain says, as a failure of ours. */
export function inWords(error: unknown, path: string): unknown {
  if (error instanceof ConfigProblem) return failed('storage', error.problem.message, { next: error.problem.fix });
  if (error instanceof FolderRefused) {
    return failed('storage', `${path} cannot be used: ${error.message}.`, { next: error.fix }, error);
  }
  return /^E[A-Z0-9]+$/.test(codeOf(error))
    ? failed('storage', `${path} cannot be written (${codeOf(error)}).`, {}, error)
    : error;
}
