/** What creating or deleting an IP access list changes, and whether it would shut this server out. */
import type { Arguments, Impact, Look } from '../action.js';
import { createIpAccessList, getIpAccessList, listIpAccessLists } from '../ip-access-lists.js';
import { fact, fieldsOf, itemsOf, textOf, textsOf, undoBy, without, words } from './facts.js';
import { type AccessList, everywhere, parseRange, type Stretch, shutOut } from './ip-access.js';

/** Over all lists of the account. */
const mostValues = 1000;

const enforcement = 'only while the account setting for IP access lists is on';

export async function ipAccessListCreation(look: Look, input: Arguments): Promise<Impact> {
  const present = itemsOf(await look.read(listIpAccessLists, {}));
  const wanted = { list_type: String(input.list_type), enabled: true, ip_addresses: textsOf(input.ip_addresses) };
  const lists = present.map(accessListOf);
  const isFirst = wanted.list_type === 'ALLOW' && !lists.some(isAllowing);
  const own = ownStretches(look);
  const denied = own === undefined ? [] : shutOut(lists, [...lists, wanted], own);
  return {
    facts: [
      ...fact('Label', input.label),
      ...fact('Type', input.list_type),
      ...fact('Addresses', input.ip_addresses),
      ...fact('Effect', words(creationEffect(wanted, isFirst))),
      ...fact('Enforced', words(enforcement)),
      ...fact(
        'Addresses of this server',
        own === undefined
          ? words('not known here; Databricks documents that it refuses a list that would shut out the caller')
          : look.ownAddresses,
      ),
    ],
    reversible: 'yes',
    reversal: 'Deleting the list takes it back, from an address that is still admitted.',
    ...lockedOut(denied.length > 0),
    ...creationObstacle(present, input, wanted),
  };
}

export async function ipAccessListDeletion(look: Look, input: Arguments): Promise<Impact> {
  const id = String(input.ip_access_list_id);
  const target = await look.read(getIpAccessList, { ip_access_list_id: id });
  if (target === null) return look.notFound('IP access list', id);
  const others = itemsOf(await look.read(listIpAccessLists, {})).filter((each) => textOf(each.list_id) !== id);
  const fields = fieldsOf(target);
  const list = accessListOf(fields);
  const remaining = others.map(accessListOf);
  const opens = isAllowing(list) && !remaining.some(isAllowing);
  const own = ownStretches(look);
  // With no address known, any address that loses its way in may be ours.
  const denied = shutOut([...remaining, list], remaining, own ?? everywhere);
  const label = textOf(fields.label);
  return {
    target: { kind: 'IP access list', id, ...(label !== undefined && { name: label }) },
    facts: [
      ...fact('Type', fields.list_type),
      ...fact('Enabled', fields.enabled),
      ...fact('Addresses', fields.ip_addresses),
      ...fact('Effect', words(deletionEffect(list, remaining, opens))),
      ...fact('Other lists', others.map((each) => textOf(each.label) ?? '').filter(Boolean)),
      ...fact('Enforced', words(enforcement)),
    ],
    reversible: list.enabled ? 'yes' : 'partly',
    reversal: list.enabled
      ? 'The list can be made anew with the same label and values, under a new id.'
      : 'The list can be made anew with the same label and values, but it would be enabled.',
    before: without(fields, 'updated_at', 'updated_by'),
    ...(list.enabled &&
      undoBy(createIpAccessList, {
        label: fields.label,
        list_type: fields.list_type,
        ip_addresses: list.ip_addresses,
      })),
    ...(opens && { typed: label ?? id }),
    ...(own === undefined && denied.length > 0
      ? {
          lockouts: [
            'Other ALLOW lists stay in force, and it cannot be told whether they admit this server, because its own ' +
              'addresses are not known. The operator names them with DATABRICKS_MCP_OWN_ADDRESSES or --own-address.',
          ],
        }
      : lockedOut(denied.length > 0)),
  };
}

function accessListOf(fields: Arguments): AccessList {
  return {
    list_type: String(fields.list_type),
    enabled: fields.enabled === true,
    ip_addresses: textsOf(fields.ip_addresses),
  };
}

const isAllowing = (list: AccessList) => list.enabled && list.list_type === 'ALLOW';

/** Undefined where no address is known, or one of them cannot be read: then nothing can be promised. */
function ownStretches({ ownAddresses }: Look): readonly Stretch[] | undefined {
  if (ownAddresses === undefined || ownAddresses.length === 0) return undefined;
  const stretches = ownAddresses.flatMap((written) => parseRange(written) ?? []);
  return stretches.length === ownAddresses.length ? stretches : undefined;
}

const lockedOut = (isLockedOut: boolean): Pick<Impact, 'lockouts'> =>
  isLockedOut
    ? { lockouts: ['An address from which this server reaches Databricks is admitted now and would be denied.'] }
    : {};

function creationEffect(wanted: AccessList, isFirst: boolean): string {
  if (wanted.list_type === 'BLOCK') return 'these addresses are denied, also where an ALLOW list has them';
  return isFirst ? 'first ALLOW list: every address outside it is denied' : 'these addresses are admitted too';
}

function deletionEffect(list: AccessList, remaining: readonly AccessList[], opens: boolean): string {
  if (!list.enabled) return 'none: the list is not enabled';
  if (list.list_type === 'BLOCK') return 'these addresses are no longer blocked';
  if (!opens) return 'addresses that no other ALLOW list has are denied';
  return remaining.some((each) => each.enabled)
    ? 'last ALLOW list: the account opens to every address that no BLOCK list has'
    : 'last ALLOW list: the account opens to every address';
}

function creationObstacle(
  present: readonly Arguments[],
  input: Arguments,
  wanted: AccessList,
): Pick<Impact, 'obstacle'> {
  if (present.some((each) => each.label === input.label)) {
    return {
      obstacle: {
        message: 'An IP access list with this label exists already.',
        next: 'Choose another label, or look with databricks_list_ip_access_lists whether that list does it.',
      },
    };
  }
  if (wanted.ip_addresses.some((written) => parseRange(written) === undefined)) {
    return {
      obstacle: {
        message: 'One of ip_addresses is neither an IP address nor a CIDR range.',
        next: 'Write each as in 203.0.113.7 or 203.0.113.0/24.',
      },
    };
  }
  const used = present.reduce((sum, each) => sum + textsOf(each.ip_addresses).length, 0);
  if (used + wanted.ip_addresses.length <= mostValues) return {};
  return {
    obstacle: {
      message: `The account would have ${used + wanted.ip_addresses.length} IP access list values; ${mostValues} is the most.`,
      next: 'Put neighbouring addresses into CIDR ranges, or delete lists that are not needed.',
    },
  };
}
