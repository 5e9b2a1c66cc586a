/** The form of the wire tables: what is asked of an action and the exact request that has to come of it. */

/** Action, arguments, `METHOD /exact/path?query`, exact body text. An action may have several rows. */
export type WireRow = readonly [id: string, input: object, request: string, body?: string];

/** Beyond 2^53, where a double loses the last digits. */
export const bigId = '9007199254740993';
