/**
 * Whether the account agrees with what the calls were told. Calls that write the same thing at the same time cannot be
 * told apart in the effect log, so they are judged together.
 */
import type { Effect } from '../../src/sandbox/index.js';
import { effectKey, type Write } from './actions.js';
import { type Done, type History, overlap, verdictOf } from './history.js';

/** Requests of one idempotent change that may take effect: it is sent again once, after a look. */
const mostChanges = 2;
/** The effect log's clock and the client's are the same, but timers round. */
const slack = 5;

type Writing = Done & { readonly planned: { readonly write: Write } };
const isWriting = (call: Done): call is Writing => call.planned.write !== undefined;

/** What an account has done and been told; all that the truth of the answers depends on. */
type Told = Pick<History, 'calls' | 'effects' | 'after'>;

export function untruths(history: Told): string[] {
  const writes = history.calls.filter(isWriting);
  const judged = new Set<Effect>();
  const wrong = clusters(writes).flatMap((cluster) => {
    const effects = effectsOf(cluster, history.effects);
    for (const effect of effects) judged.add(effect);
    const isCreate = cluster[0]?.planned.write.id !== undefined;
    return isCreate ? wrongCreates(cluster, effects) : wrongChanges(cluster, effects);
  });
  const stray = history.effects.filter((effect) => !judged.has(effect));
  return [
    ...wrong,
    ...stray.map((effect) => `an effect that no call asked for: ${JSON.stringify(effect)}`),
    ...writes.filter((call) => !stateHolds(call, writes, history)).map((call) => `applied, but not so: ${named(call)}`),
  ];
}

/** Calls of one key, chained by overlapping in time. */
function clusters(writes: readonly Writing[]): Writing[][] {
  const found: Writing[][] = [];
  for (const call of [...writes].sort((one, other) => one.start - other.start)) {
    const meets = (other: Writing) => other.planned.write.key === call.planned.write.key && overlap(other, call);
    const home = found.find((cluster) => cluster.some(meets));
    if (home === undefined) found.push([call]);
    else home.push(call);
  }
  return found;
}

function effectsOf(cluster: readonly Writing[], effects: readonly Effect[]): Effect[] {
  const key = cluster[0]?.planned.write.key;
  const from = Math.min(...cluster.map(({ start }) => start)) - slack;
  const to = Math.max(...cluster.map(({ end }) => end)) + slack;
  return effects.filter((effect) => effectKey(effect) === key && effect.time >= from && effect.time <= to);
}

function wrongCreates(cluster: readonly Writing[], effects: readonly Effect[]): string[] {
  const { applied, open } = tally(cluster);
  const wrong: string[] = [];
  if (effects.length < applied || effects.length > applied + open) {
    wrong.push(
      `${effects.length} effects for ${cluster.length} creates (applied ${applied}, unknown ${open}): ${names(cluster)}`,
    );
  }
  const ids = cluster.filter((call) => verdictOf(call) === 'applied').map(idOf);
  const made = new Set(effects.map(({ id }) => id));
  const invented = ids.filter((id) => !made.has(String(id)));
  if (invented.length > 0) wrong.push(`applied with id ${invented}, which was not made by it: ${names(cluster)}`);
  if (new Set(ids).size < ids.length) wrong.push(`two calls were told the same id ${ids}: ${names(cluster)}`);
  return wrong;
}

function wrongChanges(cluster: readonly Writing[], effects: readonly Effect[]): string[] {
  const { applied, open } = tally(cluster);
  const most = mostChanges * (applied + open);
  return effects.length > most
    ? [
        `${effects.length} effects for ${cluster.length} changes (applied ${applied}, unknown ${open}): ${names(cluster)}`,
      ]
    : [];
}

/** Calls without an answer are as open as those told `unknown`. */
function tally(cluster: readonly Writing[]) {
  const of = (verdict: string | undefined) => cluster.filter((call) => verdictOf(call) === verdict).length;
  return { applied: of('applied'), open: of('unknown') + of(undefined) };
}

/** Whether an applied change shows in the end, unless another call wanted something else of it meanwhile or later. */
function stateHolds(call: Writing, writes: readonly Writing[], { after }: Told): boolean {
  const { holds, touches, want } = call.planned.write;
  if (holds === undefined || verdictOf(call) !== 'applied') return true;
  const disturbs = (other: Writing) =>
    other.planned.write.want !== want &&
    other.end >= call.start &&
    other.planned.write.touches.some((id) => touches.includes(id));
  return writes.some(disturbs) || holds(after);
}

const idOf = ({ planned, answer }: Writing): unknown => answer?.data?.[planned.write.id ?? ''];
const named = ({ planned }: Writing) => `${planned.tool} ${JSON.stringify(planned.args)}`;
const names = (cluster: readonly Writing[]) => cluster.map(named).join('; ');
