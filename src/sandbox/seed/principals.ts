// Seeds users, service principals with their secrets, and groups.

import type { Account } from '../account.js';
import type { Group, ServicePrincipal, User } from '../records.js';
import { CLIENT_ID, CLIENT_SECRET, COMPANY_DOMAIN, DAY_MS, HUGE_PRINCIPAL_ID } from './identity.js';
import { mailboxOf, oddDisplayName, people } from './people.js';

const inactive = new Set(['Viktor Horváth', 'Camila Souza', 'Ilya Sokolov']);
const admins = new Set(['Amara Okafor', 'Jonas Müller']);
const hugeId = 'Grace Mwangi';

export function seedUsers(account: Account): void {
  for (const person of people) {
    const [givenName = '', ...family] = person.split(' ');
    const user: User = {
      kind: 'User',
      id: person === hugeId ? HUGE_PRINCIPAL_ID : account.ids.numeric(),
      userName: `${mailboxOf(person)}@${COMPANY_DOMAIN}`,
      displayName: person === people.at(-1) ? oddDisplayName : person,
      name: { givenName, familyName: family.join(' ') },
      active: !inactive.has(person),
      externalId: undefined,
      roles: admins.has(person) ? ['account_admin'] : [],
    };
    account.users.set(user.id, user);
  }
}

export function seedServicePrincipals(account: Account, scopes: readonly string[]): void {
  const own = addServicePrincipal(account, 'mcp-admin', { applicationId: CLIENT_ID, roles: ['account_admin'] });
  addSecret(account, own, CLIENT_SECRET, scopes);
  const terraform = addServicePrincipal(account, 'terraform-provisioner', { roles: ['account_admin'] });
  const ci = addServicePrincipal(account, 'ci-deploy', {});
  for (const name of ['airflow-prod', 'dbt-nightly', 'powerbi-gateway', 'fivetran-sync'])
    addServicePrincipal(account, name, {});
  addServicePrincipal(account, 'migration-2023', { active: false });
  addSecret(account, terraform, `dose${account.ids.hex(32)}`, []);
  for (const bound of [['sql'], ['scim:read'], ['billing']])
    addSecret(account, ci, `dose${account.ids.hex(32)}`, bound);
}

function addServicePrincipal(
  account: Account,
  displayName: string,
  given: Partial<ServicePrincipal>,
): ServicePrincipal {
  const principal: ServicePrincipal = {
    kind: 'ServicePrincipal',
    id: account.ids.numeric(),
    applicationId: account.ids.uuid(),
    displayName,
    active: true,
    externalId: undefined,
    roles: [],
    ...given,
  };
  account.servicePrincipals.set(principal.id, principal);
  return principal;
}

/** Seeded secrets are as old as the sandbox's start, or they would expire on its clock one day. */
function addSecret(account: Account, principal: ServicePrincipal, value: string, scopes: readonly string[]): void {
  const now = account.now();
  const secret = {
    id: account.ids.uuid(),
    principalId: principal.id,
    value,
    scopes,
    createdAt: now,
    expiresAt: now + 730 * DAY_MS,
  };
  account.secrets.set(secret.id, secret);
}

interface GroupPlan {
  readonly name: string;
  /** Every n-th person, beginning with the k-th. */
  readonly people?: readonly [from: number, step: number];
  readonly groups?: readonly string[];
  readonly principals?: readonly string[];
  readonly given?: Partial<Group>;
}

const plans: readonly GroupPlan[] = [
  { name: 'data-engineering', people: [0, 5], principals: ['airflow-prod', 'dbt-nightly'] },
  { name: 'data-science', people: [1, 6] },
  { name: 'ml-platform', people: [3, 11] },
  { name: 'analytics-emea', people: [2, 9] },
  { name: 'analytics-amer', people: [4, 9] },
  { name: 'analytics-apac', people: [6, 9] },
  {
    name: 'analytics',
    groups: ['analytics-emea', 'analytics-amer', 'analytics-apac'],
    principals: ['powerbi-gateway'],
  },
  { name: 'finance-ops', people: [7, 13] },
  { name: 'security', people: [8, 19] },
  { name: 'contractors', people: [5, 14] },
  { name: 'platform-admins', people: [10, 40], given: { roles: ['account_admin'] } },
  { name: 'automation', principals: ['ci-deploy', 'fivetran-sync'] },
  { name: 'all-employees', people: [0, 1], groups: ['analytics', 'data-engineering'] },
  { name: 'reporting-local', people: [9, 17], given: { resourceType: 'WorkspaceGroup' } },
];

export function seedGroups(account: Account): void {
  const byName = new Map<string | undefined, string>();
  for (const principal of account.servicePrincipals.values()) byName.set(principal.displayName, principal.id);
  const users = [...account.users.keys()];
  for (const { name, people: [from, step] = [users.length, 1], groups = [], principals = [], given } of plans) {
    const named = [...groups, ...principals].map((member) => byName.get(member) ?? '');
    const group: Group = {
      kind: 'Group',
      id: account.ids.numeric(),
      resourceType: 'Group',
      displayName: name,
      externalId: undefined,
      roles: [],
      members: [...users.filter((_, index) => index >= from && (index - from) % step === 0), ...named],
      ...given,
    };
    account.groups.set(group.id, group);
    byName.set(name, group.id);
  }
}
