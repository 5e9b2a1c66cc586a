/** Every command but the one that serves a client, and what the help says below them. */
import type { Command } from 'commander';
import { product } from '../version.js';
import { addActions } from './actions.js';
import { addApprovals } from './approvals.js';
import { addApprove } from './approve.js';
import { addAudit } from './audit.js';
import { addCall } from './call.js';
import { addDemo } from './demo.js';
import { addDoctor } from './doctor.js';
import { exitCodeHelp } from './exit-codes.js';
import { addHttp } from './http.js';
import { addHub } from './hub.js';
import { addInit } from './init.js';
import { addSandbox } from './sandbox.js';
import { addSecrets } from './secrets.js';

const commands = [
  addInit,
  addHttp,
  addHub,
  addCall,
  addActions,
  addApprove,
  addApprovals,
  addAudit,
  addDoctor,
  addSecrets,
  addSandbox,
  addDemo,
];

export function addCommands(program: Command): void {
  for (const add of commands) add(program);
}

export const helpText = (): string => `
Begin here:
  $ ${product.name} demo                            see what it does, without any account
  $ ${product.name} call list_users --sandbox       one call against the built-in sandbox account
  $ ${product.name} actions --scopes-for get_user   which OAuth scopes a secret has to be bound to
  $ ${product.name} init                            link an account and set up your MCP client
  $ ${product.name} doctor                          check the configuration of a real account

Exit codes:
${exitCodeHelp()}`;
