/**
 * The tool list: a view of the catalogue, made once per set of open actions and the same bytes every time. Every
 * conversation pays for it, so it holds what a client cannot know otherwise: no titles, which say the names again, and
 * of the hints only those that differ from the protocol's defaults.
 */
import type { ActionFacts } from '../../tools/action.js';
import { listing, type ToolDefinition } from '../listing.js';
import { statusTool } from '../status-tool.js';

export type { ToolDefinition } from '../listing.js';

const status: ToolDefinition = {
  name: statusTool.id,
  description: statusTool.description,
  inputSchema: { type: 'object', properties: {} },
  annotations: { readOnlyHint: true },
};

/** Lists that are kept: there are as many as there are different rights in use. */
const mostLists = 64;

/** Tools for these actions, the status tool first. The same array for the same actions, whoever may see them. */
export function createToolLists(): (permitted: readonly ActionFacts[]) => readonly ToolDefinition[] {
  const all = listing().areas.flatMap(({ actions }) => actions);
  const definitions = new Map<string, ToolDefinition>(all.map(({ id, definition }) => [id, definition]));
  const lists = new Map<string, readonly ToolDefinition[]>();
  return (permitted) => {
    const key = permitted.map(({ id }) => id).join();
    const list = lists.get(key) ?? [status, ...permitted.flatMap(({ id }) => definitions.get(id) ?? [])];
    lists.delete(key);
    lists.set(key, list);
    for (const oldest of lists.keys()) {
      if (lists.size <= mostLists) break;
      lists.delete(oldest);
    }
    return list;
  };
}
