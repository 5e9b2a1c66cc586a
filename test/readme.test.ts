/** README tells what the code says: the action table is generated, and the example configuration starts. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { test } from 'node:test';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { clientOf, clients } from '../src/clients/catalogue.js';
import { startsThis } from '../src/clients/server-entry.js';
import { usualFile } from '../src/clients/usual-file.js';
import type { Action } from '../tools/action.js';
import { areas } from '../tools/index.js';

const root = join(import.meta.dirname, '..', '..');
const readme = join(root, 'README.md');
const between = /(<!-- actions:start -->\n)[\s\S]*?(<!-- actions:end -->)/;

function table(): string {
  const row = (action: Action) =>
    `| \`${action.id}\` | ${action.scopes.map((scope) => `\`${scope}\``).join(' or ')} | ${action.risk} | ${clouds(action)} |`;
  return areas
    .map(({ title, actions }) =>
      [`### ${title}`, '', '| Tool | Scope | Risk | Clouds |', '|---|---|---|---|', ...actions.map(row), ''].join('\n'),
    )
    .join('\n');
}

const clouds = ({ clouds: on }: Action) => (on.length === 3 ? 'all' : on.join(', '));

test('the action table in README is what the catalogue says', () => {
  const text = readFileSync(readme, 'utf8');
  const generated = text.replace(between, (_, start: string, end: string) => `${start}${table()}${end}`);
  if (process.env.UPDATE_SNAPSHOTS === '1') writeFileSync(readme, generated);
  else assert.equal(text, generated, 'run UPDATE_SNAPSHOTS=1 npm test');
});

test('mcp.config.example.json has the entries that init writes, with paths relative to this folder', () => {
  const entry = (...args: string[]) =>
    clientOf('generic')?.fields('dbx', startsThis({ node: 'node', main: 'dist/src/cli/main.js' }, args));
  assert.deepEqual(JSON.parse(readFileSync(join(root, 'mcp.config.example.json'), 'utf8')), {
    mcpServers: { 'dbx-sandbox': entry('--sandbox'), dbx: entry('--profile', 'dbx') },
  });
});

test('the clients in README are those init knows, with their files', () => {
  const text = readFileSync(readme, 'utf8');
  for (const { id, title, files } of clients.filter((each) => each.id !== 'generic')) {
    const row = text.split('\n').find((line) => line.startsWith('|') && line.includes(`| \`${id}\` |`)) ?? '';
    assert.ok(row.startsWith(`| ${title} |`), id);
    const [user, project] = files({}, 'linux', '~', '.').map(({ path }) => path);
    const [, , , inHome = '', inProject = ''] = row.split('|').map((cell) => cell.replaceAll('`', '').trim());
    const usual = usualFile({ files }) ?? '';
    assert.ok(usual !== '' && inHome.startsWith(usual), `${id}: ${usual}`);
    assert.ok(user === inHome || /user profile|claude_desktop_config/.test(inHome), `${id}: ${user}`);
    assert.equal(inProject, project?.replace(/^\.\//, '') ?? '–', id);
  }
});

test('README names every preset with its areas', () => {
  const text = readFileSync(readme, 'utf8').replaceAll('\n', ' ');
  for (const preset of new Set(areas.flatMap(({ presets = [] }) => presets))) {
    const members = areas.filter(({ presets = [] }) => presets.includes(preset)).map(({ id }) => id);
    const line = `\`${preset}\` (${members.join(', ')})`;
    assert.ok(text.includes(line), line);
  }
});

test('the sandbox entry of mcp.config.example.json starts a server as it stands', async () => {
  const { mcpServers } = JSON.parse(readFileSync(join(root, 'mcp.config.example.json'), 'utf8')) as {
    mcpServers: Record<string, { command: string; args: string[] }>;
  };
  const entry = mcpServers['dbx-sandbox'];
  assert.ok(entry !== undefined);
  const client = new Client({ name: 'readme', version: '0' });
  await client.connect(new StdioClientTransport({ ...entry, cwd: root, stderr: 'ignore' }));
  try {
    const { tools } = await client.listTools();
    assert.equal(tools.length, areas.flatMap(({ actions }) => actions).length + 1);
  } finally {
    await client.close();
  }
});
