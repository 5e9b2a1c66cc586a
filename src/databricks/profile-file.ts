// Opens the .databrickscfg and says what is wrong with it as a file: missing, unreadable, open to other users, ambiguous.
// What its text means is for databrickscfg.ts.

import { abbreviateHome, type ConfigIo, errorCode, octal } from './config-io.js';
import { ConfigProblem, type Problem } from './config-problem.js';
import { type Profile, type ProfileFile, ProfileFileError, parseProfileFile, pickProfile } from './databrickscfg.js';

export interface ProfileInUse {
  readonly name: string;
  readonly path: string;
}

interface Wanted {
  readonly path: string;
  /** The profile a person named, if any. */
  readonly asked: string | undefined;
  /** Whether a person named this file, rather than leaving it at the default. */
  readonly pathGiven: boolean;
}

interface LoadedProfile {
  readonly profile: ProfileInUse | undefined;
  readonly values: Profile;
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

const nothing: LoadedProfile = { profile: undefined, values: new Map(), problems: [], warnings: [] };
const howToName = 'Name another profile in DATABRICKS_CONFIG_PROFILE or --profile';
const howToPoint = 'Name the right file in DATABRICKS_CONFIG_FILE or --config-file';

export function loadProfile({ path, asked, pathGiven }: Wanted, io: ConfigIo): LoadedProfile {
  const shown = abbreviateHome(path, io);
  try {
    const file = parseProfileFile(io.readFile(path));
    const picked = pickProfile(file, asked);
    if (!picked) return { ...nothing, problems: unchosen(shown, file) };
    const warnings = warningsAboutAccess(path, io);
    if (file.repeated.has(picked.name)) warnings.push(repetition(shown, picked.name));
    return { profile: { name: picked.name, path }, values: picked.values, problems: [], warnings };
  } catch (error) {
    if (error instanceof ProfileFileError) {
      const fix = `Correct the file. ${howToName}, or ${lowerFirst(howToPoint)}.`;
      return { ...nothing, problems: [{ setting: 'profile', message: `${shown} ${error.message}.`, fix }] };
    }
    if (errorCode(error) !== 'ENOENT') {
      const fix = `Make it readable for the user this server runs as. ${howToPoint}.`;
      const message = `${shown} cannot be read (${errorCode(error)}).`;
      return { ...nothing, problems: [{ setting: 'config_file', message, fix }] };
    }
    // Most machines have no such file, and that is fine as long as nobody asked for it.
    if (asked === undefined && !pathGiven) return nothing;
    const message = `${shown} does not exist${asked === undefined ? '' : `, so there is no profile ${asked}`}.`;
    const missing = { setting: 'config_file', message, fix: `${howToPoint}.` };
    return asked === undefined ? { ...nothing, warnings: [missing] } : { ...nothing, problems: [missing] };
  }
}

/** Where profiles are and nobody says which: without this, each thing they hold would be told as missing. */
function unchosen(shown: string, { profiles }: ProfileFile): Problem[] {
  const names = [...profiles].filter(([, values]) => values.has('account_id')).map(([name]) => name);
  if (names.length === 0) return [];
  const some = names.slice(0, 5).join(', ') + (names.length > 5 ? ` and ${names.length - 5} more` : '');
  const message = `No profile is chosen, and ${shown} has none called DEFAULT.`;
  return [{ setting: 'profile', message, fix: `Choose one with --profile or DATABRICKS_CONFIG_PROFILE: ${some}.` }];
}

/** One value of the profile in use, read anew, so that a rotated secret counts at once. Throws ConfigProblem. */
export function rereadProfile({ name, path }: ProfileInUse, key: string, io: ConfigIo): string | undefined {
  const { values, problems } = loadProfile({ path, asked: name, pathGiven: true }, io);
  if (problems[0]) throw new ConfigProblem(problems[0]);
  return values.get(key);
}

function warningsAboutAccess(path: string, io: ConfigIo): Problem[] {
  const access = io.fileMode(path);
  if (!access || io.platform === 'win32') return [];
  const shown = abbreviateHome(path, io) + (access.isSymlink ? ' (a symbolic link; its target counts)' : '');
  const warnings: Problem[] = [];
  if (access.mode & 0o077) {
    const message = `${shown} has mode ${octal(access.mode)}: other users of this machine can get at its secrets.`;
    warnings.push({ setting: 'config_file', message, fix: `Run: chmod 600 ${abbreviateHome(path, io)}` });
  }
  // Root may read and write everything anyway, so a file of root's gives nothing away.
  if (io.uid !== undefined && access.uid !== io.uid && access.uid !== 0) {
    const message = `${shown} belongs to another user (uid ${access.uid}), who can change which credentials are used.`;
    warnings.push({ setting: 'config_file', message, fix: `Use a file of your own. ${howToPoint}.` });
  }
  return warnings;
}

const repetition = (shown: string, name: string): Problem => ({
  setting: 'profile',
  message: `${shown} has the profile ${name}, or one of its keys, more than once; the last value of a key is used.`,
  fix: `Keep one [${name}] and one line for each key.`,
});

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
