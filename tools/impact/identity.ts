/** What the impacts of users, service principals and groups share: reading the object, and telling a patch of it. */
import type { Arguments, Fact, Impact, Look, Target } from '../action.js';
import { changeFacts, inverse } from './changes.js';
import type { Directory } from './directory.js';
import type { Patched } from './patch.js';
import { bare, type Element, nameOf, type Resource, resourceOf } from './resource.js';

export type Kind = 'user' | 'service principal' | 'group';

/** The object a write is aimed at; ends the call where there is none. */
export async function wholeOf(
  look: Look,
  get: (look: Look, id: string) => Promise<unknown>,
  kind: Kind,
  id: string,
): Promise<Resource> {
  const data = await get(look, id);
  return data === null ? look.notFound(kind, id) : resourceOf(data);
}

/** The directory keeps it: whoever asks who is admin needs the same group again. */
export const wholeGroup = async (look: Look, directory: Directory, id: string): Promise<Resource> =>
  (await directory.group(id)) ?? look.notFound('group', id);

export function targetOf(kind: Kind, resource: Resource): Target {
  const name = nameOf(resource);
  return { kind, id: String(resource.id), ...(name !== undefined && { name }) };
}

/** An update: what it changes, and the update that changes it back. */
export function patchImpact(
  kind: Kind,
  before: Resource,
  patched: Patched | undefined,
  { Operations }: Arguments,
  tool: string,
  more: { facts: readonly Fact[]; lockouts: readonly string[]; nameOf?: (member: Element) => string },
): Impact {
  const back = inverse(before, patched);
  const isTold = patched !== undefined && patched.unclear.size === 0;
  return {
    target: targetOf(kind, before),
    facts: [...changeFacts(before, patched, Operations, more.nameOf), ...more.facts],
    reversible: patched === undefined ? 'partly' : 'yes',
    reversal:
      patched === undefined
        ? 'What the operations change cannot be told, so neither can what takes it back.'
        : 'Another update sets the changed fields to what they are now.',
    ...(more.lockouts.length > 0 && { lockouts: more.lockouts }),
    before: bare(before),
    ...(isTold && { after: bare(patched.resource) }),
    ...(back !== undefined && { undo: { tool, arguments: { id: String(before.id), Operations: back } } }),
  };
}

/** Roles and members as a create takes them. */
export const asValues = (list: readonly string[]) => list.map((value) => ({ value }));
