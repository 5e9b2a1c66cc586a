/** Configuration files of each client as people have them: other servers, remarks, tabs, CRLF, one line, a mark. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { clientOf } from '../../src/clients/catalogue.js';
import type { ServerEntry } from '../../src/clients/server-entry.js';

const folder = join(import.meta.dirname, '..', '..', '..', 'test', 'clients', 'samples');
export const sample = (file: string): string => readFileSync(join(folder, file), 'utf8');

export const samples: readonly { readonly file: string; readonly client: string }[] = [
  { file: 'claude-desktop.json', client: 'claude-desktop' },
  { file: 'claude-desktop-windows.json', client: 'claude-desktop' },
  { file: 'claude-code-user.json', client: 'claude-code' },
  { file: 'claude-code-project.json', client: 'claude-code' },
  { file: 'cursor.json', client: 'cursor' },
  { file: 'vscode-user.json', client: 'vscode' },
  { file: 'vscode-workspace.json', client: 'vscode' },
  { file: 'windsurf.json', client: 'windsurf' },
  { file: 'gemini-cli.json', client: 'gemini-cli' },
  { file: 'codex.toml', client: 'codex' },
  { file: 'codex-windows.toml', client: 'codex' },
];

export const client = (id: string) => {
  const found = clientOf(id);
  if (found === undefined) throw new Error(`There is no client ${id}.`);
  return found;
};

export const main = '/opt/databricks-actions-mcp/dist/src/cli/main.js';
export const local: ServerEntry = {
  kind: 'stdio',
  command: '/usr/bin/node',
  args: [main, '--profile', 'prod'],
};
export const remote: ServerEntry = {
  kind: 'http',
  url: 'https://mcp.example.com/mcp',
  token: { variable: 'DBX_TOKEN' },
};
