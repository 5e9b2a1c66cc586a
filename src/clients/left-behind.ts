/**
 * Entries `init` wrote for a clone that has since been moved, renamed or deleted. When the clone's folder had a name of
 * its own, nothing in the path says whose it was; the place of the file in a clone and our options do.
 */
import { statSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import type { ServerEntry } from './server-entry.js';

/** The program file of an entry as `init` writes it for a clone: Node, the whole path, our options. Undefined for others. */
export function cloneProgram(entry: ServerEntry): string | undefined {
  if (entry.kind !== 'stdio' || !/(^|[\\/])node(js)?(\.exe)?$/i.test(entry.command)) return undefined;
  const [program = '', ...options] = entry.args;
  const profile = options[options.indexOf('--profile') + 1] ?? '';
  const names = options.includes('--profile') && profile !== '' && !profile.startsWith('-');
  // Not a path of another machine (`\\host\…`): looking there would sign in to it.
  const inClone = /^(\/(?!\/)|[a-z]:[\\/]).*[\\/]dist[\\/]src[\\/]cli[\\/]main\.js$/i.test(program);
  return inClone && (names || options.includes('--sandbox')) ? program : undefined;
}

/** The program file that is no longer there. A file that is there, or cannot be looked at, may be anybody's. */
export function leftBehind(entry: ServerEntry): string | undefined {
  const program = cloneProgram(entry);
  if (program === undefined || !isAbsolute(program)) return undefined;
  try {
    return statSync(program, { throwIfNoEntry: false }) === undefined ? program : undefined;
  } catch {
    return undefined;
  }
}
