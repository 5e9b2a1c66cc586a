#!/usr/bin/env node
/** The program: reads the command line and runs one command. Commands live beside this file, one each. */
// First: stdout has to be claimed before any other module is loaded.
import './claim.js';
import process from 'node:process';
import { styleText } from 'node:util';
import { Command } from 'commander';
import { createRedactor } from '../core/redact.js';
import { product } from '../version.js';
import { serves } from './claim.js';
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

let areAllThere = false;

/** Clients start this program over and over to serve, and need none of the other commands for it. */
async function addOthers(): Promise<void> {
  if (areAllThere) return;
  areAllThere = true;
  const { addCommands, helpText } = await import('./commands.js');
  addCommands(program);
  program.addHelpText('after', helpText());
}

addStdio(program, addOthers);
if (!serves) await addOthers();

let running: Command | undefined;
program.hook('preAction', (_program, command) => {
  running = command;
});

try {
  await program.parseAsync();
} catch (error) {
  const { reportFailure } = await import('./failure.js');
  process.exitCode = reportFailure(error, { json: running?.opts().json === true });
}
