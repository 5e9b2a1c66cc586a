/**
 * `npm run soak -- --minutes M --rps R [--seed S]`: a steady mixed load under 5 % retryable faults through one server
 * process. Prints a Markdown summary; ends with 1 when a create took effect twice, when an outcome was unknown more often
 * than a fault hid one, or when fewer than 99.9 % of the reads succeeded.
 */
import { readdirSync, readFileSync } from 'node:fs';
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { FaultRule, Sandbox } from '../../src/sandbox/index.js';
import { Lane } from './lane.js';
import { Load } from './load.js';
import { hidesOutcomes } from './schedule.js';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    rps: { type: 'string', default: '20' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
    server: { type: 'string' },
  },
});

const leastReads = 0.999;
/** Of memory and handles, in runs of an hour and more: shorter ones still fill caches. */
const mostDrift = 0.1;
const longRun = 60;
/** Part of the run, but at most an hour, before memory and handles are compared with what comes later. */
const warmUp = (minutes: number) => Math.min(minutes * 0.2, 60);

/** Together 5 % of the requests of each method. */
function faults(seed: number): FaultRule[] {
  const rules: Omit<FaultRule, 'pattern'>[] = [
    { action: 'status', status: 429 },
    { action: 'status', status: 503, afterHandler: true },
    { action: 'reset' },
    { action: 'reset', afterHandler: true },
    { action: 'truncate', afterHandler: true },
  ];
  const methods = ['GET', 'POST', 'PATCH', 'DELETE'];
  return methods.flatMap((method, at) =>
    rules.map((rule, index) => ({
      ...rule,
      pattern: `${method} /api/*`,
      probability: 0.01,
      seed: (seed + at * rules.length + index) >>> 0,
    })),
  );
}

/** How often outcomes of writes were hidden, told by the sandbox's own book of faults. */
async function hidden({ url }: Sandbox): Promise<{ hidden: number; all: number }> {
  const { faults: rules } = (await (await fetch(`${url}/_sandbox/faults`)).json()) as {
    faults: (FaultRule & { hits: number })[];
  };
  const hits = (of: typeof rules) => of.reduce((sum, rule) => sum + rule.hits, 0);
  return { hidden: hits(rules.filter(hidesOutcomes)), all: hits(rules) };
}

interface Sample {
  readonly minute: number;
  readonly megabytes: number;
  readonly handles: number;
}

/** What the server process holds; nothing where there is no /proc. */
function sample(pid: number, minute: number): Sample | undefined {
  try {
    const kilobytes = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
    return { minute, megabytes: kilobytes / 1_024, handles: readdirSync(`/proc/${pid}/fd`).length };
  } catch {
    return undefined;
  }
}

const median = (numbers: readonly number[]) => quantile(numbers, 0.5);
const quantile = (numbers: readonly number[], part: number) =>
  [...numbers].sort((one, other) => one - other)[Math.floor((numbers.length - 1) * part)] ?? Number.NaN;

/** First and last third of what was sampled after the warm-up. */
function drift(samples: readonly Sample[], of: (sample: Sample) => number): string {
  const third = Math.ceil(samples.length / 3);
  if (samples.length < 3) return 'not measured';
  const from = median(samples.slice(0, third).map(of));
  const to = median(samples.slice(-third).map(of));
  const change = to / from - 1;
  return `${from.toFixed(0)} → ${to.toFixed(0)} (${(change * 100).toFixed(1)} %${change > mostDrift && minutes >= longRun ? ', TOO MUCH' : ''})`;
}

/** From 0 to 1, the same for the same seed (mulberry32). */
function diceOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const [minutes, rps, seed] = [Number(values.minutes), Number(values.rps), Number(values.seed)];
const lane = await Lane.open(values.server);
try {
  const load = new Load(lane, diceOf(seed));
  const { wire } = await lane.server();
  for (const rule of faults(seed)) lane.sandbox.addFault(rule);
  const samples: Sample[] = [];
  const started = performance.now();
  const elapsed = () => (performance.now() - started) / 60_000;
  for (let launched = 0; elapsed() < minutes; launched += 1) {
    if (launched % Math.ceil(rps * 5) === 0) {
      const now = sample(wire.pid, elapsed());
      if (now !== undefined && now.minute >= warmUp(minutes)) samples.push(now);
    }
    load.launch();
    await wait(Math.max(0, started + ((launched + 1) * 1_000) / rps - performance.now()));
  }
  await load.settled();
  const faultsHit = await hidden(lane.sandbox);
  const wrong = wire.takeWrong();
  const { reads, writes, duplicates, latencies, errors } = load.counts;
  const succeeded = 1 - reads.failed / Math.max(1, reads.done);
  process.stdout.write(`# Soak: ${minutes} min at ${rps} calls/s, seed ${seed}

| What | Figure |
|---|---|
| Reads | ${reads.done}, ${(succeeded * 100).toFixed(3)} % succeeded ${JSON.stringify(Object.fromEntries(errors))} |
| Read latency (ms), retries included | p50 ${quantile(latencies, 0.5)}, p99 ${quantile(latencies, 0.99)} |
| Writes | ${writes.applied} applied, ${writes.not_applied} not applied, ${writes.unknown} unknown, ${writes.unanswered} unanswered |
| Faults hit | ${faultsHit.all}, of which ${faultsHit.hidden} hid the outcome of a write |
| Creates that took effect twice | ${duplicates} |
| Memory of the server (MB) | ${drift(samples, ({ megabytes }) => megabytes)} |
| Open handles of the server | ${drift(samples, ({ handles }) => handles)} |
| Wrong bytes on stdout or stderr | ${wrong.length === 0 ? 'none' : wrong.join('; ')} |
`);
  const bad =
    duplicates > 0 ||
    succeeded < leastReads ||
    writes.unknown > faultsHit.hidden ||
    writes.unanswered > 0 ||
    wrong.length > 0;
  if (bad) process.exitCode = 1;
} finally {
  await lane.close();
}
