// Where the client secret comes from. Hands out only a way to read it: the value is kept in no object that could be printed,
// and appears in no problem.

import { abbreviateHome, type ConfigIo, errorCode, expandHome, octal } from '../config-io.js';
import { ConfigProblem, type Problem } from '../config-problem.js';
import { rereadProfile } from '../profile-file.js';
import { type Found, type Settings, whereToSet } from '../settings.js';
import { service } from './keychain.js';

export interface ClientSecret {
  readonly source: string;
  /** Throws ConfigProblem for what keeps it from being read, as far as that can be told without asking a person. */
  check(): void;
  /** Reads it now. Throws ConfigProblem. */
  read(): Promise<string>;
}

/** Where the secret itself is said: an OAuth secret of Databricks, or one of an Entra application. */
type Direct = 'client_secret' | 'azure_client_secret';

const ranks = { flag: 0, environment: 1, profile: 2 } as const;

/** A problem when there is no secret, or two of the same rank. Whether it can be read shows only in reading it. */
export function findClientSecret(direct: Direct, { found, profile }: Settings, io: ConfigIo): ClientSecret | Problem {
  const setting = 'client_secret';
  const said = ([direct, 'client_secret_file', 'client_secret_keychain'] as const)
    .flatMap((name) => ({ name, ...found.get(name) }))
    .filter((each): each is { name: typeof each.name } & Found => each.layer !== undefined)
    .sort((one, other) => ranks[one.layer] - ranks[other.layer]);
  const [first, second] = said;
  if (!first) return { setting, message: 'No client secret is set.', fix: `Set it in ${places(direct)}.` };
  if (first.layer === second?.layer) {
    const message = `There are two client secrets: ${first.name} and ${second.name} are both set (${first.source}).`;
    return { setting, message, fix: 'Remove one of them.' };
  }
  const { name, source, value } = first;
  if (name === 'client_secret_keychain') return { source, check: () => {}, read: () => readItem(value, io) };
  const read = (): string => {
    if (name === 'client_secret_file') return readSecretFile(expandHome(value, io), io);
    if (!profile || first.layer !== 'profile') return value;
    return rereadProfile(profile, name, io) || missing(direct);
  };
  return { source, check: () => void read(), read: async () => read() };
}

const places = (direct: Direct) =>
  `${whereToSet(direct)}, or name a file in ${whereToSet('client_secret_file')}, or an item of the keychain in ` +
  whereToSet('client_secret_keychain');

function missing(direct: Direct): never {
  const message = `The profile has lost its ${direct}.`;
  throw new ConfigProblem({ setting: 'client_secret', message, fix: `Set it in ${places(direct)}.` });
}

async function readItem(item: string, { keychain }: ConfigIo): Promise<string> {
  const secret = await keychain.read(item);
  if (secret) return secret;
  throw new ConfigProblem({
    setting: 'client_secret_keychain',
    message: `The keychain has no item ${JSON.stringify(item)} of ${service}.`,
    fix: `Store the secret there with \`${service} init\`, or name another item in ${whereToSet('client_secret_keychain')}.`,
  });
}

function readSecretFile(path: string, io: ConfigIo): string {
  const shown = abbreviateHome(path, io);
  const fail = (message: string, fix: string): never => {
    throw new ConfigProblem({
      setting: 'client_secret_file',
      message: `The client secret file ${shown} ${message}`,
      fix,
    });
  };
  const access = io.fileMode(path);
  if (access && io.platform !== 'win32' && access.mode & 0o077) {
    const link = access.isSymlink ? ' (the target of the symbolic link)' : '';
    fail(`has mode ${octal(access.mode)}${link}: others than its owner can get at it.`, `Run: chmod 600 ${shown}`);
  }
  let text = '';
  try {
    text = io.readFile(path);
  } catch (error) {
    const fix = `Make it readable for the user this server runs as, or name another in ${whereToSet('client_secret_file')}.`;
    fail(`cannot be read (${errorCode(error)}).`, fix);
  }
  // Editors and `echo` end a file with a line break.
  return text.replace(/\r?\n$/, '') || fail('is empty.', 'Write the client secret into it.');
}
