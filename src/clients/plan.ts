/** A change to one client's file, worked out in full before anything is written: shown, and then carried out or not. */
import { stat } from 'node:fs/promises';
import { failed } from '../core/errors.js';
import { withAdded } from './added-options.js';
import type { Client, ConfigFile } from './catalogue.js';
import { backupsOf, type Found, readConfig, replaceConfig } from './config-file.js';
import { difference } from './difference.js';
import { jsonEntries, withJsonEntry, withoutJsonEntry } from './json-edit.js';
import { leftBehind } from './left-behind.js';
import { maskedJson, maskedToml, type Own } from './masked.js';
import { isAsWritten } from './project.js';
import { isOurs, isProgram, readEntry, type ServerEntry } from './server-entry.js';
import { tomlEntries, withoutTomlEntry, withTomlEntry } from './toml-edit.js';
import { Unsafe } from './unsafe.js';

export interface Plan {
  readonly client: Client;
  readonly name: string;
  readonly path: string;
  readonly before: string | undefined;
  readonly after: string;
  /** Without any value of others, and without secrets of ours. */
  readonly diff: string;
  readonly found: Found;
}

/** What is already there counts as ours when it starts this program or leads to the address. */
export interface Wanted {
  readonly name: string;
  readonly entry: ServerEntry;
  /** This installation's program file. */
  readonly main: string;
  /** The folder of the project, for a file of one. */
  readonly project?: string | undefined;
}

/** The file with the entry. Undefined where nothing would change. Throws an `ActionError` where it cannot be done safely. */
export async function planChange(
  client: Client,
  path: string,
  { name, entry, main, project }: Wanted,
): Promise<Plan | undefined> {
  if (client.fields(name, entry) === undefined) {
    throw failed('configuration', `${client.title} has no way to take this from a file.`, {
      next: client.block(name, entry),
    });
  }
  const found = await readConfig(path, project);
  const { key, format } = client;
  const text = found.text ?? '';
  const after = guarded(client, found, client.block(name, entry), () => {
    const there = entriesIn(client, text).get(name);
    const known = readEntry(there);
    const gone = known && leftBehind(known);
    const ours = known !== undefined && isOurs(known, main, entry.kind === 'http' ? [entry.url] : []);
    if (there !== undefined && !ours && gone === undefined) {
      const next = 'Choose another name with --name, or take that server out if it is an old one of this program.';
      throw new Unsafe(`it has another server called ${name}`, undefined, next);
    }
    const full = withAdded(entry, known, (word) => word === gone || isProgram(word, main));
    const value = client.fields(name, full) ?? {};
    const input = client.input?.(name, full);
    const result =
      format === 'toml'
        ? withTomlEntry(text, { key, name, value })
        : withJsonEntry(text, { key, name, value, ...(input && { input }) });
    if (project !== undefined && !isAsWritten(client, name, entry, result)) {
      throw new Unsafe(
        `its entry ${name} has options, variables or questions besides those of init, chosen by whoever wrote the project; ` +
          'take them out, or choose another name with --name',
      );
    }
    return result;
  });
  return after === text ? undefined : planned(client, { name, input: client.input?.(name, entry)?.id }, found, after);
}

/** The file without the entry; exactly as it was before the entry came, where a backup tells. Undefined without entry. */
export async function planRemoval(client: Client, path: string, name: string): Promise<Plan | undefined> {
  const found = await readConfig(path);
  const { key, format } = client;
  const ways = guarded(client, found, undefined, () =>
    (format === 'toml' ? withoutTomlEntry : withoutJsonEntry)(found.text ?? '', { key, name }),
  );
  const [usual] = ways ?? [];
  if (ways === undefined || usual === undefined) return undefined;
  const backups = await backupsOf(found);
  return planned(client, { name }, found, ways.find((way) => backups.includes(way)) ?? usual);
}

/** Carries the plan out; returns the path of the backup, where there was a file before. */
export const applyPlan = ({ found, after }: Plan, now: Date): Promise<string | undefined> =>
  replaceConfig(found, after, now);

export function entriesIn({ format, key }: Client, text: string): Map<string, unknown> {
  return format === 'toml' ? tomlEntries(text, key) : jsonEntries(text, key);
}

function planned(client: Client, ours: Omit<Own, 'key'>, found: Found, after: string): Plan {
  const own = { key: client.key, ...ours };
  const mask = client.format === 'toml' ? maskedToml : maskedJson;
  const diff = difference(mask(found.text ?? '', own), mask(after, own));
  return { client, name: ours.name, path: found.path, before: found.text, after, diff, found };
}

/** Says where a file is wrong, and what a person can do instead. */
function guarded<T>({ title }: Client, { path }: Found, block: string | undefined, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Unsafe)) throw error;
    const place = error.at === undefined ? path : `${path}, line ${error.at.line}, column ${error.at.column}`;
    const next =
      block === undefined
        ? 'Mend the file and run this again, or take the entry out with an editor.'
        : `Mend the file and run this again, or put this in with an editor:\n${block}`;
    throw failed('configuration', `${title}'s file is left alone: ${error.message} (${place}).`, {
      next: error.next ?? next,
    });
  }
}

/** The files this client would read here: of those with the same reach the one whose sign is there, else the last. */
export async function chosenFiles(
  files: readonly ConfigFile[],
): Promise<(ConfigFile & { readonly present: boolean })[]> {
  const looked = await Promise.all(files.map(async (file) => ({ ...file, present: await isThere(file) })));
  return (['user', 'project'] as const).flatMap((reach) => {
    const same = looked.filter((file) => file.of === reach);
    const chosen = same.find(({ present }) => present) ?? same.at(-1);
    return chosen === undefined ? [] : [chosen];
  });
}

const isThere = async ({ path, sign }: ConfigFile) =>
  (await Promise.all([path, sign].map((each) => stat(each).catch(() => undefined)))).some((each) => each !== undefined);
