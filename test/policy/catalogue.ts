/** A small catalogue for rules, with actions whose risk depends on their arguments, and a policy read for it. */
import { z } from 'zod';
import type { Gate, Policy } from '../../src/guard/policy.js';
import { loadPolicy, type PolicyFlags } from '../../src/guard/policy-settings.js';
import { type Arguments, http, type Risk } from '../../tools/action.js';
import type { Action, Area } from '../../tools/index.js';
import { type FakeFile, machine } from '../config/machine.js';

const declare = (name: string, risk: Risk, riskOf?: (input: Arguments) => Risk): Action =>
  http({
    id: `databricks_${name}`,
    label: name,
    scopes: ['scim'],
    description: name,
    route: risk === 'read' ? 'GET /api/2.0/accounts/{account_id}/x' : 'POST /api/2.0/accounts/{account_id}/x',
    input: z.strictObject({ as: z.string().optional() }),
    risk,
    ...(riskOf && { riskOf }),
  }) as unknown as Action;

const byArguments = ({ as }: Arguments) => as as Risk;

export const listPets = declare('list_pets', 'read');
export const createPet = declare('create_pet', 'write', ({ as }) => (as === 'privilege' ? 'privilege' : 'write'));
export const feedPet = declare('feed_pet', 'write');
export const deletePet = declare('delete_pet', 'destructive');
export const updateOwner = declare('update_owner', 'privilege', byArguments);
export const deleteOwner = declare('delete_owner', 'destructive');
export const mintKey = declare('mint_key', 'secret');

export const catalogue: readonly Area[] = [
  { id: 'pets', title: 'Pets', actions: [listPets, createPet, feedPet, deletePet] },
  { id: 'owners', title: 'Owners', actions: [updateOwner, deleteOwner, mintKey] },
];
export const all = catalogue.flatMap(({ actions }) => actions);

export interface Said {
  readonly flags?: PolicyFlags;
  readonly env?: Readonly<Record<string, string>>;
  /** The policy file's settings. */
  readonly file?: unknown;
}

export const policyPath = '/home/ann/policy.json';

/** Reads the policy these places say; throws where it is refused. */
export function policyOf({ flags = {}, env = {}, file }: Said, areas = catalogue): Policy {
  const files: Record<string, FakeFile | string> = file === undefined ? {} : { [policyPath]: JSON.stringify(file) };
  const path = file === undefined ? {} : { DATABRICKS_MCP_POLICY_FILE: policyPath };
  return loadPolicy(flags, machine({ ...path, ...env }, files), areas);
}

export const rules = (given: Readonly<Record<string, Gate>>): Said => ({ file: { rules: given } });
