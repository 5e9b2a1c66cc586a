/** `init --remove`: takes the entries out of the clients' files again, and with `--profile` that profile and its secret. */

import { readConfig } from '../../clients/config-file.js';
import { type FoundEntry, findEntries } from '../../clients/find.js';
import { entriesIn, type Plan, planRemoval } from '../../clients/plan.js';
import { readEntry, type ServerEntry } from '../../clients/server-entry.js';
import { inputError } from '../../core/errors.js';
import { abbreviateHome } from '../../core/paths.js';
import { note } from '../terminal.js';
import type { Asker } from './asker.js';
import { type InitFlags, listed } from './flags.js';
import type { Places } from './places.js';
import { chooseTargets } from './targets.js';
import { type Outcome, writePlans } from './write.js';

export async function remove(flags: InitFlags, places: Places, asker: Asker | undefined): Promise<Outcome[]> {
  const { machine } = places;
  const found = [...(await search(flags, places)), ...(await byName(flags, places))];
  const plans: Plan[] = [];
  for (const { client, file, name } of found) {
    const plan = await planRemoval(client, file.path, name);
    if (plan !== undefined) plans.push(plan);
  }
  if (plans.length === 0) note('No entry to take out was found.');
  const outcomes = await writePlans(plans, machine.home, asker);
  for (const { path } of plans.filter(isEmptyAfter)) {
    if (outcomes.some((each) => each.path === path && each.outcome === 'written'))
      note(`${abbreviateHome(path, machine)} holds nothing else now; it stays, for the client may want it.`);
  }
  if (flags.profile !== undefined) await removeProfile(flags.profile, places, asker);
  return outcomes;
}

/** As what `init` made on its own is left: without a remark, another key or another server. */
const isEmptyAfter = ({ client, after }: Plan): boolean =>
  (client.format === 'json' ? after.replace(/\s/g, '').replace(`"${client.key}":{}`, '') : `{${after.trim()}}`) ===
  '{}';

/** Entries of this program that fit all that was said. */
async function search(flags: InitFlags, { machine, installation }: Places): Promise<FoundEntry[]> {
  const { entries, unread } = await findEntries(machine, installation.main, flags.remote ? [flags.remote] : []);
  const ids = listed(flags.client);
  const wanted = (id: string) => ids.length === 0 || ids.includes('all') || ids.includes(id);
  for (const { client, file, reason } of unread) {
    if (wanted(client.id)) note(`${abbreviateHome(file.path, machine)} was left alone: ${reason}.`);
  }
  return entries.filter(
    ({ client, file, name, entry }) =>
      wanted(client.id) &&
      file.of === flags.scopeOfFile &&
      (flags.name === undefined || flags.name === name) &&
      fits(entry, flags),
  );
}

function fits(entry: ServerEntry, { sandbox, profile, remote }: InitFlags): boolean {
  if (entry.kind === 'http') return remote !== undefined;
  if (remote !== undefined) return false;
  if (sandbox) return entry.args.includes('--sandbox');
  return profile === undefined || entry.args[entry.args.indexOf('--profile') + 1] === profile;
}

/** Nothing tells that an address is ours; who names client and entry says so. */
async function byName(flags: InitFlags, { machine }: Places): Promise<FoundEntry[]> {
  if (flags.name === undefined || flags.remote !== undefined || flags.client === undefined) return [];
  const found: FoundEntry[] = [];
  for (const { client, file } of await chooseTargets(flags, machine, undefined)) {
    if (file === undefined) continue;
    const { text = '' } = await readConfig(file.path, file.of === 'project' ? machine.folder : undefined);
    const entry = readEntry(entriesIn(client, text).get(flags.name));
    if (entry?.kind === 'http') found.push({ client, file, name: flags.name, entry });
  }
  return found;
}

async function removeProfile(name: string, { book, machine }: Places, asker: Asker | undefined): Promise<void> {
  if (!(await book.list()).some((account) => account.name === name)) {
    throw inputError(`There is no profile ${name} of an account.`, '`init` without flags shows those that are stored.');
  }
  if (asker !== undefined && !(await asker.confirm(`Remove the profile ${name} and its secret from this machine?`)))
    return;
  const { file, backup, secrets, leftBehind } = await book.remove(name);
  note(
    `The profile ${name} is gone from ${abbreviateHome(file, machine)}${secrets.map((at) => `, and ${abbreviateHome(at, machine)}`).join('')}.`,
  );
  if (backup !== undefined) note(`The file as it was: ${abbreviateHome(backup, machine)}`);
  if (leftBehind !== undefined) note(`warning: a secret could not be removed: ${leftBehind}`);
  note('The secret still works at Databricks; delete it there if nobody needs it.');
}
