/** What a caller hands to an action and what it gets back; shared by the executor and its parts. */
import type { Arguments, Outcome } from '../tools/action.js';
import type { Form } from './guard/approvals.js';
import type { Policy } from './guard/policy.js';
import type { UndoNote } from './guard/undo.js';

/** A call ends within this many milliseconds: MCP clients give up after 60 s. Downloads have an idle limit instead. */
export const callTime = 55_000;

export interface Result extends Outcome {
  /** Writes only: Databricks confirmed the change. A failed write tells by its failure's `sent`. */
  readonly outcome?: 'applied';
  /** Updates and removals: where what was there before is kept. */
  readonly undo?: UndoNote;
  /** Nothing was done: `data` tells what would be. */
  readonly plan?: true;
  /** `data` is a whole envelope in the unified model (`{data, next, raw?}`), not the data alone. */
  readonly enveloped?: true;
  /** What of it the caller wants to see; set for the one who called, not for what an action calls itself. */
  readonly selection?: Selection;
}

/** How much of an answer its caller asked for. */
export interface Selection {
  /** The arguments of the action itself. */
  readonly given: Arguments;
  /** Whether pages were collected. */
  readonly all: boolean;
  /** Everything, as Databricks sent it. */
  readonly full: boolean;
  /** Paths of fields; those of the action's view where there are none. */
  readonly fields?: readonly string[];
  /** Position from which the list is shown, from 1. */
  readonly from: number;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
  /** Who calls, as the server knows it: the door, and behind it the person who signed in. */
  readonly caller?: string;
  /** The operator's policy as far as this caller may use it; without one, all of it. */
  readonly policy?: Policy;
  /** Name and version of the MCP client, as it gives them. */
  readonly client?: string;
  /** The client's own way to ask its user. */
  readonly form?: Form;
  /** Told how far a long call is: units done, units in all where known, and what they are. */
  readonly progress?: (done: number, total: number | undefined, unit: string) => void;
}
