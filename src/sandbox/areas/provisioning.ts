// Credential and storage configurations: the AWS role and bucket a workspace is built on. Not Unity Catalog's storage credentials.

import type { Account } from '../account.js';
import { duplicate, invalidState, malformed, missing } from '../errors.js';
import { shape, text } from '../readers.js';
import type { Credential } from '../records.js';
import { jsonReply } from '../reply.js';
import { route } from '../router.js';

const credentials = '/api/2.0/accounts/{account_id}/credentials';
const storage = '/api/2.0/accounts/{account_id}/storage-configurations';
// Both exist on AWS only; what the other clouds' servers answer is unknown.
const needsCredentials = { scopes: ['unity-catalog'], clouds: ['aws'] } as const;
const needsStorage = { scopes: ['provisioning'], clouds: ['aws'] } as const;
const ROLE_ARN = /^arn:aws(-[a-z-]+)?:iam::\d{12}:role\/[\w+=,.@/-]+$/;

const newCredential = shape(
  { credentials_name: text({ min: 1 }), aws_credentials: shape({ sts_role: shape({ role_arn: text() }) }) },
  {},
);

export const provisioningRoutes = [
  route(`GET ${credentials}`, needsCredentials, ({ account }) => jsonReply([...account.credentials.values()])),

  route(`GET ${credentials}/{credentials_id}`, needsCredentials, ({ account, param }) =>
    jsonReply(findCredential(account, param('credentials_id'))),
  ),

  route(`POST ${credentials}`, { ...needsCredentials, body: newCredential }, ({ account, body }) => {
    const { role_arn } = body.aws_credentials.sts_role;
    if (!ROLE_ARN.test(role_arn)) throw malformed(`Malformed role ARN: ${role_arn}`);
    if ([...account.credentials.values()].some((known) => known.credentials_name === body.credentials_name)) {
      throw duplicate(`Credentials named '${body.credentials_name}' already exist.`);
    }
    const credential: Credential = {
      ...body,
      credentials_id: account.ids.uuid(),
      account_id: account.id,
      creation_time: account.now(),
    };
    account.credentials.set(credential.credentials_id, credential);
    return jsonReply(credential, 201);
  }),

  route(`DELETE ${credentials}/{credentials_id}`, needsCredentials, ({ account, param }) => {
    const credential = findCredential(account, param('credentials_id'));
    const user = [...account.workspaces.values()].find((one) => one.credentials_id === credential.credentials_id);
    if (user)
      throw invalidState(`Credentials '${credential.credentials_name}' are in use by workspace ${user.workspace_id}.`);
    account.credentials.delete(credential.credentials_id);
    return jsonReply(credential);
  }),

  route(`GET ${storage}`, needsStorage, ({ account }) => jsonReply([...account.storageConfigurations.values()])),

  route(`GET ${storage}/{storage_configuration_id}`, needsStorage, ({ account, param }) => {
    const found = account.storageConfigurations.get(param('storage_configuration_id'));
    if (!found) throw missing(`Storage configuration '${param('storage_configuration_id')}' does not exist.`);
    return jsonReply(found);
  }),
];

function findCredential(account: Account, id: string): Credential {
  const credential = account.credentials.get(id);
  if (!credential) throw missing(`Credentials '${id}' do not exist.`);
  return credential;
}
