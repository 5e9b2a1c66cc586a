// Seeds custom OAuth apps and IP access lists.

import type { Account } from '../account.js';
import { COMPANY_DOMAIN, DAY_MS, SEED_TIME } from './identity.js';

const apps: readonly [name: string, confidential: boolean, scopes: string[]][] = [
  ['Tableau Cloud', true, ['sql', 'offline_access']],
  ['Power BI', true, ['all-apis', 'offline_access']],
  ['Notebook launcher', false, ['openid', 'profile', 'email']],
  ['Looker EMEA', true, ['sql']],
  ['Data portal', true, ['all-apis', 'openid']],
  ['VS Code (internal)', false, ['all-apis', 'offline_access']],
];

export function seedApps(account: Account): void {
  const creator = account.users.values().next().value;
  for (const [index, [name, confidential, scopes]] of apps.entries()) {
    const integration_id = account.ids.uuid();
    account.customApps.set(integration_id, {
      integration_id,
      client_id: account.ids.uuid(),
      name,
      confidential,
      scopes: [...scopes],
      redirect_urls: [
        confidential ? `https://apps.${COMPANY_DOMAIN}/oauth/callback/${index}` : 'http://localhost:8020',
      ],
      token_access_policy: { access_token_ttl_in_minutes: 60, refresh_token_ttl_in_minutes: 10_080 },
      create_time: new Date(SEED_TIME + index * DAY_MS).toISOString(),
      created_by: BigInt(creator?.id ?? 0),
      creatorUsername: creator?.userName ?? '',
    });
  }
}

const lists: readonly [label: string, type: 'ALLOW' | 'BLOCK', addresses: string[]][] = [
  ['Offices', 'ALLOW', ['203.0.113.0/24', '198.51.100.17']],
  ['VPN egress', 'ALLOW', ['192.0.2.10', '192.0.2.11', '2001:db8:40::/48']],
  ['Known scanners', 'BLOCK', ['198.51.100.200/29']],
];

export function seedIpAccessLists(account: Account): void {
  const by = BigInt(account.users.keys().next().value ?? 0);
  for (const [index, [label, list_type, addresses]] of lists.entries()) {
    const list_id = account.ids.uuid();
    const at = SEED_TIME + index * DAY_MS;
    account.ipAccessLists.set(list_id, {
      list_id,
      label,
      list_type,
      ip_addresses: [...addresses],
      enabled: true,
      created_at: at,
      created_by: by,
      updated_at: at,
      updated_by: by,
    });
  }
}
