/**
 * The MCP clients: which files each reads, and how a server is written there. Each fact names where it was read,
 * in November 2026. Data and pure functions.
 */
import { posix, win32 } from 'node:path';
import type { ClientId } from './client-ids.js';
import { bearer, httpFields, type Reference, remoteNeedsConnector, stdioFields } from './fields.js';
import type { Input } from './json-edit.js';
import type { ServerEntry } from './server-entry.js';
import { tomlBlock } from './toml-edit.js';

type Env = Readonly<Record<string, string | undefined>>;

export interface ConfigFile {
  readonly path: string;
  /** For all projects of the user, or for one. */
  readonly of: 'user' | 'project';
  /** A file or folder that is there where the client is, besides the file itself. */
  readonly sign: string;
}

export interface Client {
  readonly id: ClientId;
  readonly title: string;
  readonly format: 'json' | 'toml';
  /** The property or table that holds all servers. */
  readonly key: string;
  /** Of several files of the same reach the first counts whose sign is there, else the last. */
  files(env: Env, platform: NodeJS.Platform, home: string, folder: string): readonly ConfigFile[];
  /** The entry as the client takes it; undefined where it has no form for it. */
  fields(name: string, entry: ServerEntry): Readonly<Record<string, unknown>> | undefined;
  /** What the client asks its user for. */
  input?(name: string, entry: ServerEntry): Input | undefined;
  /** Where the file has no form for servers that run elsewhere: what to do instead. */
  remoteElsewhere?(url: string): string;
  /** Ready to paste into an empty file. */
  block(name: string, entry: ServerEntry): string;
  /** What makes the client read it. */
  readonly afterwards: string;
}

type Facts = Omit<Client, 'block' | 'format' | 'key'> & Partial<Pick<Client, 'format' | 'key'>>;

function client(facts: Facts): Client {
  const { format = 'json', key = 'mcpServers' } = facts;
  return {
    ...facts,
    format,
    key,
    block(name, entry) {
      const value = facts.fields(name, entry);
      if (value === undefined) return entry.kind === 'http' ? (facts.remoteElsewhere?.(entry.url) ?? '') : '';
      if (format === 'toml') return tomlBlock({ key, name, value });
      const input = facts.input?.(name, entry);
      return JSON.stringify({ ...(input && { inputs: [input] }), [key]: { [name]: value } }, undefined, 2);
    },
  };
}

const pathsOf = (platform: NodeJS.Platform) => (platform === 'win32' ? win32 : posix);

/** Where Electron keeps what belongs to an application: https://www.electronjs.org/docs/latest/api/app#appgetpathname */
function applicationData(env: Env, platform: NodeJS.Platform, home: string): string {
  if (platform === 'win32') return env.APPDATA || win32.join(home, 'AppData', 'Roaming');
  if (platform === 'darwin') return posix.join(home, 'Library', 'Application Support');
  return env.XDG_CONFIG_HOME || posix.join(home, '.config');
}

const inBraces: Reference = (name) => `\${${name}}`;
const ofEnv: Reference = (name) => `\${env:${name}}`;

/** A file in the home and one of the same name in the project. */
const inHomeAndProject =
  (directory: string, file: string): Client['files'] =>
  (_env, platform, home, folder) => {
    const { join } = pathsOf(platform);
    return [
      { path: join(home, directory, file), of: 'user', sign: join(home, directory) },
      { path: join(folder, directory, file), of: 'project', sign: join(folder, directory) },
    ];
  };

export const clients: readonly Client[] = [
  client({
    id: 'claude-desktop',
    title: 'Claude Desktop',
    // macOS and Windows: https://modelcontextprotocol.io/docs/develop/connect-local-servers
    // Installed as an MSIX package, Windows gives it a folder of its own instead of %APPDATA%; the suffix is made of the
    // publisher's name: https://github.com/anthropics/claude-code/issues/26073
    files(env, platform, home) {
      const file = 'claude_desktop_config.json';
      const { join } = pathsOf(platform);
      const folder = join(applicationData(env, platform, home), 'Claude');
      const usual: ConfigFile = { path: join(folder, file), of: 'user', sign: folder };
      if (platform !== 'win32') return [usual];
      const local = env.LOCALAPPDATA || win32.join(home, 'AppData', 'Local');
      const sign = win32.join(local, 'Packages', 'Claude_pzs8sxrjxfjjc');
      return [{ path: win32.join(sign, 'LocalCache', 'Roaming', 'Claude', file), of: 'user', sign }, usual];
    },
    fields: (_name, entry) => (entry.kind === 'stdio' ? stdioFields(entry) : undefined),
    remoteElsewhere: remoteNeedsConnector,
    afterwards: 'Quit Claude Desktop and open it again.',
  }),
  client({
    id: 'claude-code',
    title: 'Claude Code',
    // Scopes, fields and `${VAR}` in them: https://code.claude.com/docs/en/mcp
    // CLAUDE_CONFIG_DIR moves the user's file: https://github.com/anthropics/claude-code/issues/48448
    files(env, platform, home, folder) {
      const { join } = pathsOf(platform);
      return [
        {
          path: join(env.CLAUDE_CONFIG_DIR || home, '.claude.json'),
          of: 'user',
          sign: env.CLAUDE_CONFIG_DIR || join(home, '.claude'),
        },
        { path: join(folder, '.mcp.json'), of: 'project', sign: join(folder, '.claude') },
      ];
    },
    fields: (_name, entry) =>
      entry.kind === 'stdio'
        ? { type: 'stdio', ...stdioFields(entry, inBraces) }
        : { type: 'http', ...httpFields('url', entry, inBraces) },
    afterwards: 'Start a new session of Claude Code; /mcp shows the server. It asks once about servers of a project.',
  }),
  client({
    id: 'cursor',
    title: 'Cursor',
    // Files, fields and `${env:NAME}`: https://cursor.com/docs/mcp
    files: inHomeAndProject('.cursor', 'mcp.json'),
    fields: (_name, entry) =>
      entry.kind === 'stdio' ? { type: 'stdio', ...stdioFields(entry, ofEnv) } : httpFields('url', entry, ofEnv),
    afterwards: 'Switch the server on in Cursor, under Settings → MCP.',
  }),
  client({
    id: 'vscode',
    title: 'VS Code',
    key: 'servers',
    // Form and inputs: https://code.visualstudio.com/docs/agents/reference/mcp-configuration
    // The user's folder: https://code.visualstudio.com/docs/configure/settings#_user-settings
    // Variables of the environment are not put into headers: https://github.com/microsoft/vscode/issues/336232
    files(env, platform, home, folder) {
      const { join } = pathsOf(platform);
      const user = join(applicationData(env, platform, home), 'Code', 'User');
      return [
        { path: join(user, 'mcp.json'), of: 'user', sign: user },
        { path: join(folder, '.vscode', 'mcp.json'), of: 'project', sign: join(folder, '.vscode') },
      ];
    },
    fields: (name, entry) =>
      entry.kind === 'stdio'
        ? { type: 'stdio', ...stdioFields(entry, ofEnv) }
        : { type: 'http', ...httpFields('url', entry, () => `\${input:${name}-token}`) },
    input: (name, entry) =>
      entry.kind === 'http' && entry.token !== undefined && 'variable' in entry.token
        ? { type: 'promptString', id: `${name}-token`, description: `Token for the MCP server ${name}`, password: true }
        : undefined,
    afterwards: 'Run "MCP: List Servers" in VS Code and start the server.',
  }),
  client({
    id: 'windsurf',
    title: 'Windsurf',
    // File, `serverUrl` and `${env:NAME}`: https://docs.windsurf.com/windsurf/cascade/mcp
    files: (_env, platform, home) => {
      const { join } = pathsOf(platform);
      const folder = join(home, '.codeium', 'windsurf');
      return [{ path: join(folder, 'mcp_config.json'), of: 'user', sign: folder }];
    },
    fields: (_name, entry) =>
      entry.kind === 'stdio' ? stdioFields(entry, ofEnv) : httpFields('serverUrl', entry, ofEnv),
    afterwards: 'Press the refresh button of the MCP servers in Cascade.',
  }),
  client({
    id: 'codex',
    title: 'Codex',
    format: 'toml',
    key: 'mcp_servers',
    // Tables and fields: https://developers.openai.com/codex/mcp; a token in the file is only taken as a header:
    // https://github.com/openai/codex/blob/main/codex-rs/config/src/mcp_types.rs
    files(env, platform, home, folder) {
      const { join } = pathsOf(platform);
      const user = env.CODEX_HOME || join(home, '.codex');
      const project = join(folder, '.codex');
      return [
        { path: join(user, 'config.toml'), of: 'user', sign: user },
        { path: join(project, 'config.toml'), of: 'project', sign: project },
      ];
    },
    fields(_name, entry) {
      if (entry.kind === 'stdio')
        return { ...stdioFields(entry), ...(entry.handOn && { env_vars: [...entry.handOn] }) };
      const { url, token } = entry;
      if (token === undefined) return { url };
      return 'variable' in token
        ? { url, bearer_token_env_var: token.variable }
        : { url, http_headers: { Authorization: bearer(token.value) } };
    },
    afterwards: 'Start a new session of Codex; /mcp shows the server.',
  }),
  client({
    id: 'gemini-cli',
    title: 'Gemini CLI',
    // `httpUrl` is Streamable HTTP, `url` the older SSE: https://geminicli.com/docs/tools/mcp-server
    // `${VAR}` in any string of the file: https://geminicli.com/docs/cli/configuration
    files: inHomeAndProject('.gemini', 'settings.json'),
    fields: (_name, entry) =>
      entry.kind === 'stdio' ? stdioFields(entry, inBraces) : httpFields('httpUrl', entry, inBraces),
    afterwards: 'Start Gemini CLI again; /mcp shows the server.',
  }),
  client({
    id: 'generic',
    title: 'Another client',
    files: () => [],
    fields: (_name, entry) =>
      entry.kind === 'stdio'
        ? stdioFields(entry)
        : { type: 'http', ...httpFields('url', entry, (name) => `<the token that is in ${name}>`) },
    afterwards: 'Put it where the client has its MCP servers.',
  }),
];

/** By the id. */
export const clientOf = (id: string): Client | undefined => clients.find((each) => each.id === id);
