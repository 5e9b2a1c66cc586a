// OAuth secrets of service principals. Their values are shown once and work at the token endpoint until they expire or are deleted.

import { type Account, int64Text } from '../account.js';
import { invalid, missing, quotaExceeded } from '../errors.js';
import { sha256 } from '../ids.js';
import { paginate } from '../paging.js';
import { integerWord } from '../query-readers.js';
import { list, shape, text } from '../readers.js';
import type { Secret, ServicePrincipal } from '../records.js';
import { emptyReply, jsonReply } from '../reply.js';
import { route } from '../router.js';

const collection = '/api/2.0/accounts/{account_id}/servicePrincipals/{service_principal_id}/credentials/secrets';
// The connector guide names all-apis, Databricks' own scope page lists these endpoints under authentication.
const needs = { scopes: ['all-apis', 'authentication'] };
const MOST_SECRETS = 5;
const LONGEST_SECONDS = 63_072_000;

const newSecret = shape(
  {},
  {
    lifetime: text({ pattern: /^\d{1,9}(\.\d{1,9})?s$/, hint: 'a duration such as "3600s"' }),
    scopes: list(text({ min: 1 })),
  },
);

export const secretRoutes = [
  route(
    `GET ${collection}`,
    { ...needs, query: { page_size: integerWord(), page_token: text() } },
    ({ account, param, query }) => {
      const principal = findPrincipal(account, param('service_principal_id'));
      const page = paginate(liveSecrets(account, principal), {
        list: `secrets of ${principal.id}`,
        token: query.page_token,
        size: query.page_size,
        defaultSize: 2,
        maxSize: 100,
      });
      return jsonReply({ secrets: page.items.map(describe), next_page_token: page.next });
    },
  ),

  route(`POST ${collection}`, { ...needs, body: newSecret }, ({ account, param, body }) => {
    const principal = findPrincipal(account, param('service_principal_id'));
    if (liveSecrets(account, principal).length >= MOST_SECRETS) {
      throw quotaExceeded(`A service principal can have at most ${MOST_SECRETS} secrets.`);
    }
    const seconds = Number((body.lifetime ?? `${LONGEST_SECONDS}s`).slice(0, -1));
    if (seconds <= 0 || seconds > LONGEST_SECONDS) {
      throw invalid(`Field 'lifetime' must be more than 0s and at most ${LONGEST_SECONDS}s.`);
    }
    const secret: Secret = {
      id: account.ids.uuid(),
      principalId: principal.id,
      value: `dose${account.ids.hex(32)}`,
      scopes: body.scopes ?? [],
      createdAt: account.now(),
      expiresAt: account.now() + seconds * 1000,
    };
    account.secrets.set(secret.id, secret);
    return jsonReply({ ...describe(secret), secret: secret.value });
  }),

  route(`DELETE ${collection}/{secret_id}`, needs, ({ account, param }) => {
    const principal = findPrincipal(account, param('service_principal_id'));
    const secret = liveSecrets(account, principal).find(({ id }) => id === param('secret_id'));
    if (!secret) throw missing(`Secret '${param('secret_id')}' does not exist.`);
    account.secrets.delete(secret.id);
    return emptyReply();
  }),
];

/** The numeric SCIM id, not the application id. */
function findPrincipal(account: Account, id: string): ServicePrincipal {
  const principal = account.servicePrincipals.get(int64Text(id, 'service_principal_id'));
  if (!principal) throw missing(`Service principal '${id}' does not exist.`);
  return principal;
}

export function liveSecrets(account: Account, principal: ServicePrincipal): Secret[] {
  return [...account.secrets.values()].filter(
    (secret) => secret.principalId === principal.id && secret.expiresAt > account.now(),
  );
}

function describe(secret: Secret) {
  const time = (at: number) => new Date(at).toISOString();
  return {
    id: secret.id,
    secret_hash: sha256(secret.value),
    status: 'ACTIVE',
    create_time: time(secret.createdAt),
    update_time: time(secret.createdAt),
    expire_time: time(secret.expiresAt),
    scopes: secret.scopes.length > 0 ? secret.scopes : undefined,
  };
}
