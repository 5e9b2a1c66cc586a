/** `stdio`: serve MCP to the client that started this process. The default command. */
import process from 'node:process';
import type { Command } from 'commander';
import type { App, AppOptions } from '../app.js';
import { similar } from '../core/similar.js';
import { type StdioFront, serveOverStdio } from '../mcp/stdio.js';
import { prepare, type Start } from '../start.js';
import { appOptions, withAccountOptions } from './options.js';
import { note } from './terminal.js';
import { showsSearch, toolsOption } from './tools-option.js';

/** `addOthers`: the other commands, which are loaded when somebody may have meant one of them. */
export function addStdio(program: Command, addOthers: () => Promise<void>): void {
  withAccountOptions(
    program
      .command('stdio', { isDefault: true })
      .description('serve MCP over stdin and stdout (the default)')
      // Being the default, this command is also handed every word that is no command: see `refuseWords`.
      .allowExcessArguments()
      .addOption(toolsOption()),
  ).action(async (_options, command: Command) => {
    if (command.args.length > 0) {
      await addOthers();
      refuseWords(program, command);
    }
    const search = showsSearch(command);
    const options = { ...appOptions(command), telemetry: true };
    const start = await prepare(options);
    const front = frontOf(options, start);
    if (start.opensMore) await front.app();
    for (const { setting, message, fix } of start.configuration.problems) {
      start.log.warn('configuration', { setting, message, fix });
    }
    if (process.stdin.isTTY) {
      note('Waiting for an MCP client on stdin. This command is started by clients; see --help.');
    }
    await serveOverStdio(front, search);
  });
}

/** Clients start many servers and call few: the app is loaded when it is needed. */
function frontOf(options: AppOptions, start: Start): StdioFront {
  let opening: Promise<App> | undefined;
  return {
    ...start,
    sandbox: start.sandbox !== undefined,
    app() {
      opening ??= import('../app.js').then(({ openApp }) => openApp(options, start));
      return opening;
    },
    close: async () => (await opening?.catch(() => undefined))?.close(),
  };
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
