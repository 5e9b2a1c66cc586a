#!/usr/bin/env node
/** The program: reads the command line and runs one command. Commands live beside this file, one each. */
// First: stdout has to be claimed before any other module is loaded.
import './claim.js';
import process from 'node:process';
import { styleText } from 'node:util';
import { Command } from 'commander';
import { createRedactor } from '../core/redact.js';
import { product } from '../version.js';
import { addActions } from './actions.js';
import { addApprovals } from './approvals.js';
import { addApprove } from './approve.js';
import { addAudit } from './audit.js';
import { addCall } from './call.js';
import { addDemo } from './demo.js';
import { addDoctor } from './doctor.js';
import { exitCodeHelp } from './exit-codes.js';
import { reportFailure } from './failure.js';
import { addHttp } from './http.js';
import { addHub } from './hub.js';
import { addInit } from './init.js';
import { addSandbox } from './sandbox.js';
import { addSecrets } from './secrets.js';
import { addStdio } from './stdio.js';
import { guardPipe } from './terminal.js';

const program = new Command()
  .name(product.name)
  .description('MCP server for Databricks account administration, and a command line for the same actions.')
  .version(product.version)
  .showHelpAfterError('(--help shows what there is)')
  .enablePositionalOptions()
  .exitOverride()
  .configureHelp({ styleTitle: (title) => styleText('bold', title, { validateStream: false }) })
  // What was typed may have been a secret in the wrong place.
  .configureOutput({
    outputError: (text, write) => write(createRedactor().scrub(text.replace(/('--?[^'=]*)=[^']*'/, "$1=…'"))),
    writeOut: (text) => {
      guardPipe();
      process.stdout.write(text);
    },
  });

const commands = [
  addStdio,
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
for (const add of commands) add(program);

program.addHelpText(
  'after',
  `
Begin here:
  $ ${product.name} demo                            see what it does, without any account
  $ ${product.name} call list_users --sandbox       one call against the built-in sandbox account
  $ ${product.name} actions --scopes-for get_user   which OAuth scopes a secret has to be bound to
  $ ${product.name} init                            link an account and set up your MCP client
  $ ${product.name} doctor                          check the configuration of a real account

Exit codes:
${exitCodeHelp()}`,
);

let running: Command | undefined;
program.hook('preAction', (_program, command) => {
  running = command;
});

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = reportFailure(error, { json: running?.opts().json === true });
}
