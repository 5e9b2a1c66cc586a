/**
 * The load of the soak run: reads and writes at a steady rate through one server process, each create followed through
 * the effect log. Counts what came of them; starts nothing and judges nothing.
 */
import type { Sandbox } from '../../src/sandbox/index.js';
import { type ActionName, effectKey, plan, type Snapshot } from './actions.js';
import { verdictOf } from './history.js';
import type { Lane } from './lane.js';

const mix: readonly [ActionName, number][] = [
  ['list_users', 30],
  ['list_budgets', 20],
  ['get_group', 25],
  ['create_service_principal', 8],
  ['add_group_member', 5],
  ['remove_group_member', 5],
  ['update_user', 7],
];
const whole = mix.reduce((sum, [, weight]) => sum + weight, 0);

export interface Counts {
  readonly reads: { done: number; failed: number };
  readonly writes: { applied: number; not_applied: number; unknown: number; unanswered: number };
  duplicates: number;
  /** Milliseconds of every read. */
  readonly latencies: number[];
  /** Errors of reads by kind. */
  readonly errors: Map<string, number>;
}

export class Load {
  readonly counts: Counts = {
    reads: { done: 0, failed: 0 },
    writes: { applied: 0, not_applied: 0, unknown: 0, unanswered: 0 },
    duplicates: 0,
    latencies: [],
    errors: new Map(),
  };
  readonly #lane: Lane;
  readonly #seed: Snapshot;
  readonly #dice: () => number;
  readonly #underWay = new Set<Promise<void>>();
  /** Effects of creates by key, of calls that are under way. */
  readonly #created = new Map<string, string[]>();
  #calls = 0;

  constructor(lane: Lane, dice: () => number) {
    this.#lane = lane;
    this.#seed = lane.sandbox.snapshot();
    this.#dice = dice;
  }

  /** Makes one call and counts it when it is done. */
  launch(): void {
    const work = this.#one();
    this.#underWay.add(work);
    work.finally(() => this.#underWay.delete(work));
  }

  async settled(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  async #one(): Promise<void> {
    this.#calls += 1;
    const { sandbox } = this.#lane;
    const which = Math.floor(this.#dice() * 8);
    const action = this.#drawn();
    const call = plan(action, { seed: this.#seed, accountId: sandbox.accountId, tag: `soak${this.#calls}`, which });
    const [done] = await this.#lane.perform({ calls: [], faults: [] }, [call]);
    if (done === undefined) return;
    const { reads, writes, latencies, errors } = this.counts;
    if (call.write === undefined) {
      reads.done += 1;
      latencies.push(done.end - done.start);
      if (!done.failed && done.broken === undefined) return;
      reads.failed += 1;
      const kind = done.answer?.error?.kind ?? 'unanswered';
      errors.set(kind, (errors.get(kind) ?? 0) + 1);
      return;
    }
    writes[verdictOf(done) ?? 'unanswered'] += 1;
    if (call.write.id !== undefined) await this.#follow(call.write.key);
  }

  /** Counts what a create made beyond one, and removes it, so that the account stays the size it was. */
  async #follow(key: string): Promise<void> {
    this.#drain(this.#lane.sandbox);
    const ids = this.#created.get(key) ?? [];
    this.#created.delete(key);
    this.counts.duplicates += Math.max(0, ids.length - 1);
    for (const id of ids) {
      const tool = 'databricks_delete_service_principal';
      await this.#lane.perform({ calls: [], faults: [] }, [{ tool, args: { id } }]);
    }
  }

  /** Moves the effect log here: it keeps only so many entries, and a soak makes more. */
  #drain(sandbox: Sandbox): void {
    for (const effect of sandbox.effects) {
      if (effect.kind !== 'create') continue;
      const key = effectKey(effect);
      this.#created.set(key, [...(this.#created.get(key) ?? []), effect.id]);
    }
    sandbox.clearEffects();
  }

  #drawn(): ActionName {
    let left = this.#dice() * whole;
    for (const [action, weight] of mix) {
      left -= weight;
      if (left < 0) return action;
    }
    return 'get_group';
  }
}
