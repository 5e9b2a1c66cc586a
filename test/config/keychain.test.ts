/** The system's keychain: asked only when a secret is named there, and never silently replaced by another place. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { inspect } from 'node:util';
import { ConfigProblem, loadConfiguration } from '../../src/databricks/config.js';
import { type Keyring, openKeychain } from '../../src/databricks/sign-in/keychain.js';
import { complete, credentialOf, machine, profileText } from './machine.js';

const secret = 's3cret-of-keychain';

/** A keyring that works, on a map; each entry it is asked for is noted. */
function keyring(items: Map<string, string>, over: object = {}) {
  const asked: unknown[][] = [];
  class AsyncEntry {
    readonly item: string;
    constructor(...args: [service: string, item: string, options: object]) {
      asked.push(args);
      this.item = args[1];
    }
    getPassword = async () => items.get(this.item) ?? null;
    setPassword = async (value: string) => void items.set(this.item, value);
    deletePassword = async () => items.delete(this.item);
  }
  const load = async () => ({ AsyncEntry: class extends AsyncEntry {} }) as unknown as Keyring;
  const failing = async () =>
    ({
      AsyncEntry: class {
        getPassword = async () => null;
        constructor() {
          Object.assign(this, over);
        }
      },
    }) as unknown as Keyring;
  return { load: Object.keys(over).length > 0 ? failing : load, asked };
}

async function problemOf(work: Promise<unknown>) {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof ConfigProblem, String(error));
  return error.problem;
}

describe('the keychain', () => {
  it("holds items under this program's name, and in the desktop's own store alone", async () => {
    const items = new Map<string, string>();
    const { load, asked } = keyring(items);
    const keychain = openKeychain({ load });
    assert.equal(await keychain.read('dev'), undefined);
    await keychain.write('dev', secret);
    assert.equal(await keychain.read('dev'), secret);
    assert.deepEqual([await keychain.remove('dev'), await keychain.remove('dev')], [true, false]);
    for (const args of asked) {
      assert.deepEqual(args, ['databricks-actions-mcp', 'dev', { linux: { store: 'secret-service' } }]);
    }
  });

  it('that does not answer is given up, and the problem says what to do', async () => {
    const { load } = keyring(new Map(), { getPassword: () => new Promise(() => {}) });
    const { message, fix } = await problemOf(openKeychain({ load, patience: 20 }).read('dev'));
    assert.match(message, /has not answered for 0\.02 s; it may be locked/);
    assert.match(fix, /Unlock it.*client_secret_file/);
  });

  it('that is unlocked too late keeps nothing of what was to be stored', async () => {
    const items = new Map<string, string>();
    let unlock = () => {};
    const unlocked = new Promise<void>((resolve) => {
      unlock = resolve;
    });
    const gone = new Promise<void>((resolve) => {
      const { load } = keyring(items, {
        setPassword: async (value: string) => {
          await unlocked;
          items.set('dev', value);
        },
        deletePassword: async () => {
          items.delete('dev');
          resolve();
        },
      });
      const writing = openKeychain({ load, patience: 20 }).write('dev', secret);
      void problemOf(writing).then(() => unlock());
    });
    await gone;
    assert.deepEqual([...items], []);
  });

  it('that refuses is a problem in its own words, on one line', async () => {
    const refusal = new Error("Couldn't access platform\nsecure storage");
    const { load } = keyring(new Map(), { getPassword: () => Promise.reject(refusal) });
    const { message } = await problemOf(openKeychain({ load }).read('dev'));
    assert.equal(message, "The keychain cannot be used: Couldn't access platform secure storage.");
  });

  it('without its package says how to install that', async () => {
    assert.ok(!existsSync(join(import.meta.dirname, '..', '..', '..', 'node_modules', '@napi-rs')));
    const { message, fix } = await problemOf(openKeychain().read('dev'));
    assert.match(message, /needs the package @napi-rs\/keyring/);
    assert.match(fix, /^Run: npm install @napi-rs\/keyring@2 /);
  });
});

describe('a secret in the keychain', () => {
  const { DATABRICKS_CLIENT_SECRET: _, ...without } = complete;
  const kept = { dev: secret };
  const named = { ...without, DATABRICKS_CLIENT_SECRET_KEYCHAIN: 'dev' };

  it('is named by flag, environment or profile, and read at each sign-in', async () => {
    const items: Record<string, string> = { ...kept };
    const cfg = {
      '/home/ann/.databrickscfg': profileText('dev').replace(/client_secret.*/, 'client_secret_keychain = dev'),
    };
    for (const [flags, env, source] of [
      [{ clientSecretKeychain: 'dev' }, without, 'flag --client-secret-keychain'],
      [{}, named, 'environment DATABRICKS_CLIENT_SECRET_KEYCHAIN'],
      [{ profile: 'dev' }, {}, 'profile dev in ~/.databrickscfg'],
    ] as const) {
      items.dev = secret;
      const { connection, problems, sources } = loadConfiguration(flags, machine(env, cfg, 'linux', items));
      assert.deepEqual(problems, []);
      assert.equal(sources.client_secret, source);
      assert.equal(await credentialOf({ connection }), secret);
      items.dev = 'rotated';
      assert.equal(await credentialOf({ connection }), 'rotated');
    }
  });

  it('is not asked for before somebody signs in', () => {
    const io = { ...machine(named), keychain: { read: () => assert.fail('asked') } };
    assert.deepEqual(loadConfiguration({}, io).problems, []);
  });

  it('that is not there is told, and no other place is tried', async () => {
    const { connection } = loadConfiguration({}, machine({ ...named }, {}, 'linux', {}));
    const { message, fix } = await problemOf(credentialOf({ connection }));
    assert.match(message, /no item "dev" of databricks-actions-mcp/);
    assert.match(fix, /init/);
  });

  it('beside another of the same rank is one too many; one of a higher rank wins', async () => {
    const { problems } = loadConfiguration({}, machine({ ...complete, ...named }, {}, 'linux', kept));
    assert.match(problems[0]?.message ?? '', /two client secrets: client_secret and client_secret_keychain/);
    const flags = { clientSecretKeychain: 'dev' };
    assert.equal(await credentialOf(loadConfiguration(flags, machine(complete, {}, 'linux', kept))), secret);
  });

  it('shows in nothing that can be printed', async () => {
    const configuration = loadConfiguration({}, machine(named, {}, 'linux', kept));
    await credentialOf(configuration);
    assert.ok(!inspect(configuration, { depth: null, showHidden: true, getters: true }).includes(secret));
  });
});
