// Planned faults: which request is hit (the rule book) and what happens to it (the plan). The seam for every misbehaviour of the
// sandbox: a new kind is a new action here; handlers never know of it.

import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultRule } from './contract.js';
import type { Reply } from './reply.js';

export type Answer = () => Reply;

export class FaultBook {
  #rules: { rule: FaultRule; pattern: RegExp; seen: number; hits: number }[] = [];

  add(rule: FaultRule): void {
    this.#rules.push({ rule, pattern: compile(rule.pattern), seen: 0, hits: 0 });
  }

  clear(): void {
    this.#rules = [];
  }

  list(): (FaultRule & { seen: number; hits: number })[] {
    return this.#rules.map(({ rule, seen, hits }) => ({ ...rule, seen, hits }));
  }

  /** The first rule that hits this request. Rules still letting requests pass only count it. */
  take(method: string, path: string): FaultRule | undefined {
    for (const entry of this.#rules) {
      if (!entry.pattern.test(`${method} ${path}`)) continue;
      entry.seen += 1;
      const { offset = 0, times = Number.POSITIVE_INFINITY } = entry.rule;
      if (entry.seen <= offset || entry.hits >= times) continue;
      entry.hits += 1;
      return entry.rule;
    }
    return undefined;
  }
}

/** The reply to send; undefined means: drop the connection. */
export async function applyFault(
  rule: FaultRule | undefined,
  answer: Answer,
  signal: AbortSignal,
): Promise<Reply | undefined> {
  if (!rule) return answer();
  // afterHandler: the effect happens, and only then the fault.
  const kept = rule.afterHandler ? answer() : undefined;
  if (rule.delayMs) await sleep(rule.delayMs, undefined, { signal });
  if (rule.action === 'drop') return undefined;
  if (rule.action === 'delay') return kept ?? answer();
  return {
    status: rule.status ?? 500,
    headers: { 'content-type': 'application/json', ...lowerCase(rule.headers ?? {}) },
    body: rule.body ?? JSON.stringify({ error_code: 'INTERNAL_ERROR', message: 'Planned fault of the sandbox.' }),
  };
}

/** 'METHOD /path' with '*' for any run of characters; a bare '*' as method fits all. */
function compile(pattern: string): RegExp {
  const literal = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${literal.join('.*')}$`, 's');
}

const lowerCase = (headers: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
