/** Runs `init`: asks in a terminal, or takes everything from flags; then links the account and writes the clients. */
import process from 'node:process';
import { type HttpEntry, serverName, startsThis, usualProfile } from '../../clients/server-entry.js';
import { failed, inputError } from '../../core/errors.js';
import { abbreviateHome } from '../../core/paths.js';
import { shellWord } from '../../core/shell-word.js';
import { hasPerson } from '../ask-person.js';
import { runAs } from '../options.js';
import { note, print, style } from '../terminal.js';
import { type Asker, createAsker } from './asker.js';
import type { Sources } from './credentials.js';
import { checkFlags, type InitFlags } from './flags.js';
import { checkComplete, type Linked, link, storedAs } from './link.js';
import { type Places, placesOf } from './places.js';
import { plansFor, type Wanted } from './plans.js';
import { remove } from './remove.js';
import { chooseTargets, type Target } from './targets.js';
import { type Outcome, writePlans } from './write.js';

export async function runInit(flags: InitFlags): Promise<void> {
  checkFlags(flags);
  const asks = hasPerson() && !flags.yes && !flags.print;
  const asker = asks ? createAsker() : undefined;
  try {
    const places = placesOf(flags);
    const outcomes = flags.remove ? await removal(flags, places, asker) : await setUp(flags, places, asker);
    if (flags.json) print(JSON.stringify({ clients: outcomes }));
  } finally {
    asker?.close();
  }
}

async function removal(flags: InitFlags, places: Places, asker: Asker | undefined): Promise<Outcome[]> {
  if (asker === undefined && !flags.yes) throw needs(['--yes']);
  return remove(flags, places, asker);
}

async function setUp(flags: InitFlags, places: Places, asker: Asker | undefined): Promise<Outcome[]> {
  const sources: Sources = { flags, env: process.env };
  if (flags.print) return printed(flags, places);
  if (asker === undefined) await checkAlone(sources, places);
  const needsAccount = !flags.sandbox && flags.remote === undefined;
  const linked = needsAccount ? await link(sources, places, asker) : undefined;
  const targets = await chooseTargets(flags, places.machine, asker);
  const wanted = wantedOf(flags, places, linked);
  const outcomes = await write(targets, wanted, places, asker);
  tellNext(outcomes, targets, flags, linked);
  return outcomes;
}

/** Everything a run without a person lacks is told at once, and every file looked at, before anything is stored. */
async function checkAlone(sources: Sources, places: Places): Promise<void> {
  const { flags } = sources;
  const needsAccount = !flags.sandbox && flags.remote === undefined;
  const missing = [
    ...(needsAccount ? await checkComplete(sources, places) : []),
    ...(flags.client === undefined ? ['--client'] : []),
    ...(flags.yes ? [] : ['--yes']),
  ];
  if (missing.length > 0) throw needs(missing);
  const targets = await chooseTargets(flags, places.machine, undefined);
  const linked = flags.secretInClientConfig ? { env: {} } : { profile: flags.profile ?? usualProfile };
  await plansFor(targets, wantedOf(flags, places, needsAccount ? linked : undefined), places);
}

const needs = (flags: readonly string[]) =>
  inputError(
    `Nobody can be asked here, and ${flags.length === 1 ? 'a flag is' : 'flags are'} missing: ${flags.join(', ')}.`,
    'Give them, or run it in a terminal. --print writes nothing and needs no --yes.',
  );

function wantedOf(flags: InitFlags, { installation, extraArguments }: Places, linked: Linked | undefined): Wanted {
  const limits = flags.readOnly || linked?.readOnly ? ['--read-only'] : [];
  if (flags.remote !== undefined) return { name: flags.name ?? 'dbx', entry: remoteEntry(flags.remote, flags) };
  if (linked === undefined) {
    return { name: flags.name ?? 'dbx-sandbox', entry: startsThis(installation, ['--sandbox', ...limits]) };
  }
  if ('env' in linked) return { name: flags.name ?? 'dbx', entry: startsThis(installation, limits, linked.env) };
  const entry = startsThis(installation, ['--profile', linked.profile, ...extraArguments, ...limits]);
  return {
    name: flags.name ?? serverName(linked.profile),
    entry: { ...entry, ...(linked.handOn && { handOn: linked.handOn }) },
  };
}

function remoteEntry(url: string, { tokenEnv, secretInClientConfig }: InitFlags): HttpEntry {
  if (tokenEnv === undefined) return { kind: 'http', url };
  if (!secretInClientConfig) return { kind: 'http', url, token: { variable: tokenEnv } };
  const value = process.env[tokenEnv];
  if (!value) throw failed('configuration', `${tokenEnv} is not set here.`, { next: 'Set it, and run this again.' });
  return { kind: 'http', url, token: { value } };
}

async function printed(flags: InitFlags, places: Places): Promise<Outcome[]> {
  if (flags.secretInClientConfig) {
    throw inputError('--print shows no secret.', 'Leave --secret-in-client-config out, and put it in yourself.');
  }
  const ids = flags.client ?? ['generic'];
  const targets = await chooseTargets({ ...flags, client: ids }, places.machine, undefined);
  const linked = flags.sandbox ? undefined : storedAs(flags.profile ?? usualProfile, places.configFile);
  const { name, entry } = wantedOf(flags, places, linked);
  return targets.map(({ client, file }): Outcome => {
    note(file === undefined ? client.title : `${client.title}: ${file.path}`);
    const block = client.block(name, entry);
    if (client.fields(name, entry) === undefined) note(block);
    else if (!flags.json) print(block);
    return { client: client.id, ...(file && { path: file.path }), name, outcome: 'to paste', block };
  });
}

async function write(targets: readonly Target[], wanted: Wanted, places: Places, asker: Asker | undefined) {
  const { name, entry } = wanted;
  const plans = await plansFor(targets, wanted, places);
  const same = plans.filter(({ plan }) => plan === undefined).map(({ target }) => target);
  for (const { client, file } of same)
    note(`${client.title} has it already: ${abbreviateHome(file?.path ?? '', places.machine)}`);
  const toPaste = targets.filter((target) => !plans.some((each) => each.target === target));
  for (const { client } of toPaste)
    note(`\n${style('bold', client.title, process.stderr)}\n${client.block(name, entry)}`);
  const done = await writePlans(
    plans.flatMap(({ plan }) => plan ?? []),
    places.machine.home,
    asker,
  );
  return [
    ...same.map(
      ({ client, file }): Outcome => ({
        client: client.id,
        ...(file && { path: file.path }),
        name,
        outcome: 'already so',
      }),
    ),
    ...toPaste.map(({ client }): Outcome => ({ client: client.id, name, outcome: 'to paste' })),
    ...done,
  ];
}

function tellNext(
  outcomes: readonly Outcome[],
  targets: readonly Target[],
  flags: InitFlags,
  linked: Linked | undefined,
) {
  const ready = outcomes.filter(({ outcome }) => outcome === 'written' || outcome === 'already so');
  if (flags.secretInClientConfig && ready.length > 0) {
    note(
      `\n${style('yellow', 'warning:', process.stderr)} the secret is in the file now; whoever reads it has the account.`,
    );
  }
  if (flags.scopeOfFile === 'project' && ready.length > 0 && flags.remote === undefined) {
    note("\nThe paths in the project's file are those of this machine; others run `init` themselves.");
  }
  const handOn = linked !== undefined && 'profile' in linked ? linked.handOn : undefined;
  if (handOn !== undefined && ready.some(({ client }) => client === 'claude-desktop')) {
    note(
      `\nClaude Desktop hands no variable on: ${handOn.join(', ')} does not reach the server there. Use a file (file-oidc).`,
    );
  }
  const steps = targets.filter(({ client }) => ready.some((each) => each.client === client.id));
  if (steps.length > 0) {
    note('\nTo try it:');
    for (const { client } of steps) note(`  ${client.title}: ${client.afterwards}`);
    note('  Then ask: "Which Databricks tools do you have, and what may you do?"');
  }
  if (linked !== undefined && 'profile' in linked)
    note(`  ${runAs()} doctor --profile ${shellWord(linked.profile, process.platform)} checks the whole way.`);
}
