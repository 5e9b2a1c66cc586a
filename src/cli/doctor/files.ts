/** What `doctor` says of the files that hold secrets or records: whether they are there, and this user's alone. Creates nothing. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ActionError } from '../../core/errors.js';
import { abbreviateHome, errorCode, octal } from '../../core/paths.js';
import type { ConfigIo } from '../../databricks/config-io.js';
import type { Keys } from '../../guard/keys.js';
import { checkPrivateFolder, FolderRefused } from '../../guard/private-folder.js';
import { openTokenFile } from '../../http/auth/token-file.js';
import { type Finding, fail, ok, warn } from './finding.js';

export interface Files {
  readonly io: ConfigIo;
  /** The profile file, where one is in use, and the file of the client secret. What is wrong with them the settings say. */
  readonly configFile: string | undefined;
  readonly secretFile: string | undefined;
  readonly stateRoot: string;
  /** The key of the operator's, where one is named; else it is made in the state folder. */
  readonly namedKey: string | undefined;
  /** Reads the key that is there; never makes one. */
  readonly keys: Keys;
  /** Of `http`, where the environment names one. */
  readonly tokenFile: string | undefined;
}

export async function checkFiles(files: Files): Promise<Finding[]> {
  const { io, configFile, secretFile, tokenFile } = files;
  return [
    ...aboutFile('config_file', configFile, io),
    ...aboutFile('client_secret', secretFile, io),
    ...(await aboutFolders(files)),
    ...(await aboutKey(files)),
    ...(await aboutJournals(files)),
    ...(tokenFile === undefined ? [] : [await aboutTokens(tokenFile, io)]),
  ];
}

function aboutFile(check: string, path: string | undefined, io: ConfigIo): Finding[] {
  const access = path === undefined ? undefined : io.fileMode(path);
  if (path === undefined || access === undefined || isOpen(access.mode, io)) return [];
  return [ok(check, `${abbreviateHome(path, io)}${modeOf(access.mode, io)}`)];
}

const isOpen = (mode: number, { platform }: ConfigIo) => platform !== 'win32' && (mode & 0o077) !== 0;

/** Windows has no such modes. */
const modeOf = (mode: number, { platform }: ConfigIo) => (platform === 'win32' ? '' : ` has mode ${octal(mode)}`);

async function aboutFolders({ stateRoot, io }: Files): Promise<Finding[]> {
  if (io.fileMode(stateRoot) === undefined) {
    return [ok('folder', `${abbreviateHome(stateRoot, io)} is made at first need`)];
  }
  const folders = await withFolders(stateRoot);
  const refused: Finding[] = [];
  for (const folder of folders) {
    await checkPrivateFolder(folder).catch((error: unknown) => {
      const fix = error instanceof FolderRefused ? error.fix : 'Make it a folder of this user alone.';
      const why = error instanceof FolderRefused ? error.message : errorCode(error);
      refused.push(fail('folder', `${abbreviateHome(folder, io)} is not used: ${why}.`, fix, 'storage'));
    });
  }
  if (refused.length > 0) return refused;
  return [ok('folder', `${abbreviateHome(stateRoot, io)} and the folders in it are this user's alone`)];
}

/** The state folder, and what this program made in it: folders for one purpose each, and the sandbox's. */
async function withFolders(root: string): Promise<string[]> {
  const inside = await readdir(root, { withFileTypes: true }).catch(() => []);
  return [root, ...inside.filter((entry) => entry.isDirectory()).map(({ name }) => join(root, name))];
}

/** A journal without its key is no journal, so only then a key that is missing is a failure. */
async function aboutKey({ stateRoot, namedKey, keys, io }: Files): Promise<Finding[]> {
  const path = namedKey ?? join(stateRoot, 'key');
  const shown = abbreviateHome(path, io);
  const access = io.fileMode(path);
  const isNew = access === undefined && namedKey === undefined && io.fileMode(join(stateRoot, 'journal')) === undefined;
  if (isNew) return [ok('key', `${shown} is made at first need`)];
  try {
    await keys.derive('doctor');
    return [ok('key', `${shown}${access === undefined ? '' : modeOf(access.mode, io)}`)];
  } catch (error) {
    if (!(error instanceof ActionError)) throw error;
    return [fail('key', error.failure.message, error.failure.next ?? '', 'storage')];
  }
}

async function aboutJournals({ stateRoot, io }: Files): Promise<Finding[]> {
  const folder = join(stateRoot, 'journal');
  const names = await readdir(folder).catch(() => []);
  return names
    .map((name) => join(folder, name))
    .filter((path) => isOpen(io.fileMode(path)?.mode ?? 0, io))
    .map((path) => abbreviateHome(path, io))
    .map((path) => warn('journal', `Others can get at ${path}.`, `Run: chmod 600 ${path}`));
}

async function aboutTokens(path: string, io: ConfigIo): Promise<Finding> {
  try {
    await openTokenFile({ path, now: () => 0, onProblem: () => {} });
    return ok('token_file', `${abbreviateHome(path, io)} can be used by http (DATABRICKS_MCP_HTTP_TOKEN_FILE)`);
  } catch (error) {
    if (!(error instanceof ActionError)) throw error;
    return fail('token_file', error.failure.message, 'Correct it, or DATABRICKS_MCP_HTTP_TOKEN_FILE.');
  }
}
