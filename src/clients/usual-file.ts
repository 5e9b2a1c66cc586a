/** The file a client has for all projects, said to somebody whose machine is not known. Pure. */
import { posix } from 'node:path';
import type { Client } from './catalogue.js';

/** By its whole path where that is the same on all systems, else by its name. Undefined for a client without a known file. */
export function usualFile({ files }: Pick<Client, 'files'>): string | undefined {
  const [path, elsewhere] = (['linux', 'darwin'] as const).map(
    (platform) => files({}, platform, '~', '.').find((file) => file.of === 'user')?.path,
  );
  return path === undefined || path === elsewhere ? path : posix.basename(path);
}
