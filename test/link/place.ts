/** An account book in an empty home, and accounts to put into it. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Keychain } from '../../src/databricks/sign-in/keychain.js';
import type { Disk } from '../../src/guard/private-files.js';
import { type BookPlaces, type NewAccount, openAccountBook } from '../../src/link/accounts.js';

export const accountId = '12345678-90ab-cdef-1234-567890abcdef';
/** A word that no message of ours holds. */
export const secret = 'xkcdSECRETxkcd';

export const newAccount = (name: string, more: Partial<NewAccount> = {}): NewAccount => ({
  name,
  host: 'https://accounts.cloud.databricks.com',
  accountId,
  clientId: `app-of-${name}`,
  scopes: [],
  ...more,
});

/** A keychain of this process. */
export function fakeKeychain(items = new Map<string, string>()): Keychain & { readonly items: Map<string, string> } {
  return {
    items,
    read: async (item) => items.get(item),
    write: async (item, value) => void items.set(item, value),
    remove: async (item) => items.delete(item),
  };
}

export function place(t: TestContext, more: { disk?: Disk; keychain?: Keychain; env?: BookPlaces['env'] } = {}) {
  const home = mkdtempSync(join(tmpdir(), 'databricks-actions-mcp-link-test-'));
  t.after(() => rmSync(home, { recursive: true, force: true, maxRetries: 3 }));
  const configFile = join(home, '.databrickscfg');
  const stateRoot = join(home, 'state');
  const keychain = fakeKeychain();
  const book = openAccountBook({ configFile, stateRoot, env: {}, platform: process.platform, home, keychain, ...more });
  const credentials = join(stateRoot, 'credentials');
  return {
    home,
    configFile,
    stateRoot,
    credentials,
    keychain,
    book,
    text: () => readFileSync(configFile, 'utf8'),
    mode: (path: string) => statSync(path).mode & 0o777,
    secretFiles: () => {
      try {
        return readdirSync(credentials);
      } catch {
        return [];
      }
    },
    names: () => readdirSync(home).sort(),
  };
}
