/** The file of named tokens: only its owner's, read again when it changes, so that a token is revoked by editing it. */
import { open } from 'node:fs/promises';
import process from 'node:process';
import { failed } from '../../core/errors.js';
import { errorCode, octal } from '../../core/paths.js';
import { parseTokens, type StaticToken } from './static-tokens.js';

export interface TokenFileParts {
  readonly path: string;
  /** Those there are to be named. */
  readonly accounts?: ReadonlySet<string>;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  readonly onProblem: (message: string) => void;
  /** Between two looks at the file. */
  readonly every?: number;
}

/** More than anybody names tokens. */
const longest = 1024 * 1024;

interface Read {
  /** Changes whenever the file does. */
  readonly version: string;
  readonly tokens: readonly StaticToken[] | string;
}

/**
 * Throws where the file cannot be used at the start. Later a file whose content is wrong leaves the tokens as they were,
 * for it may be half written; one that is gone or open to others closes the door.
 */
export async function openTokenFile(parts: TokenFileParts): Promise<() => Promise<readonly StaticToken[]>> {
  const { path, now, onProblem, every = 1_000 } = parts;
  const first = await read(parts, undefined);
  if (typeof first === 'string' || typeof first?.tokens === 'string') {
    const wrong = typeof first === 'string' ? first : first?.tokens;
    throw failed('configuration', `The token file ${path} ${wrong}.`, { next: 'Correct it and start again.' });
  }
  let version = first?.version;
  let tokens: readonly StaticToken[] = first?.tokens ?? [];
  let checked = now();
  let told: string | undefined;
  let looking: Promise<void> | undefined;

  const tell = (problem: string) => {
    if (problem !== told) onProblem(problem);
    told = problem;
  };

  const look = async () => {
    const found = await read(parts, version);
    checked = now();
    if (found === undefined) return;
    if (typeof found === 'string') {
      version = undefined;
      tokens = [];
      tell(`The token file ${found}: none of its tokens is accepted.`);
    } else if (typeof found.tokens === 'string') {
      tell(`The token file ${found.tokens}: the tokens read before still count.`);
    } else {
      ({ version, tokens } = { version: found.version, tokens: found.tokens });
      told = undefined;
    }
  };

  return async () => {
    if (now() - checked >= every) {
      looking ??= look().finally(() => {
        looking = undefined;
      });
    }
    await looking;
    return tokens;
  };
}

/** Undefined where it is still the known version; a string says why it cannot be used at all. */
async function read({ path, accounts }: TokenFileParts, known: string | undefined): Promise<Read | string | undefined> {
  try {
    const handle = await open(path, 'r');
    try {
      const stat = await handle.stat();
      if (!stat.isFile() || stat.size > longest) return 'is no file of tokens';
      // Windows knows no such modes.
      if (process.platform !== 'win32' && (stat.mode & 0o077) !== 0) {
        return `has mode ${octal(stat.mode)}, so that others can get at it (chmod 600)`;
      }
      const version = `${stat.ino} ${stat.mtimeMs} ${stat.ctimeMs} ${stat.size}`;
      if (version === known) return undefined;
      return { version, tokens: parseTokens(await handle.readFile('utf8'), accounts) };
    } finally {
      await handle.close();
    }
  } catch (error) {
    return `cannot be read (${errorCode(error)})`;
  }
}
