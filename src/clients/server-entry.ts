/** How an MCP client starts this server, or reaches one that runs, before any client's own way of writing it. Pure. */

/** A program the client starts. `env` holds what the program needs beside its arguments. */
export interface StdioEntry {
  readonly kind: 'stdio';
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Variables of the client's own environment the program needs, too: many clients hand on only a few by themselves. */
  readonly handOn?: readonly string[];
}

/** Where a caller's token comes from: a variable of the client's environment, or written into the file as it is. */
export type Token = { readonly variable: string } | { readonly value: string };

export interface HttpEntry {
  readonly kind: 'http';
  readonly url: string;
  readonly token?: Token;
}

export type ServerEntry = StdioEntry | HttpEntry;

/** This installation: the Node that runs it and its program file, both as absolute paths. */
export interface Installation {
  readonly node: string;
  readonly main: string;
}

/**
 * Node and the program file by their absolute paths, on every platform:
 * - clients with a window do not have the PATH of a shell, so a bare `node` of nvm, fnm or Homebrew is not found there;
 * - on Windows the name of a global installation is a `.cmd` file, which cannot be started without a shell
 *   (https://nodejs.org/api/child_process.html#spawning-bat-and-cmd-files-on-windows), while `node.exe` can;
 * - a link in a `bin` folder moves with the version manager; the file it leads to is what was tried just now.
 */
export const startsThis = (
  { node, main }: Installation,
  args: readonly string[],
  env?: StdioEntry['env'],
): StdioEntry => ({
  kind: 'stdio',
  command: node,
  args: [main, ...args],
  ...(env !== undefined && Object.keys(env).length > 0 && { env }),
});

/** The profile an account is stored as unless somebody says otherwise. */
export const usualProfile = 'dbx';

/** What a client calls the server of a profile; short, because many join it with the tool's name. */
export const serverName = (profile: string): string =>
  profile === usualProfile ? 'dbx' : `dbx-${profile.replace(/[^\w-]/g, '-')}`.slice(0, 32);

const program = 'databricks-actions-mcp';

/** Whether an entry starts this program, from whichever folder, or points to one of the addresses. */
export function isOurs(entry: ServerEntry, main: string, addresses: readonly string[] = []): boolean {
  if (entry.kind === 'http') return addresses.some((address) => sameAddress(address, entry.url));
  return [entry.command, ...entry.args].some((word) => isProgram(word, main));
}

/** A word of a command that is this program, by whichever name. */
export function isProgram(word: string, main: string): boolean {
  const path = word.replaceAll('\\', '/');
  if (path === main.replaceAll('\\', '/')) return true;
  const parts = path.toLowerCase().split('/');
  const last = parts.at(-1) ?? '';
  return last.replace(/(\.cmd|\.ps1|@[\w.-]+)$/, '') === program || (last === 'main.js' && parts.includes(program));
}

function sameAddress(one: string, other: string): boolean {
  const plain = (text: string) => (URL.canParse(text) ? new URL(text).href.replace(/\/$/, '') : text);
  return plain(one) === plain(other);
}

/** Reads an entry as clients write it; undefined for what is none. `url` has three names. */
export function readEntry(value: unknown): ServerEntry | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { command, args, env, url, serverUrl, httpUrl } = value as Record<string, unknown>;
  const address = [httpUrl, serverUrl, url].find((each) => typeof each === 'string');
  if (typeof command !== 'string') return typeof address === 'string' ? { kind: 'http', url: address } : undefined;
  const words = Array.isArray(args) ? args.filter((word) => typeof word === 'string') : [];
  const variables = Object.entries(typeof env === 'object' && env !== null ? env : {}).filter(
    (pair): pair is [string, string] => typeof pair[1] === 'string',
  );
  return {
    kind: 'stdio',
    command,
    args: words,
    ...(variables.length > 0 && { env: Object.fromEntries(variables) }),
  };
}
