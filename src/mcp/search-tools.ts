/**
 * Search mode shows four tools in place of the whole list: two find and explain actions, two run them. Reads and changes
 * are run by different tools, so that what a client lets a tool do stays true of everything behind it. Pure.
 */
import type { ActionFacts } from '../../tools/action.js';
import { isObject, isTooDeep, parseJson } from '../core/json.js';
import type { ToolDefinition } from './tools.js';

export const searchTools = {
  find: 'databricks_find_actions',
  describe: 'databricks_describe_action',
  read: 'databricks_run_read',
  write: 'databricks_run_write',
} as const;

const prefix = 'databricks_';
const text = { type: 'string' };
const running = (name: string, description: string): ToolDefinition => ({
  name,
  description,
  inputSchema: {
    type: 'object',
    properties: { action: text, arguments: { type: 'object', properties: {} } },
    required: ['action'],
  },
  ...(name === searchTools.read && { annotations: { readOnlyHint: true } }),
});

const whole: readonly ToolDefinition[] = [
  {
    name: searchTools.find,
    description: 'Find Databricks account actions for a request.',
    inputSchema: { type: 'object', properties: { request: text }, required: ['request'] },
    annotations: { readOnlyHint: true },
  },
  {
    name: searchTools.describe,
    description: 'What an action does and takes.',
    inputSchema: { type: 'object', properties: { action: text }, required: ['action'] },
    annotations: { readOnlyHint: true },
  },
  running(searchTools.read, 'Run an action that reads.'),
  running(searchTools.write, 'Run an action that changes something.'),
];

const reading = whole.filter(({ name }) => name !== searchTools.write);

/** The list for whoever may do this: without the tool for changes where none is open. */
export const searchListFor = (permitted: readonly ActionFacts[]): readonly ToolDefinition[] =>
  permitted.every((action) => runnerOf(action) === searchTools.read) ? reading : whole;

/** The tool that runs an action. */
export const runnerOf = ({ risk, effect }: Pick<ActionFacts, 'risk' | 'effect'>) =>
  risk === 'read' && effect === 'read' ? searchTools.read : searchTools.write;

/** What a call of a running tool is about. */
export interface InnerCall {
  /** The action by its whole name, whether there is one or not. */
  readonly tool: string;
  readonly args: unknown;
}

/**
 * The call inside a call of a running tool; undefined for any other call. Whoever decides by a tool's name or arguments
 * (scopes, logs, the call itself) unfolds them here, so that all of them see the same.
 */
export function innerCall(tool: unknown, args: unknown): InnerCall | undefined {
  if (tool !== searchTools.read && tool !== searchTools.write) return undefined;
  if (!isObject(args) || typeof args.action !== 'string') return undefined;
  return { tool: wholeName(args.action), args: unpacked(args.arguments) };
}

/** `list_users` is the action too. */
export const wholeName = (action: string): string => (action.startsWith(prefix) ? action : `${prefix}${action}`);

const longest = 100_000;

/** Clients that cannot show an object without known fields hand it over as JSON text. */
function unpacked(given: unknown): unknown {
  if (typeof given !== 'string' || given.length > longest || isTooDeep(given)) return given;
  try {
    return parseJson(given);
  } catch {
    return given;
  }
}
