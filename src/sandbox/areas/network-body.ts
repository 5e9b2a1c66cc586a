// The request body of networks and the rules between its fields.

import { invalid, Refusal } from '../errors.js';
import { list, shape, text } from '../readers.js';
import type { Network } from '../records.js';

export const newNetwork = shape(
  { network_name: text({ min: 4, max: 256 }) },
  {
    // Not needed, but Terraform sends it.
    account_id: text(),
    vpc_id: text({ min: 1 }),
    subnet_ids: list(text({ min: 1 }), { min: 2 }),
    security_group_ids: list(text({ min: 1 }), { min: 1, max: 5 }),
    vpc_endpoints: shape({}, { rest_api: list(text()), dataplane_relay: list(text()) }),
    gcp_network_info: shape(
      { network_project_id: text(), vpc_id: text(), subnet_id: text(), subnet_region: text() },
      // Required by the SDK's model, yet deprecated and omitted by Terraform.
      { pod_ip_range_name: text(), service_ip_range_name: text() },
    ),
  },
);

export function checkKind(body: ReturnType<typeof newNetwork>): void {
  const trio = [body.vpc_id, body.subnet_ids, body.security_group_ids];
  const complete = trio.every((part) => part !== undefined);
  const untouched = trio.every((part) => part === undefined);
  const valid = body.gcp_network_info ? untouched : complete;
  if (!valid) throw invalid('Give exactly one of vpc_id with subnet_ids and security_group_ids, or gcp_network_info.');
}

type Endpoints = NonNullable<Network['vpc_endpoints']>;

/** Reported from the field: this very mistake is answered in plain text. */
export function bothEndpoints({ rest_api, dataplane_relay }: Partial<Endpoints>): Endpoints {
  if (rest_api?.length && dataplane_relay?.length) return { rest_api, dataplane_relay };
  const problem = 'vpc_endpoints malformed parameters: rest_api and dataplane_relay must both be given';
  throw new Refusal(400, 'MALFORMED_REQUEST', problem, { shape: 'text' });
}
