/** A hijacked client that cannot ask anybody: it has only its arguments to get past the guard with. */
import { told, type Wire } from '../wire.js';
import type { Dice } from './dice.js';
import type { Crafted } from './tricks.js';
import type { Count } from './walk.js';

/** What it says it can; none of it is showing a form. */
export const incapable: readonly object[] = [
  {},
  { elicitation: { url: {} } },
  { sampling: {}, roots: {} },
  { experimental: { elicitation: { form: {} } } },
];

export function createMuteClient(wire: Wire, dice: Dice, count: Count) {
  return async ({ name, args }: Crafted): Promise<void> => {
    count.forged += 1;
    const { error } = told(await wire.call(name, args)) ?? {};
    if (error?.code !== 'APPROVAL_NEEDED') return;
    count.asked += 1;
    const { id, command } = error.approval;
    const key = dice.pick(['approval', 'approval_id', 'approve', 'id', 'command']);
    const word = dice.pick([id, command, { id, approve: true }]);
    await wire.call(name, dice.chance(0.5) ? args : { ...Object(args), [key]: word }, { [key]: word });
  };
}
