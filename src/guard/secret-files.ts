/**
 * The sink used unless another is chosen: one new file per secret, in a folder only this user may enter. A file has its
 * name only when it is whole and on the disk.
 */
import { randomBytes } from 'node:crypto';
import { unlink } from 'node:fs/promises';
import { type ActionError, failed } from '../core/errors.js';
import { codeOf, type Disk, placePrivate } from './private-files.js';
import { FolderRefused } from './private-folder.js';
import { fingerprint, type SecretSink } from './secrets.js';

/** More than any secret takes, so that a disk with a few bytes left is found out in time. */
const probeLength = 64 * 1024;

export function createFileSink(directory: string, disk?: Disk): SecretSink {
  const write = (file: string, text: string) => placePrivate(directory, file, text, disk);
  return {
    async prepare() {
      try {
        await unlink(await write(`.probe-${randomBytes(6).toString('hex')}`, 'probe'.padEnd(probeLength)));
      } catch (error) {
        throw refusal('The folder for secrets cannot be used', directory, error, ' Nothing was sent.');
      }
    },
    async store(name, value, facts) {
      const safe = name.replace(/[^\w.-]/g, '_').slice(0, 100);
      const file = `${safe}-${randomBytes(8).toString('hex')}.json`;
      try {
        const path = await write(file, `${JSON.stringify({ ...facts, value }, null, 2)}\n`);
        return { stored_in: path, ...fingerprint(value) };
      } catch (error) {
        throw refusal('The secret could not be written', directory, error);
      }
    },
  };
}

function refusal(what: string, directory: string, error: unknown, rest = ''): ActionError {
  const why = error instanceof FolderRefused ? error.message : codeOf(error);
  const next = error instanceof FolderRefused ? error.fix : fixes[codeOf(error)];
  return failed('storage', `${what} (${why}): ${directory}.${rest}`, next === undefined ? {} : { next }, error);
}

const fixes: Readonly<Record<string, string>> = {
  ENOSPC: 'Free some space on its disk, then call again.',
  EDQUOT: 'Free some space on its disk, then call again.',
};
