// Ids, secrets and repeatable dice. Everything derives from a counter and a label, so two runs give the same account.
// Must never use real randomness or the clock.

import { createHash } from 'node:crypto';

export interface Ids {
  uuid(): string;
  /** A 16-digit number as SCIM and workspace ids have, as text. */
  numeric(): string;
  hex(length: number): string;
}

export function createIds(label: string): Ids {
  let counter = 0;
  const digest = () => {
    counter += 1;
    return sha256(`${label}/${counter}`);
  };
  return {
    uuid: () => uuidFrom(digest()),
    // The counter in the middle keeps numbers apart whatever the digest says.
    numeric: () => {
      const seed = BigInt(`0x${digest().slice(0, 12)}`);
      return `${1 + Number(seed % 8n)}${String(seed % 10_000_000n).padStart(7, '0')}${String(counter).padStart(8, '0')}`;
    },
    hex: (length) => digest().slice(0, length),
  };
}

export const sha256 = (value: string): string => createHash('sha256').update(value).digest('hex');

export function uuidFrom(digest: string): string {
  const part = (from: number, to: number) => digest.slice(from, to);
  return `${part(0, 8)}-${part(8, 12)}-4${part(13, 16)}-a${part(17, 20)}-${part(20, 32)}`;
}

/** A small generator (mulberry32) giving numbers in [0, 1). */
export function createDice(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
