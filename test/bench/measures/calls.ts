/** One small read again and again: latency, throughput, CPU and memory of the server, beside undici alone. */
import { setTimeout as wait } from 'node:timers/promises';
import { accountId, someUser } from '../accounts.js';
import { type Burst, burst, type Load } from '../burst.js';
import type { Context, Section } from '../context.js';
import { direct } from '../direct.js';
import { type Door, resultOf } from '../doors/door.js';
import { goals } from '../goals.js';
import { median, pairedRatio, rounded } from '../numbers.js';
import { forgetPeak, memoryOf, peakOf } from '../processes.js';
import { type DoorKind, type Subject, titleOf, toolNamed } from '../subjects.js';

const loads = {
  one: { calls: 200, inFlight: 1 },
  some: { calls: 1_000, inFlight: 16 },
  many: { calls: 2_000, inFlight: 64 },
};
type LoadName = keyof typeof loads;

interface Measured {
  readonly subject?: Subject;
  readonly run: (load: Load) => Promise<Burst>;
  readonly bursts: Record<LoadName, Burst[]>;
  readonly door?: Door;
  readonly idle: number;
  readonly busy: number[];
}

export async function measureCalls(context: Context): Promise<Section> {
  const { stage } = context;
  const floor = direct(stage);
  const path = `/api/2.0/accounts/${accountId}/scim/v2/Users/${someUser}`;
  const alone: Measured = { run: (load) => floor.burst(path, load), bursts: noBursts(), idle: Number.NaN, busy: [] };
  const all = [alone];
  for (const subject of context.subjects) all.push(await opened(context, subject));

  for (const { run } of all) await run({ calls: context.quick ? 500 : 2_000, inFlight: 16 });
  for (let round = 0; round < context.rounds(9); round += 1) {
    for (const name of ['one', 'some', 'many'] as const) {
      for (const { run, bursts, door, busy } of all) {
        if (name === 'many') forgetPeak(door?.pid);
        bursts[name].push(await run(loads[name]));
        if (name === 'many') busy.push(peakOf(door?.pid));
      }
    }
  }
  for (const { door } of all) await door?.close();
  floor.close();

  const of = (each: Measured | undefined, name: LoadName, field: keyof Burst) =>
    each && median(each.bursts[name].map((burst) => burst[field]));
  const over = (each: Measured) =>
    1e3 * median(each.bursts.one.map(({ p50 }, at) => p50 - (alone.bursts.one[at]?.p50 ?? Number.NaN)));
  const timesFloor = (each: Measured) =>
    pairedRatio(
      each.bursts.many.map(({ cpu }) => cpu),
      alone.bursts.many.map(({ cpu }) => cpu),
    );
  const ours = (door: DoorKind) => all.find(({ subject }) => subject?.ours && subject.door === door);
  const peers = (door: DoorKind) => all.filter(({ subject }) => subject?.ours === false && subject.door === door);
  const best = (door: DoorKind, pick: typeof Math.min, value: (each: Measured) => number | undefined) => {
    const values = peers(door).flatMap((each) => value(each) ?? []);
    return values.length === 0 ? undefined : pick(...values);
  };
  const [stdio, http] = [ours('stdio'), ours('http 2026')];
  const cell = (each: Measured, name: LoadName, field: keyof Burst) => rounded(of(each, name, field) ?? Number.NaN);
  return {
    title: 'Calls',
    table: [
      [
        'server',
        'p50 ms',
        'over direct µs',
        'calls/s at 1',
        'at 16',
        'at 64',
        'CPU µs at 64',
        '× direct',
        'MB idle',
        'MB at 64',
      ],
      ...all.map((each) => [
        each.subject === undefined ? 'direct undici' : titleOf(each.subject),
        cell(each, 'one', 'p50'),
        rounded(over(each)),
        cell(each, 'one', 'perSecond'),
        cell(each, 'some', 'perSecond'),
        cell(each, 'many', 'perSecond'),
        cell(each, 'many', 'cpu'),
        rounded(timesFloor(each)),
        rounded(each.idle),
        rounded(median(each.busy)),
      ]),
    ],
    findings: [
      { goal: goals.callCpu, value: stdio && timesFloor(stdio), best: best('stdio', Math.min, timesFloor) },
      { goal: goals.latency, value: stdio && over(stdio), best: best('stdio', Math.min, over) },
      {
        goal: goals.throughput,
        value: of(stdio, 'many', 'perSecond'),
        best: best('stdio', Math.max, (each) => of(each, 'many', 'perSecond')),
      },
      {
        goal: goals.httpCpu,
        value: of(http, 'many', 'cpu'),
        best: best('http 2025', Math.min, (each) => of(each, 'many', 'cpu')),
      },
      {
        goal: goals.httpThroughput,
        value: of(http, 'many', 'perSecond'),
        best: best('http 2025', Math.max, (each) => of(each, 'many', 'perSecond')),
      },
      { goal: goals.idle, value: stdio?.idle, best: best('stdio', Math.min, ({ idle }) => idle) },
      {
        goal: goals.busy,
        value: stdio && median(stdio.busy),
        best: best('stdio', Math.min, ({ busy }) => median(busy)),
      },
    ],
  };
}

const noBursts = (): Measured['bursts'] => ({ one: [], some: [], many: [] });

/** Memory is idle after the list, before any call. */
async function opened({ stage }: Context, subject: Subject): Promise<Measured> {
  const door = await subject.open();
  await door.open();
  const { tools } = resultOf(await door.request('tools/list'));
  await wait(1_000);
  const idle = memoryOf(door.pid);
  const params = { name: toolNamed(stage, tools, 'databricks_get_user')?.name, arguments: { id: someUser } };
  return { subject, door, idle, busy: [], bursts: noBursts(), run: (load) => burst(door, params, load) };
}
