// Network configurations: a customer's own VPC. Deleting one takes a while, as on the real server.

import type { Account } from '../account.js';
import { duplicate, invalid, invalidState, missing } from '../errors.js';
import type { Network } from '../records.js';
import { jsonReply } from '../reply.js';
import { route } from '../router.js';
import { bothEndpoints, checkKind, newNetwork } from './network-body.js';

const collection = '/api/2.0/accounts/{account_id}/networks';
// Azure has VNet injection instead; the real answer of these routes there is unknown. On GCP the real server additionally
// wants a Google-issued token for create, which the sandbox does not ask for.
const needs = { scopes: ['networking'], clouds: ['aws', 'gcp'] } as const;
/** A deleted network is still read this often, or until this much time has passed. */
const READS_AFTER_DELETE = 2;
const LINGER_MS = 5_000;

export const networkRoutes = [
  route(`GET ${collection}`, needs, ({ account }) =>
    jsonReply([...account.networks.values()].filter((one) => !isGone(account, one))),
  ),

  route(`GET ${collection}/{network_id}`, needs, ({ account, param }) => {
    const network = findNetwork(account, param('network_id'));
    const departing = account.departingNetworks.get(network.network_id);
    if (departing) departing.readsLeft -= 1;
    return jsonReply(network);
  }),

  route(`POST ${collection}`, { ...needs, body: newNetwork }, ({ account, body }) => {
    checkKind(body);
    const rivals = [...account.networks.values()].filter((one) => !isGone(account, one));
    if (rivals.some((one) => one.network_name === body.network_name)) {
      throw duplicate(`A network named '${body.network_name}' already exists.`);
    }
    if ((body.account_id ?? account.id) !== account.id) throw invalid("Field 'account_id' is another account.");
    const { vpc_endpoints, ...given } = body;
    const network: Network = {
      ...given,
      ...(vpc_endpoints && { vpc_endpoints: bothEndpoints(vpc_endpoints) }),
      network_id: account.ids.uuid(),
      account_id: account.id,
      vpc_status: 'UNATTACHED',
      creation_time: account.now(),
    };
    account.networks.set(network.network_id, network);
    return jsonReply(network, 201);
  }),

  route(`DELETE ${collection}/{network_id}`, needs, ({ account, param }) => {
    const network = findNetwork(account, param('network_id'));
    if (network.workspace_id !== undefined) {
      throw invalidState(`Network '${network.network_name}' is in use by workspace ${network.workspace_id}.`);
    }
    if (!account.departingNetworks.has(network.network_id)) {
      account.departingNetworks.set(network.network_id, {
        readsLeft: READS_AFTER_DELETE,
        until: account.now() + LINGER_MS,
      });
    }
    return jsonReply(network);
  }),
];

function findNetwork(account: Account, id: string): Network {
  const network = account.networks.get(id);
  if (!network || isGone(account, network)) throw missing(`Network '${id}' does not exist.`);
  return network;
}

function isGone(account: Account, { network_id }: Network): boolean {
  const departing = account.departingNetworks.get(network_id);
  return departing !== undefined && (departing.readsLeft <= 0 || account.now() >= departing.until);
}
