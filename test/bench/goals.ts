/** What is aimed at. `must` counts; `stretch` is near what the machine allows at all. */

export interface Goal {
  readonly what: string;
  readonly unit: string;
  readonly must: number;
  readonly stretch?: number;
  /** Where more is better. */
  readonly atLeast?: boolean;
}

const most = (what: string, unit: string, must: number, stretch?: number): Goal => ({
  what,
  unit,
  must,
  ...(stretch !== undefined && { stretch }),
});
const least = (...goal: Parameters<typeof most>): Goal => ({ ...most(...goal), atLeast: true });

export const goals = {
  start: most('start to an answered `tools/list` over stdio', '× bare node', 2.7, 1.9),
  firstAtOnce: most('first call, at once after the list', 'ms', 40, 25),
  firstIdle: most('first call, 300 ms after the list', 'ms', 10),
  list: most('list of all tools', 'tokens', 6_900, 5_200),
  listOfPeers: most('list of all tools', '× best peer', 0.9),
  readOnly: most('read-only list', 'tokens', 3_000, 2_200),
  search: most('search mode', 'tokens', 400, 220),
  listCpu: most('`tools/list`, server CPU', 'µs', 150, 80),
  callCpu: most('small call over stdio at 64 in flight, server CPU', '× direct', 3, 1.7),
  latency: most('one call over stdio, p50 over direct', 'µs', 250, 160),
  throughput: least('calls over stdio at 64 in flight', 'a second', 8_000, 18_000),
  httpCpu: most('call over Streamable HTTP at 64 in flight, server CPU', 'µs', 350, 120),
  httpThroughput: least('calls over Streamable HTTP at 64 in flight', 'a second', 3_500, 9_000),
  page: most('100 users, default view', '× raw tokens', 0.4, 0.25),
  pageChosen: most('100 users, chosen fields', '× raw tokens', 0.25, 0.12),
  csvPeak: most('200 MB CSV, peak memory over idle', 'MB', 90, 70),
  csvGrowth: most('1 GB CSV, peak over that of 200 MB', 'MB', 10, 0),
  csvTime: most('200 MB CSV, time', '× undici to a file', 1.5, 1.2),
  csvTokens: most('200 MB CSV, answer', 'tokens', 1_000),
  csvKept: least('200 MB CSV, kept in a file', '% of its bytes', 100),
  idle: most('memory, idle', 'MB', 60, 48),
  busy: most('memory, at 64 in flight', 'MB', 160),
  cancel: most('a cancel closes the upstream socket', 'ms', 50, 10),
  minted: most('tokens minted for 32 concurrent first calls', 'tokens minted', 1),
} as const satisfies Record<string, Goal>;

/** By how much a goal is missed, in words; empty where it is reached. */
export function missedBy({ must, atLeast }: Goal, value: number | undefined): string {
  if (value === undefined) return 'not measured';
  if (Number.isNaN(value)) return 'never';
  const isMissed = atLeast ? value < must : value > must;
  if (!isMissed) return '';
  const times = must === 0 ? Number.NaN : atLeast ? must / value : value / must;
  return Number.isFinite(times) ? `${times.toFixed(times < 1.1 ? 3 : 2)} ×` : 'missed';
}
