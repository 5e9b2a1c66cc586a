/** Which actions a request in plain words may mean. Pure. */
import type { Action } from '../../tools/action.js';
import { createRanking } from './ranking.js';

/** The actions that come closest, the best first. */
export function createSearch(actions: readonly Action[]): (request: string, most: number) => readonly Action[] {
  const rank = createRanking(
    actions.map(({ id, label, description }) => ({
      id,
      name: id.replace(/^databricks_/, ''),
      body: `${label} ${description}`,
    })),
  );
  const byId = new Map<string, Action>(actions.map((action) => [action.id, action]));
  return (request, most) => rank(request, most).flatMap((id) => byId.get(id) ?? []);
}
