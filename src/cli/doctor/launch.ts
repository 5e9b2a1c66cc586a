/** What exactly a client would start for an entry of its configuration, or why that cannot work. Starts nothing. */
import { existsSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import process from 'node:process';
import type { Client, ConfigFile } from '../../clients/catalogue.js';
import type { Machine } from '../../clients/find.js';
import type { StdioEntry } from '../../clients/server-entry.js';
import { abbreviateHome } from '../../core/paths.js';
import { clientEnv, filledIn, findCommand, isHiddenFromDesktop, unfilled } from './client-env.js';
import { type Finding, fail, skip, warn } from './finding.js';
import type { Program } from './talk.js';

export interface Launch {
  readonly program: Program;
  /** What may keep it from starting in the client although it starts here. */
  readonly doubt?: Finding;
}

interface Entry {
  /** Names it in a finding. */
  readonly title: string;
  readonly client: Client;
  readonly file: ConfigFile;
  readonly entry: StdioEntry;
}

const check = 'client';

/** `main`: the program file of this installation. */
export function launchOf({ title, client, file, entry }: Entry, machine: Machine, main: string): Launch | Finding {
  const { platform, home, folder } = machine;
  const fill = (text: string) => filledIn(text, machine.env);
  const [command, args] = [fill(entry.command), entry.args.map(fill)];
  const own = Object.entries(entry.env ?? {}).map(([name, value]) => [name, fill(value)] as const);
  const open = [command, ...args, ...own.map(([, value]) => value)].map(unfilled).find((text) => text !== undefined);
  if (open !== undefined) return skip(check, `${title}: not started, because only the client knows ${open}`);

  const env = clientEnv(machine.env, platform, Object.fromEntries(own));
  const found = findCommand(command, env.PATH ?? env.Path ?? '', platform, machine.env);
  if (found === undefined || !existsSync(found)) {
    return fail(check, `${title}: there is no program ${command}.`, `${wholePath(process.execPath, main)}`);
  }
  if (/\.(cmd|bat)$/i.test(found)) return skip(check, `${title}: not started, because ${found} needs a shell`);
  const script = args.find((arg) => /\.[cm]?js$/.test(arg));
  if (script !== undefined && !isAbsolute(script) && file.of === 'user') {
    const message = `${title}: ${script} is looked for in whatever folder the client starts in.`;
    return fail(check, message, wholePath(found, main));
  }
  if (script !== undefined && isAbsolute(script) && !existsSync(script)) {
    const message = `${title}: the program is no longer there: there is no file ${abbreviateHome(script, machine)}.`;
    return fail(check, message, `${wholePath(found, main)} Or take the entry out with \`init --remove\`.`);
  }
  const program = { command: found, args, env, folder: file.of === 'project' ? folder : home };
  if (!hasWindow(client) || !isHiddenFromDesktop(command, platform)) return { program };
  const message = `${title}: starts here; opened from the desktop, ${client.title} may not find ${command}`;
  return { program, doubt: warn(check, message, wholePath(found, main)) };
}

/** As `init` writes it. */
const wholePath = (command: string, main: string) =>
  `Name program and file by their whole paths, as \`init\` does: ${JSON.stringify(command)} and ${JSON.stringify(main)}.`;

/** Those that are opened from a desktop, without the PATH of a shell. */
const hasWindow = ({ id }: Client) => ['claude-desktop', 'cursor', 'vscode', 'windsurf'].includes(id);
