// The rule book of planned faults: which request is hit by which rule. What then happens to it is in meet.ts.

import type { FaultRule } from '../contract.js';
import { createDice } from '../ids.js';
import type { Reply } from '../reply.js';
import { checkRule } from './check.js';

export interface Hit {
  readonly rule: FaultRule;
  /** The answer of a stale read. */
  readonly older: Reply | undefined;
}

interface Entry {
  readonly rule: FaultRule;
  readonly pattern: RegExp;
  readonly times: number;
  readonly dice: () => number;
  seen: number;
  hits: number;
}

export class FaultBook {
  #entries: Entry[] = [];

  add(given: FaultRule): void {
    const rule = { ...given };
    checkRule(rule);
    // A process id is used again by the system: a forgotten rule must not end a later process.
    const times = rule.times ?? (rule.action === 'kill_client' ? 1 : Number.POSITIVE_INFINITY);
    this.#entries.push({
      rule,
      pattern: compile(rule.pattern),
      times,
      dice: createDice(rule.seed ?? 0),
      seen: 0,
      hits: 0,
    });
  }

  clear(): void {
    this.#entries = [];
  }

  list(): (FaultRule & { seen: number; hits: number })[] {
    return this.#entries.map(({ rule, seen, hits }) => ({ ...rule, seen, hits }));
  }

  /** Whether some rule may still want to know what the account was like earlier. */
  wantsPast(): boolean {
    return this.#entries.some(({ rule, hits, times }) => rule.action === 'stale_read' && hits < times);
  }

  /** The first rule that hits this request. Rules still letting requests pass only count it. */
  take(method: string, path: string, older: () => Reply | undefined): Hit | undefined {
    for (const entry of this.#entries) {
      if (!entry.pattern.test(`${method} ${path}`)) continue;
      entry.seen += 1;
      const { offset = 0, probability = 1, action } = entry.rule;
      if (entry.seen <= offset || entry.hits >= entry.times) continue;
      const stale = action === 'stale_read' && method === 'GET' ? older() : undefined;
      if (action === 'stale_read' && !stale) continue;
      if (entry.dice() >= probability) continue;
      entry.hits += 1;
      return { rule: entry.rule, older: stale };
    }
    return undefined;
  }
}

/** 'METHOD /path' with '*' for any run of characters; a bare '*' as method fits all. */
function compile(pattern: string): RegExp {
  const literal = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${literal.join('.*')}$`, 's');
}
