// Remembers what the account really did, whatever its clients were told. Only the latest effects; never a secret.

import type { Effect } from '../contract.js';

const MOST_KEPT = 100_000;

export class EffectLog {
  readonly effects: Effect[] = [];
  readonly #now: () => number;
  #last = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Numbers go on after a clear, so that no two effects of a sandbox share one. */
  add(effect: Omit<Effect, 'seq' | 'time'>): void {
    this.#last += 1;
    this.effects.push({ seq: this.#last, time: this.#now(), ...effect });
    if (this.effects.length > MOST_KEPT) this.effects.shift();
  }

  clear(): void {
    this.effects.length = 0;
  }
}
