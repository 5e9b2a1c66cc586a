/**
 * Questions that wait for a person, as files every process of this user sees. Moving a file ends its question, so that
 * of many who try just one succeeds. Each file is sealed with the key of this machine.
 */
import { readdir, readFile, rename, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { ActionError, failed } from '../core/errors.js';
import {
  type ApprovalRecord,
  type ApprovalStore,
  type AskedQuestion,
  approvalTime,
  type Decision,
  type Ending,
} from './approvals.js';
import { codeOf, createPrivate, placePrivate } from './private-files.js';
import { makePrivateFolder } from './private-folder.js';
import { createSealing } from './seal.js';

export interface ApprovalFileParts {
  readonly directory: string;
  readonly key: () => Promise<Buffer>;
  /** Epoch milliseconds. */
  readonly date: () => number;
}

const endings: readonly Ending[] = ['used', 'declined', 'withdrawn'];
const states = ['open', ...endings] as const;
const mostBytes = 64 * 1024;
/** Ended and forgotten questions are kept this long, to tell a replay from a stranger's id. */
const keep = 3 * approvalTime;

export function createApprovalFiles({ directory, key, date }: ApprovalFileParts): ApprovalStore {
  const path = (id: string, state: string) => join(directory, `${id}.${state}`);

  const { seal, unseal: open } = createSealing(key);

  const unseal = async (what: string, file: string): Promise<unknown> => {
    const { size } = await stat(file);
    return size > mostBytes ? undefined : open(what, await readFile(file, 'utf8'));
  };

  const read = async (id: string, state: ApprovalRecord['state']): Promise<ApprovalRecord | undefined> => {
    try {
      const asked = (await unseal(`question ${id}`, path(id, state))) as AskedQuestion | undefined;
      if (asked === undefined) return undefined;
      if (date() - asked.askedAt > keep) {
        await forget(id);
        return undefined;
      }
      const decision =
        state === 'open' || state === 'used'
          ? await unseal(`decision ${id}`, path(id, 'approved')).catch(() => {})
          : undefined;
      if (decision === undefined) return { ...asked, state };
      return { ...asked, state: state === 'open' ? 'approved' : state, decision: decision as Decision };
    } catch (error) {
      // Another process may just have moved it.
      if (codeOf(error) === 'ENOENT') return undefined;
      throw error;
    }
  };

  /** The question in this state, or in the one another process has just moved it to. */
  const readMoved = async (id: string, state: 'open' | Ending): Promise<ApprovalRecord | undefined> => {
    for (const each of state === 'open' ? states : [state]) {
      const record = await read(id, each);
      if (record !== undefined) return record;
    }
    return undefined;
  };

  const forget = async (id: string) => {
    for (const state of [...states, 'approved']) await unlink(path(id, state)).catch(() => {});
  };

  return {
    async add(asked) {
      try {
        await placePrivate(directory, `${asked.id}.open`, await seal(`question ${asked.id}`, asked));
      } catch (error) {
        throw unusable(error);
      }
    },
    async all() {
      try {
        await makePrivateFolder(directory);
        const found: ApprovalRecord[] = [];
        for (const file of await readdir(directory)) {
          const [, id = '', state = ''] = file.match(/^([a-z0-9]{6,40})\.(open|used|declined|withdrawn)$/) ?? [];
          const record = id === '' ? undefined : await readMoved(id, state as 'open' | Ending);
          if (record !== undefined) found.push(record);
        }
        return found.sort((a, b) => a.askedAt - b.askedAt);
      } catch (error) {
        throw unusable(error);
      }
    },
    async approve(id, decision) {
      if ((await read(id, 'open'))?.state !== 'open') return false;
      try {
        await createPrivate(path(id, 'approved'), await seal(`decision ${id}`, decision));
        return true;
      } catch (error) {
        if (codeOf(error) === 'EEXIST') return false;
        throw unusable(error);
      }
    },
    async end(id, how) {
      try {
        await rename(path(id, 'open'), path(id, how));
        return true;
      } catch (error) {
        if (codeOf(error) === 'ENOENT') return false;
        throw unusable(error);
      }
    },
  };

  function unusable(error: unknown): ActionError {
    if (error instanceof ActionError) return error;
    return failed(
      'storage',
      `Nobody can be asked: the folder for approvals cannot be used (${codeOf(error)}): ${directory}. Nothing was sent.`,
      {},
      error,
    );
  }
}
