/**
 * Reads the operator's policy file into plain JSON. A file that cannot be read whole, that says a thing twice or that
 * others may change is refused: a policy that is half read is another policy.
 */
import { duplicateKey, isObject, isTooDeep } from '../core/json.js';
import { abbreviateHome, errorCode, expandHome, octal } from '../core/paths.js';
import { shown } from './policy-pattern.js';

/** What reading a policy asks of the machine. */
export interface PolicyIo {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly platform: NodeJS.Platform;
  /** Throws what the file system throws. */
  readFile(path: string): string;
  /** Undefined when there is no such file. */
  fileMode(path: string): { readonly mode: number; readonly isFile: boolean; readonly size: number } | undefined;
}

export interface PolicyProblem {
  /** The flag, variable or key. */
  readonly setting: string;
  readonly message: string;
  readonly fix: string;
}

export interface PolicyFile {
  /** The path as it is shown. */
  readonly name: string;
  readonly content: Readonly<Record<string, unknown>>;
}

/** Characters; a policy that names every action takes a tenth. */
const longest = 100_000;

/** The file's content, or why there is none. */
export function readPolicyFile(path: string, io: PolicyIo): PolicyFile | PolicyProblem {
  const full = expandHome(path, io);
  const name = abbreviateHome(full, io);
  const refused = (message: string, fix: string): PolicyProblem => ({
    setting: 'policy_file',
    message: `The policy file ${name} ${message}`,
    fix,
  });

  const file = io.fileMode(full);
  if (file !== undefined && !file.isFile) return refused('is no plain file.', 'Name a file.');
  if (file !== undefined && io.platform !== 'win32' && (file.mode & 0o022) !== 0) {
    return refused(`has mode ${octal(file.mode)}: others may change it.`, `Run: chmod go-w ${name}`);
  }
  const tooLarge = () => refused('is too large.', 'Globs such as delete_* and areas make it short.');
  if (file !== undefined && file.size > 4 * longest) return tooLarge();
  let text: string;
  try {
    text = io.readFile(full).replace(/^\ufeff/, '');
  } catch (error) {
    return refused(`cannot be read (${errorCode(error)}).`, 'Make it readable for this user, or name another file.');
  }
  if (text.length > longest) return tooLarge();
  if (isTooDeep(text)) return refused('is nested too deeply.', 'It is one object of settings.');

  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    // The parser's own message would quote from the file, which may be another one by mistake.
    return refused('is not valid JSON.', 'Correct it: no comments, no comma after the last entry.');
  }
  if (!isObject(content)) return refused('is no JSON object.', 'Write { } around the settings.');
  const twice = duplicateKey(text);
  if (twice !== undefined) return refused(`says ${shown(twice)} twice.`, 'Keep one of them.');
  return { name, content };
}
