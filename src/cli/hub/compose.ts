/** Puts the hub together, for the `hub` command and for `http --hub`: where its files are, who may sign in. */
import { randomBytes } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { chosenFiles } from '../../clients/plan.js';
import { startsThis } from '../../clients/server-entry.js';
import { failed } from '../../core/errors.js';
import { abbreviateHome, errorCode, expandHome, octal, stateDirectory } from '../../core/paths.js';
import { shellWord } from '../../core/shell-word.js';
import { isLoopback } from '../../databricks/hosts.js';
import type { Keys } from '../../guard/keys.js';
import { createSecretShelf } from '../../guard/secret-shelf.js';
import { createIssuerHttp } from '../../http/auth/issuer-http.js';
import type { ProviderSettings } from '../../http/hub-settings.js';
import type { Pages } from '../../http/pages.js';
import { createHub, type HubParts } from '../../hub/hub.js';
import { createSignInLinks, type SignInLinks } from '../../hub/links.js';
import { createProvider } from '../../hub/provider.js';
import type { SecretParts } from '../../hub/secrets.js';
import type { UseParts } from '../../hub/use.js';
import { openAccountBook } from '../../link/accounts.js';
import { journalsIn } from '../../link/journals.js';
import { tryAccount } from '../../link/trial.js';
import { openWaiting } from '../../link/waiting.js';
import type { Log } from '../../log.js';
import type { SharedStore } from '../../store/shared.js';
import { product } from '../../version.js';
import { whoIsHere } from '../ask-person.js';
import { installation } from '../installation.js';
import { runAs } from '../options.js';

export interface HubPlaces {
  /** Folder of all accounts' files. */
  readonly state: string;
  readonly keys: Keys;
  readonly shared: SharedStore | undefined;
  /** What a command for another terminal ends with, to look where this process does. */
  readonly elsewhere: string;
  /** Scheme, host and port, as browsers reach it; known once it listens. */
  readonly base: () => string;
  /** Of `--config-file`. */
  readonly configFile: string | undefined;
  /** How clients reach MCP here for a profile, where it is served. */
  readonly remoteOf?: UseParts['remoteOf'];
  /** New secrets of the accounts served here, where they wait on the hub's pages. */
  readonly secrets?: Pick<SecretParts, 'pages' | 'onShown'> | undefined;
  readonly provider?: ProviderSettings | undefined;
  readonly log: Log;
}

export interface ComposedHub {
  readonly pages: Pages;
  readonly links: SignInLinks;
  /** What prints a link to sign in by. */
  readonly command: string;
  close(): Promise<void>;
}

export async function composeHub(places: HubPlaces): Promise<ComposedHub> {
  const { state, keys, shared, log, provider } = places;
  const links = createSignInLinks({ state, keys, date: Date.now });
  const command = `${runAs()} hub link${places.elsewhere}`;
  const http = provider && createIssuerHttp(5_000);
  const onProblem = (problem: string) => log.warn('journal', { problem });
  const pages = createHub({
    signIn: {
      links,
      owner: whoIsHere(),
      // Other machines are told nothing of this one's files; the terminal that started the server was.
      command: () => (isLoopback(new URL(places.base()).hostname) ? command : `${product.name} hub link`),
      provider:
        provider &&
        http &&
        createProvider({
          issuer: provider.issuer,
          clientId: provider.clientId,
          clientSecret: await secretOf(provider),
          operators: provider.operators,
          base: places.base,
          http,
          date: Date.now,
          key: randomBytes(32),
        }),
    },
    accounts: accountsOf(places),
    waiting: openWaiting({ state, keys, shared, channel: 'page', onProblem }),
    secrets: {
      ...places.secrets,
      shelves: [state, join(state, 'sandbox')].map((root) => createSecretShelf(join(root, 'secrets'))),
    },
    journals: () => journalsIn(state, keys),
    log,
    now: () => performance.now(),
    date: Date.now,
    random: randomBytes,
  });
  return { pages, links, command, close: async () => http?.close() };
}

/** Accounts are looked up where a server that is started here does, and clients are told so where it is no usual place. */
function accountsOf({ state, configFile: named, remoteOf }: HubPlaces): HubParts['accounts'] {
  const { env, platform } = process;
  const home = homedir();
  const chosen = named || env.DATABRICKS_CONFIG_FILE;
  const configFile = resolve(expandHome(chosen || '~/.databrickscfg', { home, platform }));
  const stateRoot = resolve(state);
  const isUsual = stateRoot === stateDirectory(env, platform, home);
  const further = [...(chosen ? ['--config-file', configFile] : []), ...(isUsual ? [] : ['--state-dir', stateRoot])];
  const word = (text: string) => shellWord(text, platform);
  return {
    book: openAccountBook({ configFile, stateRoot, env, platform, home }),
    configFile,
    env,
    tryAccount,
    entryOf: (profile, options) => startsThis(installation, ['--profile', profile, ...further, ...options]),
    remoteOf,
    initCommand: (client, profile, options) =>
      [runAs(), 'init', '--client', client, '--profile', word(profile), ...further.map(word), ...options].join(' '),
    fileOf: async ({ files }) => {
      const [file] = await chosenFiles(files(env, platform, home, home).filter(({ of }) => of === 'user'));
      return file && abbreviateHome(file.path, { home });
    },
  };
}

async function secretOf({ clientSecretFile: path }: ProviderSettings): Promise<string | undefined> {
  if (path === undefined) return undefined;
  const unusable = (why: string) =>
    failed('configuration', `The file of --hub-client-secret-file, ${path}, ${why}.`, {
      next: 'Put the secret of the hub at the identity provider there, mode 0600.',
    });
  try {
    const { mode } = await stat(path);
    const isOpen = process.platform !== 'win32' && (mode & 0o077) !== 0;
    if (isOpen) throw unusable(`has mode ${octal(mode)}: others than its owner can get at it`);
    const secret = (await readFile(path, 'utf8')).trim();
    if (secret === '') throw unusable('is empty');
    return secret;
  } catch (error) {
    if (error instanceof Error && 'code' in error) throw unusable(`cannot be read (${errorCode(error)})`);
    throw error;
  }
}
