/**
 * The tool list: a view of the catalogue, made once per set of open actions and the same bytes every time. Every
 * conversation pays for it, so it holds what a client cannot know otherwise: no titles, which say the names again, and
 * of the hints only those that differ from the protocol's defaults.
 */
import type { Action, Effect } from '../../tools/action.js';
import { type JsonSchema, listedSchema } from '../core/schema.js';
import { statusTool } from '../status.js';

export interface ToolDefinition {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: JsonSchema;
  readonly annotations?: Hints;
}

interface Hints {
  readonly readOnlyHint?: true;
  readonly destructiveHint?: false;
}

/**
 * What an effect means in the protocol's words, as far as it differs from the defaults (destructive, open world, not to
 * be repeated): an account is an open world, others fill it with names and texts; and repeating is done by this server,
 * which knows what became of the call, never by a client.
 */
const hints: Readonly<Record<Effect, Hints | undefined>> = {
  read: { readOnlyHint: true },
  create: { destructiveHint: false },
  add: { destructiveHint: false },
  set: undefined,
  remove: undefined,
};

const definitions = new WeakMap<Action, ToolDefinition>();

function definition(action: Action): ToolDefinition {
  let made = definitions.get(action);
  if (made === undefined) {
    const annotations = hints[action.effect];
    made = {
      name: action.id,
      description: action.description,
      inputSchema: listedSchema(action),
      ...(annotations && { annotations }),
    };
    definitions.set(action, made);
  }
  return made;
}

const status: ToolDefinition = {
  name: statusTool.id,
  description: statusTool.description,
  inputSchema: { type: 'object', properties: {} },
  annotations: { readOnlyHint: true },
};

/** Lists that are kept: there are as many as there are different rights in use. */
const mostLists = 64;

/** Tools for these actions, the status tool first. The same array for the same actions, whoever may see them. */
export function createToolLists(): (permitted: readonly Action[]) => readonly ToolDefinition[] {
  const lists = new Map<string, readonly ToolDefinition[]>();
  return (permitted) => {
    const key = permitted.map(({ id }) => id).join();
    const list = lists.get(key) ?? [status, ...permitted.map(definition)];
    lists.delete(key);
    lists.set(key, list);
    for (const oldest of lists.keys()) {
      if (lists.size <= mostLists) break;
      lists.delete(oldest);
    }
    return list;
  };
}
