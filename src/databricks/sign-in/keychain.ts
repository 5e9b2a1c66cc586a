/**
 * The keychain of the operating system, through an optional package that is loaded only when a secret is named there. A
 * keychain that is locked, silent or missing is a problem told in words: no other place is tried instead.
 */
import { ConfigProblem } from '../config-problem.js';

export interface Keychain {
  /** Undefined where it has no such item. Throws ConfigProblem, like the others. */
  read(item: string): Promise<string | undefined>;
  write(item: string, secret: string): Promise<void>;
  /** False where there was none. */
  remove(item: string): Promise<boolean>;
}

/** As much of the package as is used. */
export interface Keyring {
  readonly AsyncEntry: new (
    service: string,
    item: string,
    options: { readonly linux: { readonly store: 'secret-service' } },
  ) => {
    getPassword(): Promise<string | null | undefined>;
    setPassword(secret: string): Promise<void>;
    deletePassword(): Promise<boolean>;
  };
}

/** What items are filed under: the name of this program. */
export const service = 'databricks-actions-mcp';
const packageName = '@napi-rs/keyring';
const packageRange = '2';

/** Milliseconds a keychain may take, a person who has to unlock it included: a call waits for it. */
const usualPatience = 3_000;

const setting = 'client_secret_keychain';

export interface KeychainOptions {
  readonly load?: () => Promise<Keyring>;
  readonly patience?: number;
}

export function openKeychain({ load = loadPackage, patience = usualPatience }: KeychainOptions = {}): Keychain {
  type Entry = InstanceType<Keyring['AsyncEntry']>;
  /** `undo`: takes back what was done when nobody waited for it any more. */
  const ask = async <T>(
    item: string,
    work: (entry: Entry) => Promise<T>,
    undo: (entry: Entry) => Promise<unknown> = async () => {},
  ): Promise<T> => {
    const { AsyncEntry } = await load();
    try {
      // Pinned: where the desktop's store does not answer, the package would turn to the kernel's, which a restart empties.
      const entry = new AsyncEntry(service, item, { linux: { store: 'secret-service' } });
      return await inTime(patience, work(entry), () => undo(entry));
    } catch (error) {
      throw error instanceof ConfigProblem ? error : unusable(error);
    }
  };
  return {
    read: (item) => ask(item, async (entry) => (await entry.getPassword()) ?? undefined),
    // Unlocked too late, it would hold a secret that no profile names and nothing takes away.
    write: (item, secret) =>
      ask(
        item,
        (entry) => entry.setPassword(secret),
        (entry) => entry.deletePassword(),
      ),
    remove: (item) => ask(item, (entry) => entry.deletePassword()),
  };
}

async function loadPackage(): Promise<Keyring> {
  try {
    // By a name the compiler does not look up: the package need not be installed.
    const name: string = packageName;
    return (await import(name)) as Keyring;
  } catch {
    throw new ConfigProblem({
      setting,
      message: `The keychain needs the package ${packageName}, which is not installed or does not load here.`,
      fix: `Run: npm install ${packageName}@${packageRange} (with -g where this program is installed that way), or keep the secret in a file.`,
    });
  }
}

async function inTime<T>(milliseconds: number, work: Promise<T>, undo: () => Promise<unknown>): Promise<T> {
  let isLate = false;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const message = `The keychain has not answered for ${milliseconds / 1_000} s; it may be locked.`;
    timer = setTimeout(() => {
      isLate = true;
      reject(new ConfigProblem({ setting, message, fix: unlock }));
    }, milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    // What comes late is nobody's any more.
    work.then(() => (isLate ? undo() : undefined)).catch(() => {});
  }
}

const unlock = 'Unlock it and try again, or keep the secret in a file of mode 0600 (client_secret_file).';

function unusable(error: unknown): ConfigProblem {
  const why = error instanceof Error ? error.message.replace(/\s+/g, ' ').slice(0, 200) : 'unknown error';
  return new ConfigProblem({ setting, message: `The keychain cannot be used: ${why}.`, fix: unlock });
}
