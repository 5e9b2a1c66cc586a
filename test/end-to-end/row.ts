/**
 * The form of a row: what an action is called with, what has to arrive at Databricks, and what has to come back. Rows
 * are written by hand from the API reference; nothing in them is computed from the catalogue.
 */
import assert from 'node:assert/strict';
import type { Account, Body } from './account.js';
import { shown } from './json.js';

/** One request as Databricks has to see it. */
export interface Wire {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  /** Decoded parameters, all of them; none unless given. */
  readonly query?: Readonly<Record<string, string>>;
  /** The whole JSON body; a bigint stands for a number with all its digits. */
  readonly body?: unknown;
}

export interface Call {
  readonly args: Readonly<Record<string, unknown>>;
  /** In any order where there are several. */
  readonly wire: readonly Wire[];
  /** Judges the whole answer, which is `{account_id, ...answer}`; of a write, without its undo note. */
  readonly judge: Judge;
  /** A change where nothing was before: that is what its undo note says. */
  readonly fromNothing?: true;
  /** A person is asked because of these arguments; the action's tier does not ask. */
  readonly asks?: true;
}

export interface Given {
  readonly account: Account;
  /** As the client got it, without the account id. */
  readonly answer: Body;
  readonly args: Call['args'];
  /** Path and query of the requests that were sent. */
  readonly sent: readonly string[];
}

export type Judge = (given: Given) => void | Promise<void>;

/** Prepares its objects, then tells the call. */
export type Row = (account: Account) => Call | Promise<Call>;

/** A row per action, or several where one call does not show it all; run in this order. */
export type Rows = Readonly<Record<string, Row | readonly Row[]>>;

/** A read: asked the same directly, the account answers with this body, of which the answer has to be this view. */
export function reads(view: (body: Body, args: Call['args']) => Record<string, unknown>): Judge {
  return async ({ account, answer, args, sent }) => {
    const body = shown(await account.get(sent[0] ?? ''));
    const expected = view(body, args);
    assert.deepEqual(answer, expected);
    assert.notDeepEqual(expected.data, [], 'an empty list proves nothing');
  };
}

/** A list under this key, with the token of the next page where there is one. */
export const listed = (key: string): Judge =>
  reads((body, args) => ({
    data: body[key],
    ...(body.next_page_token && { nextPage: { ...args, page_token: body.next_page_token } }),
  }));

/** A page of a SCIM list that is not the last one. */
export const scimListed = (next: { startIndex: number }): Judge =>
  reads((body, args) => ({ data: body.Resources, total: body.totalResults, nextPage: { ...args, ...next } }));

/** A write whose answer is empty; `state` looks at what it did. */
export const appliedSilently = (state: Judge): Judge => applied(null, state);

/** A write that answers with this; `state` looks at what it did. */
export function applied(data: unknown, state: Judge): Judge {
  return async (given) => {
    assert.deepEqual(given.answer, { outcome: 'applied', data: shown(data) });
    await state(given);
  };
}

/** A write that answers with the object as it is then read at this path, under this key where there is one. */
export function appliedAndKept(path: (data: Body) => string, expected: Record<string, unknown>, key?: string): Judge {
  return async ({ account, answer }) => {
    assert.equal(answer.outcome, 'applied');
    assert.deepEqual(Object.keys(answer), ['outcome', 'data']);
    const body = await account.get(path(answer.data));
    const kept = shown(key === undefined ? body : body[key]) as Body;
    assert.deepEqual(answer.data, kept);
    for (const [name, value] of Object.entries(expected)) assert.deepEqual(kept[name], shown(value), name);
  };
}
