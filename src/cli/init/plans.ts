/** Works out the change to each client's file before any is written: one that cannot be changed stops them all. */
import { type Plan, planChange } from '../../clients/plan.js';
import type { ServerEntry } from '../../clients/server-entry.js';
import { ActionError } from '../../core/errors.js';
import type { Places } from './places.js';
import type { Target } from './targets.js';

export interface Wanted {
  readonly name: string;
  readonly entry: ServerEntry;
}

export interface TargetPlan {
  readonly target: Target;
  /** Undefined stands for a file that has the entry already. */
  readonly plan: Plan | undefined;
}

interface Refused {
  readonly target: Target;
  readonly error: ActionError;
}

/** Of those with a file and a form for the entry. */
export async function plansFor(
  targets: readonly Target[],
  { name, entry }: Wanted,
  { installation, machine }: Places,
): Promise<TargetPlan[]> {
  const plans: TargetPlan[] = [];
  const refused: Refused[] = [];
  for (const target of targets) {
    const { client, file } = target;
    if (file === undefined || client.fields(name, entry) === undefined) continue;
    const project = file.of === 'project' ? machine.folder : undefined;
    const wanted = { name, entry, main: installation.main, project };
    try {
      plans.push({ target, plan: await planChange(client, file.path, wanted) });
    } catch (error) {
      if (!(error instanceof ActionError)) throw error;
      refused.push({ target, error });
    }
  }
  const [first] = refused;
  if (first === undefined) return plans;
  const others = targets.filter((target) => !refused.some((each) => each.target === target));
  throw others.length === 0 ? first.error : leavingOut(first, refused, others);
}

/** Says how the others can have it all the same. */
function leavingOut(first: Refused, refused: readonly Refused[], others: readonly Target[]): ActionError {
  const messages = refused.map(({ error }) => error.failure.message);
  const titles = refused.map(({ target }) => target.client.title).join(' and ');
  const ids = others.map(({ client }) => client.id).join(',');
  const { failure } = first.error;
  return new ActionError({
    ...failure,
    message: `${messages.join(' ')} No client's file was written.`,
    next: `Leave ${titles} out: --client ${ids}.${failure.next === undefined ? '' : ` Or: ${failure.next}`}`,
  });
}
