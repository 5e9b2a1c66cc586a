/** `hub`: the pages for people, served to this machine alone; and a link to sign in by, for whoever holds the files. */
import { homedir } from 'node:os';
import process from 'node:process';
import type { Command } from 'commander';
import { failed } from '../core/errors.js';
import { chosenStateDirectory, placeOptions } from '../core/paths.js';
import { createRedactor } from '../core/redact.js';
import { createKeys, keyFileOf } from '../guard/keys.js';
import { servedHub } from '../guard/served-hubs.js';
import { createLog } from '../log.js';
import { storeAddress, storeToTell } from '../store/address.js';
import { product } from '../version.js';
import { addExport } from './hub/export.js';
import { keyFileOption, stateDirOption, storeOption, wholeNumber } from './options.js';
import { note, print } from './terminal.js';

interface HubFlags {
  readonly port: number;
  readonly open: boolean;
  readonly configFile?: string;
  readonly stateDir?: string;
  readonly store?: string;
  readonly keyFile?: string;
}

interface LinkFlags extends Pick<HubFlags, 'stateDir' | 'keyFile'> {
  readonly url?: string;
}

export function addHub(program: Command): void {
  const hub = program
    .command('hub')
    .description('guide, linked accounts, approvals and journal as web pages, on this machine alone')
    .option('--port <n>', 'port of 127.0.0.1 to listen on; 0 takes a free one', wholeNumber(0, 65_535), 8788)
    .option('--config-file <path>', 'where accounts are linked (DATABRICKS_CONFIG_FILE, default ~/.databrickscfg)')
    .option('--no-open', 'do not open the browser')
    .option(...stateDirOption)
    .option(...storeOption)
    .option(...keyFileOption)
    .addHelpText(
      'after',
      `
A link to sign in by is printed at the start and opened in the browser; it works once, for ten
minutes. \`${product.name} http --hub\` serves the same pages beside MCP.

Examples:
  $ ${product.name} hub
  $ ${product.name} hub link              another link, for the hub that runs
  $ ${product.name} hub export guide.html the guide as a file, for whoever creates the credentials`,
    )
    .action(runHub);
  hub
    .command('link')
    .description('print a link to sign in to the hub that runs on this machine; it works once, for ten minutes')
    .option('--url <url>', 'where the hub is (default: the one that was started last)')
    .option(...stateDirOption)
    .option(...keyFileOption)
    .action(runLink);
  addExport(hub);
}

async function runHub(flags: HubFlags): Promise<void> {
  const { serveHub } = await import('./hub/serve.js');
  const { state, keys } = placesOf(flags);
  const { env, platform } = process;
  const store = storeAddress(flags.store, env);
  await serveHub({
    state,
    keys,
    store,
    configFile: flags.configFile,
    port: flags.port,
    opens: flags.open && process.stderr.isTTY === true,
    elsewhere: placeOptions(
      { stateDir: state, keyFile: keyFileOf(flags.keyFile, env), store: storeToTell(flags.store, env) },
      platform,
      homedir(),
      process.cwd(),
    ),
    log: createLog('warn', createRedactor()),
  });
}

async function runLink(flags: LinkFlags, command: Command): Promise<void> {
  const { createSignInLinks, linkTo } = await import('../hub/links.js');
  const given = { ...command.parent?.opts<HubFlags>(), ...flags };
  const { state, keys } = placesOf(given);
  const base = flags.url === undefined ? await servedHub(state) : originOf(flags.url);
  if (base === undefined) {
    throw failed('not_found', `No hub is served from the files in ${state}.`, {
      next: `Start \`${product.name} hub\`, or \`http --hub\`; or say where it is with --url.`,
    });
  }
  print(linkTo(base, await createSignInLinks({ state, keys, date: Date.now }).make()));
  note('It works once, for ten minutes.');
}

function originOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol)) return url.origin;
  throw failed('input', '--url is the address of the hub.', { next: 'Give it such as https://mcp.example.com.' });
}

function placesOf({ stateDir, keyFile }: Pick<HubFlags, 'stateDir' | 'keyFile'>) {
  const { env, platform } = process;
  const state = chosenStateDirectory(stateDir, env, platform, homedir());
  return { state, keys: createKeys(state, { file: keyFileOf(keyFile, env) }) };
}
