/** What an answer says of undoing has to be true: what was there before is in a file only this user can read. */
import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { exactJson, shown } from './json.js';
import type { Call } from './row.js';

interface Note {
  readonly kept_in: string;
  readonly tool?: string;
  readonly arguments?: unknown;
}

/** The answer without its undo note, which has been judged; updates and removals of what was there have to have one. */
export function withoutUndo(
  action: string,
  { args, fromNothing }: Pick<Call, 'args' | 'fromNothing'>,
  answer: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const { undo, ...rest } = answer;
  const isNew = /^databricks_create_(?!or_update)/.test(action);
  if (isNew || answer.outcome === undefined) {
    assert.equal(undo, undefined);
    return rest;
  }
  assert.ok(undo, 'there is no undo note');
  judge(action, undo as Note, (before) => {
    if (fromNothing === true) return assert.equal(before, null);
    const ids = Object.entries(args).filter(([name]) => name === 'id' || name.endsWith('_id'));
    const text = JSON.stringify(before);
    assert.ok(
      ids.some(([, id]) => text.includes(String(id))),
      `none of ${JSON.stringify(ids)} in ${text}`,
    );
  });
  return rest;
}

function judge(action: string, undo: Note, judgeBefore: (before: unknown) => void): void {
  const { kept_in, ...told } = undo;
  assert.equal(statSync(kept_in).mode & 0o777, 0o600);
  assert.equal(statSync(dirname(kept_in)).mode & 0o777, 0o700);
  const note = shown(exactJson(readFileSync(kept_in, 'utf8'))) as Record<string, unknown>;
  assert.equal(note.action, action);
  judgeBefore(note.before);
  if (told.tool === undefined) assert.equal(told.arguments, undefined);
  else {
    const { tool, arguments: restoring } = note.undo as { tool: string; arguments: unknown };
    assert.equal(told.tool, tool);
    if (told.arguments !== undefined) assert.deepEqual(told.arguments, restoring);
  }
}
