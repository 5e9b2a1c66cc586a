/** `secrets`: the secrets kept in files, for the person they are for. Needs no configuration and no network. */

import { homedir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import { failed, inputError } from '../core/errors.js';
import { chosenStateDirectory } from '../core/paths.js';
import { encodeVisible } from '../core/visible-json.js';
import { createSecretShelf, type SecretShelf, type ShelvedSecret } from '../guard/secret-shelf.js';
import { product } from '../version.js';
import { columns } from './layout.js';
import { stateDirOption } from './options.js';
import { isTerminal, note, plain, print, style } from './terminal.js';

interface SecretsFlags {
  readonly sandbox?: boolean;
  readonly stateDir?: string;
  readonly json?: boolean;
  readonly yes?: boolean;
}

export function addSecrets(program: Command): void {
  const secrets = program
    .command('secrets')
    .description('list, show and remove the secrets kept in files on this machine')
    .addHelpText(
      'after',
      `
A name or id may be cut, as long as it fits one secret only.
Removing a file does not revoke the secret: databricks_delete_service_principal_secret does.

Examples:
  $ ${product.name} secrets list
  $ ${product.name} secrets show service_principal_secret-12 | vault kv put secret/etl value=-
  $ ${product.name} secrets remove service_principal_secret-12`,
    );
  const add = (name: string, description: string) =>
    secrets
      .command(name)
      .description(description)
      .option('--sandbox', 'those of the built-in sandbox account')
      .option(...stateDirOption);
  add('list', 'what is kept, without the values').option('--json', 'one line of JSON').action(list);
  add('show', 'print the value and nothing else').argument('<name>', 'name or id').action(show);
  add('remove', 'remove the file').argument('<name>', 'name or id').option('--yes', 'do not ask').action(remove);
}

/** Where the server keeps them, see `app.ts`. */
function folderOf({ sandbox, stateDir }: SecretsFlags): string {
  const state = chosenStateDirectory(stateDir, process.env, process.platform, homedir());
  return join(state, ...(sandbox ? ['sandbox'] : []), 'secrets');
}

const shelfOf = (flags: SecretsFlags): SecretShelf => createSecretShelf(folderOf(flags));

async function list(flags: SecretsFlags): Promise<void> {
  const { secrets, unreadable } = await shelfOf(flags).list();
  if (flags.json) print(encodeVisible(secrets));
  else if (secrets.length > 0) print(table(secrets));
  else
    note(`No secret is kept in ${folderOf(flags)}.${flags.sandbox ? '' : ' For those of the sandbox add --sandbox.'}`);
  if (unreadable.length > 0) {
    note(
      `Not shown, foreign or not whole: ${unreadable.slice(0, 5).map(safe).join(', ')}${unreadable.length > 5 ? ' …' : ''}`,
    );
  }
}

async function show(name: string, flags: SecretsFlags): Promise<void> {
  const shelf = shelfOf(flags);
  const value = await shelf.read((await choose(shelf, name)).name);
  print(isTerminal() ? plain(value) : value);
}

async function remove(name: string, flags: SecretsFlags): Promise<void> {
  const shelf = shelfOf(flags);
  const secret = await choose(shelf, name);
  if (!flags.yes && !(await isConfirmed(`Remove ${safe(secret.name)}? The value cannot be had again. [y/N] `))) {
    note('Nothing was removed.');
    return;
  }
  await shelf.remove(secret.name);
  note(`Removed ${safe(secret.name)}. The secret itself still works until it is deleted in Databricks or expires.`);
}

async function isConfirmed(question: string): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    throw inputError('Nobody can be asked here.', 'Add --yes to remove it without a question.');
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question(question)).trim());
  } finally {
    terminal.close();
  }
}

/** The one secret that is meant; whole names and ids win over beginnings. */
async function choose(shelf: SecretShelf, wanted: string): Promise<ShelvedSecret> {
  const { secrets } = await shelf.list();
  const exact = secrets.filter(({ name, id }) => name === wanted || id === wanted);
  const found =
    exact.length > 0 || wanted === ''
      ? exact
      : secrets.filter(({ name, id }) => name.startsWith(wanted) || id?.startsWith(wanted));
  const [first] = found;
  if (first === undefined) {
    throw failed('not_found', 'No secret kept here has this name or id.', {
      next: `See \`${product.name} secrets list\`; with --sandbox those of the sandbox account.`,
    });
  }
  if (found.length === 1) return first;
  const names = found
    .slice(0, 10)
    .map(({ name }) => safe(name))
    .sort();
  const more = found.length > 10 ? ` and ${found.length - 10} more` : '';
  throw inputError(`${found.length} secrets fit.`, `Name one: ${names.join(', ')}${more}.`);
}

function table(secrets: readonly ShelvedSecret[]): string {
  const now = Date.now();
  const heads = ['NAME', 'ACCOUNT', 'AGE', 'EXPIRES', 'SHA-256'].map((head) => style('bold', head));
  const rows = secrets.map(({ name, account_id, stored_at, expire_time, sha256_8 }) => [
    safe(name),
    safe(account_id ?? '-'),
    span(now - Date.parse(stored_at)),
    expiry(expire_time, now),
    sha256_8,
  ]);
  return columns([heads, ...rows]).join('\n');
}

function expiry(time: string | undefined, now: number): string {
  const left = time === undefined ? Number.NaN : Date.parse(time) - now;
  if (Number.isNaN(left)) return 'not known';
  return left > 0 ? `in ${span(left)}` : style('red', `${span(-left)} ago`);
}

const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
] as const;

/** A length of time in its largest unit. */
function span(milliseconds: number): string {
  for (const [unit, length] of units) {
    if (milliseconds >= length) return `${Math.floor(milliseconds / length)} ${unit}`;
  }
  return '< 1 min';
}

/** Text of others on one line of the terminal. */
const safe = (text: string): string => plain(text).slice(0, 120);
