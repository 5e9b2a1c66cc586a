/** What adding one member to a group, or removing one, touches. */
import type { Arguments, Fact, Impact, Look } from '../action.js';
import { rolesFact, workspacesFact } from './access.js';
import { createDirectory, type Directory } from './directory.js';
import { fact, withId, words } from './facts.js';
import { targetOf, wholeGroup } from './identity.js';
import { groupLockouts, isAdmin } from './lockouts.js';
import { principalWith } from './principals.js';
import { bare, elementsOf, isPlainId, type Resource, valuesOf } from './resource.js';

export async function memberAddition(look: Look, input: Arguments): Promise<Impact> {
  const directory = createDirectory(look);
  const group = await wholeGroup(look, directory, String(input.group_id));
  const memberId = String(input.member_id);
  const member = await principalWith(look, memberId);
  if (member === null) return look.notFound('member', memberId);
  const isThere = valuesOf(group.members).includes(memberId);
  return {
    target: targetOf('group', group),
    facts: [
      ...fact('New member', withId(member?.name, memberId)),
      ...(member === undefined ? [] : fact('New member is a', words(member.kind))),
      ...(member?.kind === 'group' ? fact('Members of it', elementsOf(member.resource.members).length) : []),
      ...(member?.resource.active === false ? fact('Effect', words('none while the member is deactivated')) : []),
      ...(isThere ? fact('Change', words('none: it is a member already')) : []),
      ...(await carried(look, directory, group)),
    ],
    reversible: 'yes',
    reversal: 'Removing the member takes it back.',
    before: bare(group),
    after: bare(isThere ? group : { ...group, members: [...elementsOf(group.members), { value: memberId }] }),
    ...(!isThere && undone('databricks_remove_group_member', group, memberId)),
  };
}

export async function memberRemoval(look: Look, input: Arguments): Promise<Impact> {
  const directory = createDirectory(look);
  const group = await wholeGroup(look, directory, String(input.group_id));
  const memberId = String(input.member_id);
  if (!isPlainId(memberId)) return look.notFound('member', memberId);
  const members = elementsOf(group.members);
  const member = members.find(({ value }) => value === memberId);
  const { members: _, ...rest } = group;
  const left = members.filter(({ value }) => value !== memberId);
  const after: Resource = left.length === 0 ? rest : { ...rest, members: left };
  const lockouts = member === undefined ? [] : await groupLockouts(directory, group, after);
  return {
    target: targetOf('group', group),
    facts: [
      ...fact('Member removed', withId(member?.display, memberId)),
      ...(member === undefined ? fact('Change', words('none: it is no member')) : fact('Members left', left.length)),
      ...(await carried(look, directory, group)),
    ],
    reversible: 'yes',
    reversal: 'Adding the member again takes it back.',
    ...(lockouts.length > 0 && { lockouts }),
    before: bare(group),
    after: bare(after),
    ...(member !== undefined && undone('databricks_add_group_member', group, memberId)),
  };
}

/** What everyone in the group has through it. */
async function carried(look: Look, directory: Directory, group: Resource): Promise<readonly Fact[]> {
  return [
    ...rolesFact(group, 'Roles of the group'),
    ...((await isAdmin(directory, group)) ? fact('Makes account admins', true) : []),
    ...(await workspacesFact(look, String(group.id), 'Workspaces of the group')),
  ];
}

const undone = (tool: string, group: Resource, member_id: string) => ({
  undo: { tool, arguments: { group_id: String(group.id), member_id } },
});
