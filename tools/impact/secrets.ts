/** What making or deleting an OAuth secret touches: whose it is, what it opens, and whether this server signs in with it. */
import type { Arguments, Fact, Impact, Look } from '../action.js';
import { getServicePrincipal, listServicePrincipalSecrets } from '../reads/service-principals.js';
import { rolesFact, type Secret, secretsIn, secretWords } from './access.js';
import { createDirectory } from './directory.js';
import { fact, listOr, notReadable, quoted, withId, words } from './facts.js';
import { isPlainId, nameOf, resourceOf, textOf } from './resource.js';

/** Databricks keeps this many secrets of one service principal. */
const most = 5;

export async function secretCreation(look: Look, input: Arguments): Promise<Impact> {
  const id = String(input.service_principal_id);
  const secrets = await secretsOf(look, id);
  const { name, facts } = await holder(look, id);
  const scopes = Array.isArray(input.scopes) ? input.scopes.map(String) : [];
  return {
    target: { kind: 'service principal', id, ...(name !== undefined && { name }) },
    facts: [
      ...facts,
      ...fact('Scopes', scopes),
      ...(scopes.includes('all-apis') ? fact('Opens', words('every API its roles allow')) : []),
      ...fact('Lifetime', words(lifetimeWords(String(input.lifetime)))),
      ...fact('Secrets now', listOr(secrets.map(secretWords))),
      ...(secrets.length === most - 1 ? fact('Room', words(`this is the last of ${most}`)) : []),
    ],
    reversible: 'yes',
    reversal: 'Deleting the secret stops it; tokens made with it live up to an hour longer.',
    ...(secrets.length >= most && {
      obstacle: {
        message: `The service principal has ${secrets.length} secrets, and ${most} is the most: ${secrets.map(sentencePart).join('; ')}.`,
        next: 'Delete one that is no longer used with databricks_delete_service_principal_secret, then repeat the call.',
      },
    }),
  };
}

export async function secretDeletion(look: Look, input: Arguments): Promise<Impact> {
  const id = String(input.service_principal_id);
  const secrets = await secretsOf(look, id);
  const secret = secrets.find((each) => each.id === input.secret_id);
  if (secret === undefined) return look.notFound('secret', String(input.secret_id));
  const { name, facts } = await holder(look, id);
  const lockouts = await secretLockouts(look, id, secret, secrets);
  return {
    target: { kind: 'secret', id: secret.id },
    facts: [
      ...fact('Of service principal', withId(name, id)),
      ...facts,
      ...fact('Created', secret.created),
      ...fact('Expires', secret.expires),
      ...fact('Scopes', listOr(secret.scopes, 'all, it is bound to none')),
      ...fact('Secrets left', secrets.length - 1),
    ],
    reversible: 'no',
    reversal: 'A new secret has another value: whatever signs in with this one has to be given the new one.',
    ...(lockouts.length > 0 && { lockouts }),
    before: { service_principal_id: id, id: secret.id, create_time: secret.created, expire_time: secret.expires },
  };
}

/** Which secret signs in is known by its hash alone. Where no hash fits, no secret of the own principal may go. */
async function secretLockouts(look: Look, holderId: string, secret: Secret, secrets: readonly Secret[]) {
  const hashes = await look.ownSecretHashes();
  if (hashes === undefined) return [];
  const isUsed = ({ hash }: Secret) => hash !== undefined && hashes.some((own) => isSameHash(own, hash));
  if (isUsed(secret)) {
    return ['This server signs in with this secret. Create another one, put it in use here, then delete this one.'];
  }
  if (secrets.some(isUsed)) return [];
  const own = await createDirectory(look).tryOwn();
  if (own === undefined) {
    return [
      'It cannot be told whether this server signs in with this secret, because its service principal cannot be ' +
        'looked up. A token with the scope scim makes it checkable.',
    ];
  }
  return own.id === holderId
    ? [
        'This secret belongs to the service principal this server signs in with, and which of its secrets is in use ' +
          'cannot be told. Delete it in the account console, or sign in with another service principal.',
      ]
    : [];
}

/** Hex may be written in either case, base64 may not. */
const isSameHash = (own: string, listed: string) =>
  own === listed || (/^[0-9a-f]+$/i.test(own) && own.toLowerCase() === listed.toLowerCase());

async function secretsOf(look: Look, service_principal_id: string): Promise<readonly Secret[]> {
  if (!isPlainId(service_principal_id)) return look.notFound('service principal', service_principal_id);
  const list = await look.read(listServicePrincipalSecrets, { service_principal_id, page_size: 100 });
  return list === null ? look.notFound('service principal', service_principal_id) : secretsIn(list);
}

async function holder(look: Look, id: string): Promise<{ name?: string; facts: readonly Fact[] }> {
  const data = await look.tryRead(getServicePrincipal, { id });
  if (data === undefined || data === null) return { facts: fact('Roles', notReadable) };
  const principal = resourceOf(data);
  const name = nameOf(principal);
  return {
    ...(name !== undefined && { name }),
    facts: [...fact('Application id', textOf(principal.applicationId)), ...rolesFact(principal)],
  };
}

const sentencePart = ({ id, created }: Secret) => `${quoted(id)} created ${quoted(created)}`;

function lifetimeWords(lifetime: string): string {
  const seconds = Number.parseInt(lifetime, 10);
  return seconds % 86_400 === 0 ? `${seconds / 86_400} days` : `${seconds} seconds`;
}
