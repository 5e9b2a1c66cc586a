/** The account of `init`: an existing profile, or a new one that signs in before it is stored. */
import { existsSync, readFileSync } from 'node:fs';
import { usualProfile } from '../../clients/server-entry.js';
import { failed, inputError } from '../../core/errors.js';
import { abbreviateHome } from '../../core/paths.js';
import { loadConfiguration, nodeIo } from '../../databricks/config.js';
import { parseProfileFile } from '../../databricks/databrickscfg.js';
import { withoutSettings } from '../../databricks/settings.js';
import { readCredential, tokenVariable } from '../../databricks/sign-in/method.js';
import type { LinkedAccount } from '../../link/accounts.js';
import type { SecretPlace } from '../../link/new-account.js';
import { tryAccount } from '../../link/trial.js';
import { note, passing, plain } from '../terminal.js';
import { type Asker, Unusable } from './asker.js';
import { readCredentials, type Sources } from './credentials.js';
import { askDraft, type Draft, known, missingFlags } from './draft.js';
import { accountFlags, listed } from './flags.js';
import type { Places } from './places.js';
import { scopesFor } from './selection.js';
import { asFailure, signIn, tellGranted } from './sign-in.js';
import { readProfileName } from './typed.js';

/** What the server signs in with: a profile by its name, or everything in the client's own file. */
export type Linked = (
  | { readonly profile: string; readonly handOn?: readonly string[] }
  | { readonly env: Readonly<Record<string, string>> }
) & { readonly readOnly?: boolean };

const describesAccount = ({ flags }: Sources) => accountFlags.some((flag) => flags[flag] !== undefined);

export async function link(sources: Sources, places: Places, asker: Asker | undefined): Promise<Linked> {
  const stored = await places.book.list();
  const existing = await chooseStored(sources, stored, asker);
  if (existing !== undefined) {
    if (sources.flags.actions !== undefined || sources.flags.scopes !== undefined) {
      throw inputError(
        `Profile ${existing.name} is stored with its scopes already.`,
        'Leave --actions and --scopes out; or give the whole account with --replace.',
      );
    }
    return useStored(existing, sources, places, asker);
  }

  const draft = await completeDraft(sources, asker);
  if (sources.flags.secretInClientConfig && draft.method !== 'oauth-m2m') {
    throw inputError('--secret-in-client-config is for secrets of Databricks.', 'Leave it out.');
  }
  const works = await signIn(draft, sources, asker);
  const { readOnly = false, ...account } = works;
  if (sources.flags.secretInClientConfig) return { env: inClientFile(account), readOnly };
  return { ...(await store(account, sources, places, asker)), readOnly };
}

/** Checks what can be checked before anything is asked of anybody. */
export async function checkComplete(sources: Sources, places: Places): Promise<string[]> {
  const stored = await places.book.list();
  if ((await chooseStored(sources, stored, undefined)) !== undefined) return [];
  return missingFlags(knownOf(sources), sources);
}

async function chooseStored(
  sources: Sources,
  stored: readonly LinkedAccount[],
  asker: Asker | undefined,
): Promise<LinkedAccount | undefined> {
  if (describesAccount(sources)) return undefined;
  const named = sources.flags.profile;
  if (named !== undefined) return stored.find(({ name }) => name === named);
  if (asker === undefined || stored.length === 0) return undefined;
  asker.say('Accounts that are stored here:');
  const none = { label: 'another account', word: 'another', value: undefined };
  const choices = stored.map((account) => ({
    label: `${account.name}  ${account.host ?? ''} ${account.accountId ?? ''}`,
    word: account.name.toLowerCase(),
    value: account,
  }));
  return asker.one<LinkedAccount | undefined>('Which', [...choices, none]);
}

async function useStored(
  { name, problems }: LinkedAccount,
  { flags, env }: Sources,
  { configFile }: Places,
  asker: Asker | undefined,
): Promise<Linked> {
  const [problem] = problems;
  if (problem !== undefined)
    throw failed('configuration', `Profile ${name}: ${problem.message}`, { next: problem.fix });
  passing('Signing in …');
  const trial = await tryAccount(
    {
      profile: name,
      configFile,
      ...(flags.allowHost && { allowHosts: flags.allowHost }),
      ...(flags.caFile && { caFile: flags.caFile }),
    },
    undefined,
    { env, ...(asker && { signal: asker.signal }) },
  ).finally(() => passing(''));
  if (trial.problem !== undefined) throw asFailure(trial.problem);
  note(`Profile ${plain(name)} is there already.`);
  tellGranted(trial);
  return storedAs(name, configFile);
}

function knownOf(sources: Sources): Partial<Draft> {
  try {
    return known(sources);
  } catch (error) {
    throw error instanceof Unusable ? inputError(error.message, 'Correct the flag or the variable.') : error;
  }
}

async function completeDraft(sources: Sources, asker: Asker | undefined): Promise<Draft> {
  const draft = knownOf(sources);
  const found = scopesFor(listed(sources.flags.actions));
  for (const remark of 'remarks' in found ? found.remarks : []) note(`warning: ${remark}`);
  if ('onlyReads' in found && found.onlyReads && !sources.flags.readOnly) {
    note('These are reads alone, and their scopes open changes, too: --read-only has the client start without them.');
  }
  if (asker !== undefined) return askDraft(draft, sources, asker);
  return { ...(draft as Draft), ...(await readCredentials(draft, sources)) };
}

async function store(draft: Draft, sources: Sources, places: Places, asker: Asker | undefined): Promise<Linked> {
  const { flags } = sources;
  const name =
    flags.profile ??
    (asker === undefined
      ? usualProfile
      : await asker.text('Name of the profile to store it as', readProfileName, usualProfile));
  const { secret, ...account } = draft;
  const place = secret === undefined ? undefined : (flags.secretIn ?? (await askPlace(asker)));
  if (await isStored(name, draft, place, await places.book.list(), places)) {
    note(`Profile ${name} is stored like this already.`);
    return storedAs(name, places.configFile);
  }
  const replace = await mayReplace(name, flags.replace, places, asker);
  const saved = await places.book.save({ name, ...account }, secretAt(secret, place), { replace });
  const { home } = places.machine;
  const at = saved.secretAt === '' ? '' : `, its secret in ${abbreviateHome(saved.secretAt, { home })}`;
  note(`Stored as profile ${name} in ${abbreviateHome(saved.file, { home })}${at}.`);
  if (saved.backup !== undefined) note(`The file as it was: ${abbreviateHome(saved.backup, { home })}`);
  if (saved.leftBehind !== undefined) note(`warning: an old secret could not be removed: ${saved.leftBehind}`);
  return storedAs(name, places.configFile);
}

/** A token in a variable is the client's: the server has it only if the client hands it on. */
export function storedAs(profile: string, configFile: string): Linked {
  const values = profileIn(configFile, profile);
  const isVariable = values?.get('auth_type') === 'env-oidc' || values?.has('oidc_token_env');
  return { profile, ...(isVariable && { handOn: [values?.get('oidc_token_env') ?? tokenVariable] }) };
}

/** Undefined without such a file, too: --print needs none. */
const profileIn = (configFile: string, name: string) =>
  existsSync(configFile) ? parseProfileFile(readFileSync(configFile, 'utf8')).profiles.get(name) : undefined;

const secretAt = (value: string | undefined, place: SecretPlace | undefined) =>
  value === undefined || place === undefined ? undefined : { value, place };

const places: Readonly<Record<SecretPlace, string>> = {
  file: 'a file only you can read',
  profile: 'the profile itself, in plain text as the official tools keep it',
  keychain: "the operating system's keychain (npm install @napi-rs/keyring@2)",
};

const askPlace = async (asker: Asker | undefined): Promise<SecretPlace> => {
  if (asker === undefined) return 'file';
  asker.say('Where shall the secret rest?');
  return asker.one(
    'Where',
    (Object.keys(places) as SecretPlace[]).map((place) => ({ label: places[place], word: place, value: place })),
  );
};

async function mayReplace(name: string, allowed = false, { book }: Places, asker: Asker | undefined): Promise<boolean> {
  const isThere = (await book.list()).some((account) => account.name === name);
  if (!isThere || allowed) return allowed;
  if (asker === undefined) {
    throw inputError(`There is a profile ${name} for something else.`, 'Choose another --profile, or say --replace.');
  }
  if (await asker.confirm(`There is a profile ${name} for something else. Replace it?`)) return true;
  throw failed('cancelled', 'Nothing was stored.', { next: 'Run it again with another --profile.' });
}

async function isStored(
  name: string,
  draft: Draft,
  place: SecretPlace | undefined,
  stored: readonly LinkedAccount[],
  { configFile, machine }: Places,
): Promise<boolean> {
  const account = stored.find((each) => each.name === name);
  const { host, accountId, clientId, method, scopes } = draft;
  const same =
    account?.host === host &&
    account.method === method &&
    account.accountId === accountId &&
    account.clientId === clientId &&
    account.secretPlace === place &&
    (scopes.length === 0 || [...account.scopes].sort().join(' ') === [...scopes].sort().join(' '));
  if (!same) return false;
  const io = nodeIo(withoutSettings(machine.env));
  if (method === 'env-oidc' || method === 'file-oidc') {
    const profile = profileIn(configFile, name);
    return method === 'file-oidc'
      ? profile?.get('oidc_token_filepath') === draft.oidcTokenFilepath
      : (profile?.get('oidc_token_env') ?? tokenVariable) === (draft.oidcTokenEnv ?? tokenVariable);
  }
  const { connection } = loadConfiguration({ profile: name, configFile }, io);
  try {
    return connection !== undefined && (await readCredential(connection.signIn)) === draft.secret;
  } catch {
    return false;
  }
}

const inClientFile = ({ host, accountId, clientId, scopes, secret = '' }: Draft) => ({
  DATABRICKS_HOST: host,
  DATABRICKS_ACCOUNT_ID: accountId,
  DATABRICKS_CLIENT_ID: clientId,
  DATABRICKS_CLIENT_SECRET: secret,
  DATABRICKS_SCOPES: scopes.join(' '),
});
