/** What a person is told before a write: the words of `impact`. Types alone; the impacts themselves are in `impact/`. */
import type { z } from 'zod';
import type { Arguments, HttpAction, Risk } from './action.js';

/**
 * What a person has to know before a write, fetched for this one call. Strings from Databricks stand in `value`s only,
 * never in a label or a sentence: whoever shows them quotes and cuts them.
 */
export interface Impact {
  /** What the write is aimed at; for a create, what it is made in or for, where there is such a thing. */
  readonly target?: Target;
  /** Where what is there makes the call riskier than its arguments do. */
  readonly risk?: Risk;
  /** In reading order: what it is, what is lost or gained, by whom. Labels are ours, a word or two. */
  readonly facts: readonly Fact[];
  readonly reversible: 'yes' | 'partly' | 'no';
  /** What taking it back would mean, in a sentence of ours. */
  readonly reversal: string;
  /** Why this call would shut this server or the last administrator out: sentences of ours. Only the operator lifts them. */
  readonly lockouts?: readonly string[];
  /** Why Databricks would refuse it or nobody can want it: a sentence of ours. Nothing lifts it. */
  readonly obstacle?: { readonly message: string; readonly next: string };
  /** The object as it is now, without fields that change by themselves. Kept as an undo note and compared. */
  readonly before?: unknown;
  /** The object as it would be, in the shape of `before`, as far as that can be told without asking Databricks. */
  readonly after?: unknown;
  /** The call that would restore `before`, where one can. */
  readonly undo?: { readonly tool: string; readonly arguments: Arguments };
  /** What the person has to type, where a yes is not enough: the target's name. */
  readonly typed?: string;
}

export interface Target {
  /** Our word for it: "user", "metastore". */
  readonly kind: string;
  readonly id: string;
  readonly name?: string;
}

export interface Fact {
  readonly label: string;
  /** From Databricks or the caller, and shown quoted. A list is shown with its length and its first few. */
  readonly value: FactValue | readonly FactValue[] | Words;
}

/** Words of ours, shown as they are: nothing from outside may stand in them. */
export interface Words {
  readonly words: string;
}

export type FactValue = string | number | boolean | bigint;

/** How an impact is found out. Reads only. */
export interface Look {
  /** The OAuth client id of the service principal that signs in. */
  readonly clientId: string;
  /**
   * SHA-256 of the secret that signs in, as hex and as base64: what `secret_hash` may be compared with. None where it cannot
   * be told; undefined where no secret of Databricks signs in.
   */
  ownSecretHashes(): Promise<readonly string[] | undefined>;
  /** Addresses from which Databricks sees this server, IPs or CIDR ranges; undefined where nobody has told. */
  readonly ownAddresses: readonly string[] | undefined;
  /** The data of a read, a list to its end; null where nothing is there (404). Throws as a call does. */
  read<I extends z.ZodObject>(action: HttpAction<I>, input: z.input<I>): Promise<unknown>;
  /** The same for what is good to know: undefined where scopes, rights or Databricks do not let it be read. */
  tryRead<I extends z.ZodObject>(action: HttpAction<I>, input: z.input<I>): Promise<unknown>;
  /** Ends the call as "not found": there is nothing to change. `kind` is our word for it. */
  notFound(kind: string, id: string): never;
}
