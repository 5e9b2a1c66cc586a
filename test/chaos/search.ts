/**
 * Looks for a violation with fast-check: draws trials, runs them in many lanes side by side, and shrinks the first one
 * that fails. A finding carries the seed and path that lead to it again.
 */
import fc from 'fast-check';
import { type Done, verdictOf } from './history.js';
import { Lane } from './lane.js';

/** What one trial came to. */
export interface Trial {
  readonly violations: readonly string[];
  readonly calls: readonly Done[];
  readonly effects: number;
  /** The trial and its history for a reader. */
  readonly tell: () => string;
}

export interface Search<T> {
  readonly arbitrary: fc.Arbitrary<T>;
  readonly trial: (lane: Lane, drawn: T) => Promise<Trial>;
  readonly rounds: number;
  readonly seed: number;
  readonly workers: number;
  /** Goes straight to one trial: the seed's path to it. */
  readonly path?: string;
  /** Another build of the server. */
  readonly program?: string;
  readonly onTrial?: (totals: Totals) => void;
}

export interface Totals {
  trials: number;
  calls: number;
  reads: number;
  applied: number;
  /** Of these: the answer was lost, and reading or repeating found out. */
  settled: number;
  not_applied: number;
  unknown: number;
  /** Calls whose server was killed under them. */
  unanswered: number;
  effects: number;
  longest: number;
}

export interface Finding {
  readonly seed: number;
  readonly path: string;
  readonly violations: readonly string[];
  readonly told: string;
}

export interface Outcome {
  readonly totals: Totals;
  readonly findings: readonly Finding[];
}

/** Races fail now and then: a trial that is known to have failed is tried this often. */
const tries = { searching: 1, replay: 5 };
const shrinkTime = 120_000;

export async function search<T>(options: Search<T>): Promise<Outcome> {
  const { rounds, seed, path } = options;
  const workers = path === undefined ? Math.min(options.workers, rounds) : 1;
  const totals: Totals = {
    trials: 0,
    calls: 0,
    reads: 0,
    applied: 0,
    settled: 0,
    not_applied: 0,
    unknown: 0,
    unanswered: 0,
    effects: 0,
    longest: 0,
  };
  const findings: Finding[] = [];
  const hunt: Hunt = { isOn: false };
  const share = (worker: number) => Math.floor(rounds / workers) + (worker < rounds % workers ? 1 : 0);
  await Promise.all(
    Array.from({ length: workers }, async (_, worker) => {
      const lane = await Lane.open(options.program);
      try {
        const found = await inOneLane(options, lane, totals, seed + worker, share(worker), hunt);
        if (found !== undefined) findings.push(found);
      } finally {
        await lane.close();
      }
    }),
  );
  return { totals, findings };
}

/** Shared by the lanes: the first to find something has the machine to itself while it shrinks. */
interface Hunt {
  isOn: boolean;
}

async function inOneLane<T>(
  { arbitrary, trial, path, onTrial }: Search<T>,
  lane: Lane,
  totals: Totals,
  seed: number,
  rounds: number,
  hunt: Hunt,
): Promise<Finding | undefined> {
  let failing: Trial | undefined;
  let shrinkUntil = Number.POSITIVE_INFINITY;
  const property = fc.asyncProperty(arbitrary, async (drawn) => {
    const isLate = Date.now() > shrinkUntil;
    if (failing === undefined ? hunt.isOn : isLate) return;
    const most = path === undefined ? tries.searching : tries.replay;
    for (let attempt = 0; attempt < most; attempt += 1) {
      const result = await trial(lane, drawn);
      add(totals, result);
      onTrial?.(totals);
      if (result.violations.length === 0) continue;
      if (failing === undefined) {
        if (hunt.isOn) return;
        hunt.isOn = true;
        shrinkUntil = Date.now() + shrinkTime;
      }
      failing = result;
      await lane.stop();
      throw new Error(result.violations[0]);
    }
  });
  const details = await fc.check(property, {
    seed,
    numRuns: rounds,
    ...(path !== undefined && { path, endOnFailure: true }),
  });
  if (!details.failed) return undefined;
  // Without a failing trial the harness itself has failed.
  if (failing === undefined) throw details.errorInstance;
  const { violations, tell } = failing as Trial;
  return { seed, path: details.counterexamplePath ?? '', violations, told: tell() };
}

function add(totals: Totals, { calls, effects }: Trial): void {
  totals.trials += 1;
  totals.calls += calls.length;
  totals.effects += effects;
  for (const call of calls) {
    const isRead = call.planned.write === undefined;
    totals.longest = Math.max(totals.longest, call.end - call.start);
    if (isRead) totals.reads += 1;
    else totals[verdictOf(call) ?? 'unanswered'] += 1;
    if (!isRead && /answer was lost/.test(call.answer?.note ?? '')) totals.settled += 1;
  }
}

export function tellTotals(totals: Totals, seconds: number): string {
  const { trials, calls, reads, applied, settled, not_applied, unknown, unanswered, effects, longest } = totals;
  return (
    `${trials} trials, ${calls} calls (${reads} reads; writes: ${applied} applied, ${settled} of them settled, ` +
    `${not_applied} not applied, ${unknown} unknown, ${unanswered} unanswered), ${effects} effects, longest call ${longest} ms, ${Math.round(seconds)} s`
  );
}

export function tellFinding({ seed, path, violations, told }: Finding, command: string): string {
  const again = `npm run chaos -- ${command} --seed ${seed} --path ${path}`;
  return `VIOLATION\n${violations.map((each) => `  - ${each}`).join('\n')}\n${told}\n  again: ${again}\n`;
}
