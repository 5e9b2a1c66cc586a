// Where the client secret comes from. Hands out only a way to read it: the value is kept in no object that could be printed,
// and appears in no problem.

import { abbreviateHome, type ConfigIo, errorCode, expandHome, octal } from './config-io.js';
import { ConfigProblem, type Problem } from './config-problem.js';
import { rereadProfile } from './profile-file.js';
import { type Settings, whereToSet } from './settings.js';

export interface ClientSecret {
  readonly source: string;
  /** Reads it now. Throws ConfigProblem. */
  read(): string;
}

const setting = 'client_secret';
const places = `${whereToSet(setting)}, or name a file in ${whereToSet('client_secret_file')}`;

/** A problem when there is no secret, or two of the same rank. Whether it can be read shows only in reading it. */
export function findClientSecret({ found, profile }: Settings, io: ConfigIo): ClientSecret | Problem {
  const direct = found.get('client_secret');
  const file = found.get('client_secret_file');
  if (direct && direct.layer === file?.layer) {
    const message =
      'There are two client secrets: DATABRICKS_CLIENT_SECRET and DATABRICKS_CLIENT_SECRET_FILE are both set.';
    return { setting, message, fix: 'Remove one of them.' };
  }
  // The file is said by flag or environment, the direct secret by environment or profile: of different ranks, the file's is higher.
  if (file) return { source: file.source, read: () => readSecretFile(expandHome(file.value, io), io) };
  if (direct && profile && direct.layer === 'profile') {
    return { source: direct.source, read: () => rereadProfile(profile, setting, io) || missing() };
  }
  if (direct) return { source: direct.source, read: () => direct.value };
  return { setting, message: 'No client secret is set.', fix: `Set it in ${places}.` };
}

function missing(): never {
  throw new ConfigProblem({ setting, message: 'The profile has lost its client_secret.', fix: `Set it in ${places}.` });
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
