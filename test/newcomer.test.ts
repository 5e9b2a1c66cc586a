/**
 * The newcomer's path, word for word as README has it: what stands between its marks is run here, and the client's
 * configuration it leaves is started by real MCP clients. Whoever changes README changes this test.
 */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as TransportV1 } from '@modelcontextprotocol/sdk/client/stdio.js';
import { run } from './cli/program.js';
import { environment, program, temporaryHome } from './mcp/server-process.js';
import { noTerminal, Terminal } from './trust/pty.js';

const root = join(import.meta.dirname, '..', '..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');

/** The lines of the block between these marks. */
function commands(mark: string): string[] {
  const block = new RegExp(`<!-- ${mark}:start -->\n\`\`\`sh\n([\\s\\S]*?)\n\`\`\`\n<!-- ${mark}:end -->`).exec(
    readme,
  )?.[1];
  assert.ok(block !== undefined, `README has no block ${mark}`);
  return block.split('\n');
}

/** What follows the program in a command of README. */
function words(command: string | undefined): string[] {
  const [node, file = '', ...rest] = (command ?? '').split(' ');
  assert.equal(node, 'node');
  assert.equal(join(root, file), program);
  return rest;
}

interface Entry {
  readonly command: string;
  readonly args: string[];
}

function written(home: string): Entry {
  const { mcpServers } = JSON.parse(readFileSync(join(home, '.cursor', 'mcp.json'), 'utf8')) as {
    mcpServers: Record<string, Entry>;
  };
  const [entry, ...others] = Object.values(mcpServers);
  assert.ok(entry !== undefined && others.length === 0);
  return entry;
}

type Answer = { readonly isError?: boolean; readonly structuredContent?: unknown };

/** Starts the entry as it stands, with clients of both SDK generations, and calls a tool. */
async function tryIt({ command, args }: Entry, home: string): Promise<void> {
  const started = { command, args, env: environment(home), cwd: home, stderr: 'ignore' as const };
  const modern = new Client({ name: 'newcomer', version: '1' });
  await modern.connect(new StdioClientTransport(started));
  const old = new ClientV1({ name: 'newcomer', version: '1' });
  await old.connect(new TransportV1(started));
  try {
    for (const client of [modern, old]) {
      const call = { name: 'databricks_list_users', arguments: {} };
      const { isError, structuredContent } = (await client.callTool(call)) as Answer;
      assert.notEqual(isError, true);
      assert.match(JSON.stringify(structuredContent), /"marta\.ruiz@/);
    }
  } finally {
    await modern.close();
    await old.close();
  }
}

function homeWithCursor(): string {
  const home = temporaryHome();
  mkdirSync(join(home, '.cursor'));
  return home;
}

test('installing builds the program that README starts', () => {
  const [install] = commands('newcomer');
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  assert.equal(install, 'npm ci');
  assert.equal(scripts.prepare, 'npm run build');
  assert.ok(existsSync(program));
});

test(
  'the two commands lead a person from nothing to a client that calls a tool',
  noTerminal ? { skip: noTerminal } : {},
  async () => {
    const [, init, ...rest] = commands('newcomer');
    assert.deepEqual(rest, []);
    const home = homeWithCursor();
    const terminal = new Terminal(words(init), home);
    await terminal.until('Which shall have it (numbers such as 1 3; empty for none): ');
    terminal.type('1');
    await terminal.until('Write it? Type yes or no: ');
    terminal.type('yes');
    assert.equal(await terminal.ended, 0, terminal.screen);
    await tryIt(written(home), home);
  },
);

test('the command without questions does the same', async () => {
  const [command, ...rest] = commands('newcomer:alone');
  assert.deepEqual(rest, []);
  const home = homeWithCursor();
  const ended = await run(words(command), environment(home));
  assert.equal(ended.code, 0, ended.stderr);
  await tryIt(written(home), home);
});
