/** The trial of a random schedule: run it in a lane, hold its history against the invariants. */
import { tellCall } from './history.js';
import { violations } from './invariants.js';
import type { Lane } from './lane.js';
import type { Schedule } from './schedule.js';
import type { Trial } from './search.js';

export async function faultTrial(lane: Lane, schedule: Schedule): Promise<Trial> {
  const history = await lane.run(schedule);
  const { calls, effects, requests } = history;
  return {
    violations: violations(history),
    calls,
    effects: effects.length,
    tell: () =>
      [
        ...schedule.faults.map((fault) => `  fault ${JSON.stringify(fault)}`),
        ...calls.map((call, index) => `  ${schedule.calls[index]?.waits ? 'then' : 'and '} ${tellCall(call)}`),
        ...effects.map(({ seq, method, path, id, changed }) => `  effect ${seq} ${method} ${path} ${id} ${changed}`),
        `  requests ${JSON.stringify(requests)}`,
      ].join('\n'),
  };
}
