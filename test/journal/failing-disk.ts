/** A disk that works for some steps and then fails: once, with an error, or from then on, as after a death. */
import { type FileHandle, open, rename } from 'node:fs/promises';
import type { Disk } from '../../src/guard/journal/log-file.js';

export interface Failure {
  /** Steps that work: opening, writing, syncing, truncating, renaming. */
  readonly after: number;
  readonly code: string;
  /** Nothing works any more, so that nothing can be tidied up either. */
  readonly dies: boolean;
  /** A write that fails has written half. */
  readonly half: boolean;
}

export function failingDisk({ after, code, dies, half }: Failure) {
  let steps = 0;
  let hasFailed = false;
  const step = async (partly: () => Promise<unknown> = async () => {}): Promise<void> => {
    steps += 1;
    if (steps <= after || (hasFailed && !dies)) return;
    if (!hasFailed) {
      hasFailed = true;
      await partly();
    }
    throw Object.assign(new Error(code), { code });
  };

  const wrapped = (handle: FileHandle) =>
    ({
      stat: () => handle.stat(),
      read: (buffer: Buffer, offset: number, length: number, position: number) =>
        handle.read(buffer, offset, length, position),
      close: () => handle.close(),
      async write(buffer: Buffer, offset: number, length: number, position: number) {
        await step(async () => half && handle.write(buffer, offset, length >> 1, position));
        return await handle.write(buffer, offset, length, position);
      },
      async writeFile(text: string) {
        await step(async () => half && handle.write(text.slice(0, text.length >> 1)));
        await handle.writeFile(text);
      },
      async sync() {
        await step();
        await handle.sync();
      },
      async truncate(length: number) {
        await step();
        await handle.truncate(length);
      },
    }) as unknown as FileHandle;

  const disk: Disk = {
    async open(...args) {
      await step();
      return wrapped(await open(...args));
    },
    async rename(...args) {
      await step();
      await rename(...args);
    },
  };
  return { disk, hasFailed: () => hasFailed };
}
