/**
 * The trial of a server that dies: `kill -9` at some moment while writes are in flight. What was answered before has to
 * be true, nothing may have happened twice, the journal must know of all that happened, and the next start must not
 * stumble over what is left behind.
 */
import { type FSWatcher, mkdirSync, readdirSync, readFileSync, rmSync, watch } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import fc from 'fast-check';
import { unknownWrites } from '../../src/guard/journal/tail.js';
import type { Planned } from './actions.js';
import { type Done, tellCall } from './history.js';
import { type Entry, journalIn, unnoticed, unrecorded } from './journal.js';
import type { Lane } from './lane.js';
import type { Call, Schedule } from './schedule.js';
import type { Trial } from './search.js';
import { untruths } from './truth.js';

/** When the server dies: as the account takes the n-th write, before or after its effect; some time on; as a secret is stored. */
export type Moment =
  | { readonly at: 'write'; readonly offset: number; readonly afterHandler: boolean }
  | { readonly at: 'time'; readonly milliseconds: number }
  | { readonly at: 'secret' };

export interface Death {
  readonly calls: readonly Call[];
  readonly moment: Moment;
}

/** Milliseconds from the death to the next server's first answer; generous, since many lanes share the machine. */
const restartTime = 30_000;

const writing: fc.Arbitrary<Call> = fc.record({
  action: fc.constantFrom(
    'create_service_principal' as const,
    'create_service_principal_secret' as const,
    'create_service_principal_secret' as const,
    'create_log_delivery_config' as const,
    'create_user' as const,
    'add_group_member' as const,
    'update_user' as const,
    'delete_group' as const,
  ),
  which: fc.nat(7),
  waits: fc.boolean(),
});

export const deaths: fc.Arbitrary<Death> = fc.record({
  calls: fc.array(writing, { minLength: 1, maxLength: 4 }),
  moment: fc.oneof(
    fc.record({ at: fc.constant('write' as const), offset: fc.nat(2), afterHandler: fc.boolean() }),
    fc.record({ at: fc.constant('time' as const), milliseconds: fc.nat(300) }),
    fc.record({ at: fc.constant('secret' as const) }),
  ),
});

export async function killTrial(lane: Lane, { calls, moment }: Death): Promise<Trial> {
  const schedule: Schedule = { calls, faults: [] };
  const state = join(lane.home, 'state', 'databricks-actions-mcp');
  rmSync(join(lane.home, 'state'), { recursive: true, force: true });
  const planned = lane.prepare(schedule);
  const { wire } = await lane.server();
  const disarm = arm(lane, moment, wire, join(state, 'secrets'));
  const answered = await lane.perform(schedule, planned);
  disarm();
  wire.kill();
  await wire.exit;
  // What had left the dead process is carried out by now.
  await wait(30);
  await lane.stop();
  const done = answered.map((call) => (call.broken === undefined ? call : { ...call, end: Date.now() }));
  const after = lane.sandbox.snapshot();
  const effects = [...lane.sandbox.effects];
  const recorded = { calls: done, effects, journal: journalIn(lane.home), asks: false };
  const wrong = [...untruths({ calls: done, effects, after }), ...unrecorded(recorded), ...unnoticed(recorded)];
  const missed = await unlisted(state, lane.sandbox.accountId, recorded.journal);
  const violations = [...wrong, ...missed, ...wire.takeWrong(false), ...leftBehind(state), ...(await afterwards(lane))];
  return {
    violations,
    calls: done,
    effects: effects.length,
    tell: () => [`  death ${JSON.stringify(moment)}`, ...done.map((call) => `  ${tellCall(call)}`)].join('\n'),
  };
}

/** After a death exactly the writes without an outcome are listed, and none of them as still running. */
async function unlisted(state: string, accountId: string, journal: readonly Entry[]): Promise<string[]> {
  const listed = await unknownWrites(join(state, 'journal', `${accountId}.jsonl`));
  const ended = journal.flatMap(({ type, id }) => (type === 'outcome' ? [id] : []));
  const open = journal.flatMap(({ type, id }) => (type === 'intent' && !ended.includes(id) ? [id] : []));
  const wrong = listed.filter(({ running, why }) => running || why !== 'crashed');
  const isSame = listed.map(({ id }) => id).join() === open.join();
  return [
    ...(isSame ? [] : [`${listed.length} writes are listed as unknown, ${open.length} have no outcome`]),
    ...wrong.map(({ action }) => `${action} is listed as if it were still running`),
  ];
}

/** Sees to it that the server dies at the moment; returns how to call it off. */
function arm(lane: Lane, moment: Moment, wire: { pid: number; kill(): void }, secrets: string): () => void {
  if (moment.at === 'time') {
    const timer = setTimeout(() => wire.kill(), moment.milliseconds);
    return () => clearTimeout(timer);
  }
  if (moment.at === 'secret') {
    mkdirSync(secrets, { recursive: true, mode: 0o700 });
    const watcher: FSWatcher = watch(secrets, (_, file) => {
      if (file?.endsWith('.json')) wire.kill();
    });
    return () => watcher.close();
  }
  const { offset, afterHandler } = moment;
  for (const method of ['POST', 'PATCH', 'DELETE']) {
    const pattern = `${method} /api/*`;
    lane.sandbox.addFault({ pattern, action: 'kill_client', pid: wire.pid, offset, afterHandler });
  }
  return () => lane.sandbox.clearFaults();
}

/** Files a reader would take for whole: a secret with its value, a usage file with its rows. */
function leftBehind(state: string): string[] {
  const wrong: string[] = [];
  for (const file of filesIn(state)) {
    const text = readFileSync(join(state, file), 'utf8');
    if (/secrets.(?!\.)[^/\\]*\.json$/.test(file) && !holdsSecret(text))
      wrong.push(`a secret in part: ${file}, ${text.length} characters`);
    if (/usage.[^/\\]*\.csv$/.test(file) && !text.endsWith('\n')) wrong.push(`a usage file in part: ${file}`);
    if (/\.lock$/.test(file)) wrong.push(`a lock: ${file}`);
  }
  return wrong;
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
  } catch {
    return [];
  }
}

function holdsSecret(text: string): boolean {
  try {
    return /^dose[0-9a-f]{32}$/.test((JSON.parse(text) as { value: string }).value);
  } catch {
    return false;
  }
}

/** The next server starts, reads and stores a secret, at once. */
async function afterwards(lane: Lane): Promise<string[]> {
  const started = Date.now();
  const next: Schedule = {
    calls: [
      { action: 'list_budgets', which: 0, waits: false },
      { action: 'create_service_principal_secret', which: 1, waits: true },
    ],
    faults: [],
  };
  const planned: Planned[] = lane.prepare(next);
  const calls: Done[] = await lane.perform(next, planned);
  await lane.stop();
  const took = Date.now() - started;
  return [
    ...calls
      .filter(({ failed, broken }) => failed || broken !== undefined)
      .map((call) => `after it: ${tellCall(call)}`),
    ...(took > restartTime ? [`the next server took ${took} ms`] : []),
  ];
}
