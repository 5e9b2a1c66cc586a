// Log delivery configurations: created and switched on or off, never deleted.

import type { Account } from '../account.js';
import { missing } from '../errors.js';
import { paginate } from '../paging.js';
import { shape, text } from '../readers.js';
import type { LogDelivery } from '../records.js';
import { emptyReply, jsonReply } from '../reply.js';
import { route, wrapped } from '../router.js';
import { checkCombination, newConfiguration, refuseTooMany, status } from './log-delivery-rules.js';

const collection = '/api/2.0/accounts/{account_id}/log-delivery';
// Azure delivers logs through Azure Monitor; the real answer of these routes there is unknown.
const needs = { scopes: ['billing'], clouds: ['aws', 'gcp'] } as const;
const listQuery = { credentials_id: text(), storage_configuration_id: text(), status: text(), page_token: text() };

export const logDeliveryRoutes = [
  route(`GET ${collection}`, { ...needs, query: listQuery }, ({ account, query }) => {
    const { page_token, ...wanted } = query;
    if (wanted.status !== undefined) status(wanted.status, 'status');
    const filters = Object.entries(wanted) as [keyof typeof wanted, string][];
    const found = [...account.logDeliveries.values()].filter((config) =>
      filters.every(([name, value]) => config[name] === value),
    );
    const page = paginate(found, { list: 'log-delivery', token: page_token, defaultSize: 3, maxSize: 3 });
    return jsonReply({ log_delivery_configurations: page.items, next_page_token: page.next });
  }),

  route(`GET ${collection}/{log_delivery_configuration_id}`, needs, ({ account, param }) =>
    jsonReply({ log_delivery_configuration: findConfiguration(account, param('log_delivery_configuration_id')) }),
  ),

  route(`POST ${collection}`, { ...needs, body: wrapped('log_delivery_configuration', newConfiguration) }, (call) => {
    const { account, body } = call;
    checkCombination(account, body);
    const now = account.now();
    const configuration: LogDelivery = {
      ...body,
      config_id: account.ids.uuid(),
      account_id: account.id,
      status: body.status ?? 'ENABLED',
      log_delivery_status: { status: 'CREATED', message: 'Log delivery was created and has not been attempted yet.' },
      creation_time: now,
      update_time: now,
    };
    if (configuration.status === 'ENABLED') refuseTooMany(account, configuration);
    account.logDeliveries.set(configuration.config_id, configuration);
    return jsonReply({ log_delivery_configuration: configuration }, 201);
  }),

  // The body is the bare status, unlike the wrapped create.
  route(`PATCH ${collection}/{log_delivery_configuration_id}`, { ...needs, body: shape({ status }) }, (call) => {
    const { account, body } = call;
    const configuration = findConfiguration(account, call.param('log_delivery_configuration_id'));
    if (body.status === 'ENABLED') refuseTooMany(account, configuration);
    configuration.status = body.status;
    configuration.update_time = account.now();
    return emptyReply();
  }),
];

function findConfiguration(account: Account, id: string): LogDelivery {
  const configuration = account.logDeliveries.get(id);
  if (!configuration) throw missing(`Log delivery configuration '${id}' does not exist.`);
  return configuration;
}
