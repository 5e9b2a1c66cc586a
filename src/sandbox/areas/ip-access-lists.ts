// Account IP access lists. Enforcement (a setting outside the 72 actions) counts as off, yet a list that would shut the caller out is refused.

import type { Account } from '../account.js';
import { duplicate, invalid, invalidState, missing, quotaExceeded } from '../errors.js';
import { list, oneOf, type Reader, shape, text } from '../readers.js';
import type { IpAccessList } from '../records.js';
import { emptyReply, jsonReply } from '../reply.js';
import { route } from '../router.js';
import { covers, parseRange } from './ip-ranges.js';

const collection = '/api/2.0/accounts/{account_id}/ip-access-lists';
const needs = { scopes: ['access-management'] };
/** Per account, over all lists. */
const MOST_ADDRESSES = 1000;

const address: Reader<string> = (value, name) => {
  const written = text()(value, name);
  if (!parseRange(written)) throw invalid(`Field '${name}': '${written}' is not an IP address or CIDR range.`);
  return written;
};

const newList = shape(
  { label: text({ min: 1 }), list_type: oneOf('ALLOW', 'BLOCK'), ip_addresses: list(address, { min: 1 }) },
  {},
);

export const ipAccessListRoutes = [
  route(`GET ${collection}`, needs, ({ account }) =>
    jsonReply({ ip_access_lists: [...account.ipAccessLists.values()].map(render) }),
  ),

  route(`GET ${collection}/{ip_access_list_id}`, needs, ({ account, param }) =>
    jsonReply({ ip_access_list: render(findList(account, param('ip_access_list_id'))) }),
  ),

  route(`POST ${collection}`, { ...needs, body: newList }, ({ account, caller, inbound, body }) => {
    const lists = [...account.ipAccessLists.values()];
    if (lists.some(({ label }) => label === body.label))
      throw duplicate(`An IP access list labelled '${body.label}' already exists.`);
    const used = lists.reduce((sum, one) => sum + one.ip_addresses.length, 0);
    if (used + body.ip_addresses.length > MOST_ADDRESSES) {
      throw quotaExceeded(`An account can have at most ${MOST_ADDRESSES} IP access list values.`);
    }
    if (body.list_type === 'BLOCK' && covers(body.ip_addresses, inbound.remoteAddress)) {
      throw invalidState(
        `Your current IP ${inbound.remoteAddress} will not be allowed to access the account under this configuration.`,
      );
    }
    const now = account.now();
    const by = BigInt(caller.id);
    const created: IpAccessList = {
      ...body,
      list_id: account.ids.uuid(),
      enabled: true,
      created_at: now,
      created_by: by,
      updated_at: now,
      updated_by: by,
    };
    account.ipAccessLists.set(created.list_id, created);
    return jsonReply({ ip_access_list: render(created) });
  }),

  route(`DELETE ${collection}/{ip_access_list_id}`, needs, ({ account, param }) => {
    account.ipAccessLists.delete(findList(account, param('ip_access_list_id')).list_id);
    return emptyReply();
  }),
];

const render = (one: IpAccessList) => ({ ...one, address_count: one.ip_addresses.length });

function findList(account: Account, id: string): IpAccessList {
  const found = account.ipAccessLists.get(id);
  if (!found) throw missing(`IP access list '${id}' does not exist.`);
  return found;
}
