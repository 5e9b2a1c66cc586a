/** Looks through the files of all clients on this machine for entries that start this program or lead to an address. */
import { ActionError } from '../core/errors.js';
import { type Client, type ConfigFile, clients } from './catalogue.js';
import { readConfig } from './config-file.js';
import { leftBehind } from './left-behind.js';
import { entriesIn } from './plan.js';
import { isOurs, readEntry, type ServerEntry } from './server-entry.js';
import { Unsafe } from './unsafe.js';

/** Where to look. */
export interface Machine {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly home: string;
  /** The folder of the project. */
  readonly folder: string;
}

export interface FoundEntry {
  readonly client: Client;
  readonly file: ConfigFile;
  readonly name: string;
  readonly entry: ServerEntry;
}

export interface Unread {
  readonly client: Client;
  readonly file: ConfigFile;
  /** Why, in a sentence; holds nothing of the file's values. */
  readonly reason: string;
}

export interface Search {
  readonly entries: readonly FoundEntry[];
  /** Files that are there and cannot be understood. */
  readonly unread: readonly Unread[];
}

/** `main`: this installation's program file; `addresses`: where it is served. */
export async function findEntries(
  { env, platform, home, folder }: Machine,
  main: string,
  addresses: readonly string[] = [],
): Promise<Search> {
  const entries: FoundEntry[] = [];
  const unread: Unread[] = [];
  for (const client of clients) {
    for (const file of client.files(env, platform, home, folder)) {
      try {
        const { text } = await readConfig(file.path, file.of === 'project' ? folder : undefined);
        for (const [name, value] of text === undefined ? [] : entriesIn(client, text)) {
          const entry = readEntry(value);
          if (entry === undefined) continue;
          if (isOurs(entry, main, addresses) || leftBehind(entry) !== undefined)
            entries.push({ client, file, name, entry });
        }
      } catch (error) {
        if (error instanceof Unsafe) {
          const place = error.at && ` (line ${error.at.line}, column ${error.at.column})`;
          unread.push({ client, file, reason: `${error.message}${place ?? ''}` });
        } else if (error instanceof ActionError) unread.push({ client, file, reason: error.failure.message });
        else throw error;
      }
    }
  }
  return { entries, unread };
}
