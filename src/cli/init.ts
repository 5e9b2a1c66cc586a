/** `init`: from an account to a client that has it. What it does is loaded when it is asked for: servers start without it. */
import type { Command } from 'commander';
import { product } from '../version.js';
import { type InitFlags, withInitOptions } from './init/flags.js';

export function addInit(program: Command): void {
  withInitOptions(program.command('init').description('link an account and have your MCP client use it, step by step'))
    .addHelpText(
      'after',
      `
In a terminal it asks for what is not said; elsewhere it says which flags are missing. Files of clients
are shown before they are changed, with a backup beside them. A secret never goes into them unasked.

Examples:
  $ ${product.name} init
  $ ${product.name} init --sandbox --client cursor
  $ ${product.name} init --remote https://mcp.example.com/mcp --token-env DBX_TOKEN --client claude-code
  $ ${product.name} init --cloud aws --account-id … --client-id … --client-secret-file secret.txt \\
      --actions list_users,area:groups --client claude-code,vscode --yes
  $ ${product.name} init --print --profile prod --client codex
  $ ${product.name} init --remove --profile prod`,
    )
    .action(async (flags: InitFlags) => {
      const { runInit } = await import('./init/run.js');
      await runInit(flags);
    });
}
