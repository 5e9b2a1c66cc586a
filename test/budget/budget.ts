/** The budget file: what each weight may be at most, and what it should come to. Comparing is pure. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Weights } from './weigh.js';

export interface Goal {
  readonly must: number;
  readonly stretch?: number;
}

export interface Budget {
  readonly about: string;
  /** Tokens to come to, by name of the text. */
  readonly goals: Readonly<Record<string, Goal>>;
  readonly texts: Weights['texts'];
  readonly packages: number;
  readonly bundle: number;
  readonly tools: Weights['tools'];
}

const file = join(import.meta.dirname, '../../../test/budget/budget.json');

export const readBudget = (): Budget => JSON.parse(readFileSync(file, 'utf8'));

export function writeBudget(weights: Weights): void {
  const { about, goals } = readBudget();
  const { texts, packages, bundle, tools } = weights;
  writeFileSync(file, `${JSON.stringify({ about, goals, texts, packages, bundle, tools }, null, 2)}\n`);
}

/** What is heavier than it may be, a line each. A thing without a budget may weigh nothing. */
export function overweight(weights: Weights, budget: Budget): string[] {
  const lines: string[] = [];
  const hold = (what: string, unit: string, is: number, most = 0) => {
    if (is > most) lines.push(`${what}: ${is} ${unit}, at most ${most}`);
  };
  for (const [name, { tokens, bytes }] of Object.entries(weights.texts)) {
    hold(name, 'tokens', tokens, budget.texts[name]?.tokens);
    hold(name, 'bytes', bytes, budget.texts[name]?.bytes);
  }
  for (const [name, tokens] of Object.entries(weights.tools)) hold(name, 'tokens', tokens, budget.tools[name]);
  hold('installation', 'packages', weights.packages, budget.packages);
  hold('bundle', 'bytes', weights.bundle, budget.bundle);
  return lines;
}
