/** The tool list: a view of the catalogue, made once per set of open actions and the same bytes every time. */
import type { Action } from '../../tools/action.js';
import { type JsonSchema, toolSchema } from '../core/schema.js';
import { statusTool } from '../status.js';

export interface ToolDefinition {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: JsonSchema;
  readonly annotations: {
    readonly readOnlyHint: boolean;
    readonly destructiveHint: boolean;
    readonly idempotentHint: boolean;
    readonly openWorldHint: boolean;
  };
}

const definitions = new WeakMap<Action, ToolDefinition>();

function definition(action: Action): ToolDefinition {
  let made = definitions.get(action);
  if (made === undefined) {
    made = {
      name: action.id,
      title: action.label,
      description: action.description,
      inputSchema: toolSchema(action),
      annotations: {
        readOnlyHint: action.effect === 'read',
        destructiveHint: action.effect === 'set' || action.effect === 'remove',
        idempotentHint: action.effect !== 'create',
        openWorldHint: false,
      },
    };
    definitions.set(action, made);
  }
  return made;
}

const status: ToolDefinition = {
  name: statusTool.id,
  title: statusTool.title,
  description: statusTool.description,
  inputSchema: { type: 'object', properties: {}, additionalProperties: false },
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
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
