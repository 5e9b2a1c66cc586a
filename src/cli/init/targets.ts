/** Which clients, and which file of each: named by flags, or chosen by a person among those found on this machine. */
import { type Client, type ConfigFile, clientOf, clients } from '../../clients/catalogue.js';
import type { Machine } from '../../clients/find.js';
import { chosenFiles } from '../../clients/plan.js';
import { inputError } from '../../core/errors.js';
import { abbreviateHome } from '../../core/paths.js';
import { similar } from '../../core/similar.js';
import type { Asker } from './asker.js';
import { type InitFlags, listed } from './flags.js';

export interface Target {
  readonly client: Client;
  /** Undefined for a client without a known file: its block is shown. */
  readonly file: ConfigFile | undefined;
}

interface Located extends Target {
  readonly present: boolean;
}

/** The file of this reach, for each client that has one. */
async function located({ env, platform, home, folder }: Machine, reach: 'user' | 'project'): Promise<Located[]> {
  const all = await Promise.all(
    clients.map(async (client): Promise<Located[]> => {
      const files = await chosenFiles(client.files(env, platform, home, folder));
      const file = files.find((each) => each.of === reach);
      if (file === undefined) return client.id === 'generic' ? [{ client, file, present: true }] : [];
      // A project's file is for whoever the person says; a client that is on the machine is found by the user's.
      return [{ client, file, present: files.some(({ present }) => present) }];
    }),
  );
  return all.flat();
}

export async function chooseTargets(
  { client: named, scopeOfFile }: Pick<InitFlags, 'client' | 'scopeOfFile'>,
  machine: Machine,
  asker: Asker | undefined,
): Promise<Target[]> {
  const all = await located(machine, scopeOfFile);
  const ids = listed(named);
  if (ids.length > 0) return ids.flatMap((id) => targetsOf(id, all, scopeOfFile));
  if (asker === undefined) return [];
  const found = all.filter(({ present }) => present);
  asker.say('\nClients found on this machine:');
  return asker.several(
    'Which shall have it',
    found.map((target) => ({
      label: `${target.client.title}${target.file === undefined ? ' (shows what to paste)' : `  ${abbreviateHome(target.file.path, machine)}`}`,
      word: target.client.id,
      value: target,
    })),
  );
}

function targetsOf(id: string, all: readonly Located[], reach: 'user' | 'project'): Target[] {
  if (id === 'all') {
    const found = all.filter(({ present, file }) => present && file !== undefined);
    if (found.length === 0) throw inputError('No client was found on this machine.', `Name one: ${names()}.`);
    return found;
  }
  const client = clientOf(id);
  if (client === undefined) {
    const [guess] = similar(
      id,
      clients.map((each) => each.id),
      1,
    );
    throw inputError(
      `There is no client ${JSON.stringify(id.slice(0, 40))}.`,
      guess === undefined ? `There are ${names()}.` : `Did you mean ${guess}?`,
    );
  }
  const target = all.find((each) => each.client === client);
  if (target === undefined) {
    throw inputError(`${client.title} has no file for one ${reach}.`, 'Leave --scope-of-file out for it.');
  }
  return [target];
}

const names = () => clients.map(({ id }) => id).join(', ');
