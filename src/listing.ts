/**
 * What lists and policies need of the catalogue, as data: facts and definition of every action. The bundled program
 * holds what this comes to (`bundle.mjs`), so that a list can be answered before any action is loaded.
 */
import { createHash } from 'node:crypto';
import type { ActionFacts, Effect } from '../tools/action.js';
import { type Action, type Area, actions, areas } from '../tools/index.js';
import { canonicalJson } from './core/canonical-json.js';
import { type JsonSchema, listedSchema, toolSchema } from './core/schema.js';

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

export interface ListedAction extends ActionFacts {
  readonly definition: ToolDefinition;
}

export interface Listing {
  readonly areas: readonly Area<ListedAction>[];
  /** What the tools say and take, in one digest: shows that a catalogue is not the one somebody looked at. */
  readonly hash: string;
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

function listed(action: Action): ListedAction {
  const { id, scopes, risk, effect, clouds, description } = action;
  const annotations = hints[effect];
  const definition = {
    name: id,
    description,
    inputSchema: listedSchema(action),
    ...(annotations && { annotations }),
  };
  return { id, scopes, risk, effect, clouds, definition };
}

let made: Listing | undefined;

export function listing(): Listing {
  made ??= {
    areas: areas.map((area) => ({ ...area, actions: area.actions.map(listed) })),
    hash: createHash('sha256')
      .update(canonicalJson(actions.map((action) => [action.id, action.description, toolSchema(action)])))
      .digest('hex'),
  };
  return made;
}
