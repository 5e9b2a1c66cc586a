/** `stdio`: serve MCP to the client that started this process. The default command. */
import process from 'node:process';
import type { Command } from 'commander';
import { createApp } from '../app.js';
import { similar } from '../core/similar.js';
import { serveOverStdio } from '../mcp/stdio.js';
import { appOptions, withAccountOptions } from './options.js';
import { note } from './terminal.js';
import { showsSearch, toolsOption } from './tools-option.js';

export function addStdio(program: Command): void {
  withAccountOptions(
    program
      .command('stdio', { isDefault: true })
      .description('serve MCP over stdin and stdout (the default)')
      // Being the default, this command is also handed every word that is no command: see `refuseWords`.
      .allowExcessArguments()
      .addOption(toolsOption()),
  ).action(async (_options, command: Command) => {
    refuseWords(program, command);
    const search = showsSearch(command);
    const app = await createApp({ ...appOptions(command), telemetry: true });
    for (const { setting, message, fix } of app.configuration.problems) {
      app.log.warn('configuration', { setting, message, fix });
    }
    if (process.stdin.isTTY) {
      note('Waiting for an MCP client on stdin. This command is started by clients; see --help.');
    }
    await serveOverStdio(app, search);
  });
}

function refuseWords(program: Command, command: Command): void {
  const [word] = command.args;
  if (word === undefined) return;
  const known = program.commands.map((each) => each.name());
  if (program.args[0] === command.name()) command.error(`error: ${command.name()} takes no arguments`);
  if (known.includes(word)) program.error(`error: options go after the command: ${program.name()} ${word} …`);
  const [guess] = similar(word, known);
  const hint = guess === undefined ? '' : `\n(Did you mean ${guess}?)`;
  program.error(`error: unknown command ${JSON.stringify(word.slice(0, 60))}${hint}`);
}
