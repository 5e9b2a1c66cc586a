/** Undo notes: what an object was before a change or a removal, and the call that would bring it back, in a private file. */
import { randomBytes } from 'node:crypto';
import type { Arguments, HttpAction, Impact } from '../../tools/action.js';
import { failed } from '../core/errors.js';
import { encodeJson } from '../core/json.js';
import { codeOf, placePrivate } from './private-files.js';
import { makePrivateFolder } from './private-folder.js';

export interface UndoNote {
  readonly kept_in: string;
  /** The call that would restore it; its arguments only where they are short. */
  readonly tool?: string;
  readonly arguments?: Arguments;
}

export interface UndoNotes {
  /** Throws a `storage` failure where a note could not be kept: told before a person is asked. */
  ready(): Promise<void>;
  /** Throws a `storage` failure: what cannot be noted is not changed. */
  keep(action: HttpAction, input: Arguments, impact: Impact, accountId: string): Promise<UndoNote | undefined>;
}

/** Characters of arguments that are worth their place in an answer; longer ones are read in the file. */
const short = 600;

/** `scrub` takes credentials out: a note stays on the disk, and no secret can be brought back from one anyway. */
export function createUndoNotes(directory: string, date: () => number, scrub: <T>(value: T) => T): UndoNotes {
  const unusable = (error: unknown) =>
    failed(
      'storage',
      `What is there now could not be noted for an undo (${codeOf(error)}): ${directory}. Nothing was sent.`,
      {},
      error,
    );
  return {
    async ready() {
      try {
        await makePrivateFolder(directory);
      } catch (error) {
        throw unusable(error);
      }
    },
    async keep(action, input, impact, accountId) {
      const { before, target, undo, reversible, reversal } = impact;
      if (before === undefined) return undefined;
      const time = new Date(date()).toISOString();
      const name = `${time.replace(/[:.]/g, '-')}-${action.id.replace('databricks_', '')}-${randomBytes(4).toString('hex')}.json`;
      const note = {
        time,
        account_id: accountId,
        action: action.id,
        arguments: input,
        target,
        before,
        undo,
        reversible,
        reversal,
      };
      try {
        const kept_in = await placePrivate(directory, name, `${encodeJson(scrub(note))}\n`);
        if (undo === undefined) return { kept_in };
        const isShort = encodeJson(undo.arguments).length <= short;
        return { kept_in, tool: undo.tool, ...(isShort && { arguments: undo.arguments }) };
      } catch (error) {
        throw unusable(error);
      }
    },
  };
}
