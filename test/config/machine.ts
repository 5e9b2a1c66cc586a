// A machine made of words: environment and files for the tests of the configuration.
import type { Configuration } from '../../src/databricks/config.js';
import type { ConfigIo } from '../../src/databricks/config-io.js';
import { readCredential } from '../../src/databricks/sign-in/method.js';

export interface FakeFile {
  readonly text: string;
  readonly mode?: number;
  readonly uid?: number;
  readonly isSymlink?: boolean;
  readonly isFile?: boolean;
  /** An error code to fail with. */
  readonly fails?: string;
}

export const account = '12345678-90ab-cdef-1234-567890abcdef';
export const signIn = { DATABRICKS_CLIENT_ID: 'app', DATABRICKS_CLIENT_SECRET: 's3cret-value' };
export const complete = {
  ...signIn,
  DATABRICKS_HOST: 'https://accounts.cloud.databricks.com',
  DATABRICKS_ACCOUNT_ID: account,
};

export const profileText = (name: string, extra = '') =>
  `[${name}]\nhost = https://accounts.gcp.databricks.com\naccount_id = ${account}\nclient_id = of-${name}\nclient_secret = s3cret-of-${name}\n${extra}`;

export function machine(
  env: ConfigIo['env'] = {},
  files: Record<string, FakeFile | string> = {},
  platform: NodeJS.Platform = 'linux',
  keychain: Record<string, string> = {},
): ConfigIo {
  const find = (path: string): FakeFile | undefined => {
    const file = files[path];
    return typeof file === 'string' ? { text: file } : file;
  };
  return {
    env,
    home: '/home/ann',
    platform,
    uid: 1000,
    keychain: { read: async (item) => keychain[item] },
    readFile(path) {
      const file = find(path);
      const code = file ? file.fails : 'ENOENT';
      if (code) throw Object.assign(new Error(code), { code });
      return file?.text ?? '';
    },
    fileMode(path) {
      const file = find(path);
      const { mode = 0o600, uid = 1000, isSymlink = false, isFile = true } = file ?? {};
      return file && { mode, uid, isSymlink, isFile, size: file.text.length };
    },
  };
}

/** What it signs in with, read now; undefined without a connection. */
export const credentialOf = async ({ connection }: Pick<Configuration, 'connection'>): Promise<string | undefined> =>
  connection && readCredential(connection.signIn);
