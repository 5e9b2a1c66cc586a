// Workspaces, read only: creating and deleting them is not among the sandboxed actions.

import { workspaceById } from '../account.js';
import { jsonReply } from '../reply.js';
import { route } from '../router.js';

const collection = '/api/2.0/accounts/{account_id}/workspaces';
const needs = { scopes: ['provisioning'] };

export const workspaceRoutes = [
  // A bare array: no wrapper, no paging.
  route(`GET ${collection}`, needs, ({ account }) => jsonReply([...account.workspaces.values()])),
  route(`GET ${collection}/{workspace_id}`, needs, ({ account, param }) =>
    jsonReply(workspaceById(account, param('workspace_id'))),
  ),
];
