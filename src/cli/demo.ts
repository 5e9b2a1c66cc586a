/** `demo`: shows in a few seconds what the product does, on the sandbox account and through a real MCP client. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import type { Client } from '@modelcontextprotocol/client';
import type { Command } from 'commander';
import { failed } from '../core/errors.js';
import { product } from '../version.js';
import { connect } from './demo/server.js';
import { askedOf, createStage } from './demo/stage.js';
import { grantAccess, meetLockOut, meetRefusal } from './demo/story.js';
import { installation } from './installation.js';
import { runAs } from './options.js';
import { print, style } from './terminal.js';

export function addDemo(program: Command): void {
  program
    .command('demo')
    .description('see what it does: a short story on the sandbox account, no account needed')
    .addHelpText('after', '\nIt takes a few seconds, touches no real account and leaves no files behind.')
    .action(runDemo);
}

async function runDemo(): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), `${product.name}-demo-`));
  const cancel = new AbortController();
  const stop = () => cancel.abort();
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    await play(home, cancel.signal);
  } catch (error) {
    throw cancel.signal.aborted ? failed('cancelled', 'The demo was cancelled.') : error;
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
    await rm(home, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function play(home: string, signal: AbortSignal): Promise<void> {
  print(
    `${style('bold', 'An administrator asks, an assistant calls tools.')}\n` +
      'The MCP server below is this program; the Databricks account is the built-in sandbox.',
  );
  const month = lastMonth(new Date());
  const scopes = 'scim provisioning access-management billing';
  const decide = (question: string) => {
    print(askedOf(question));
    return true;
  };
  const before = await withServer({ home, scopes, decide }, async (client) => {
    const { tools } = await client.listTools(undefined, { signal });
    print(`Its secret is bound to the scopes ${scopes}, which open ${tools.length} tools.`);
    const stage = createStage(client, signal);
    await grantAccess(stage, month);
    await meetLockOut(stage);
    return tools.length;
  });
  await withServer({ home, scopes: 'scim', decide }, async (client) => {
    const { tools } = await client.listTools(undefined, { signal });
    await meetRefusal(createStage(client, signal), month, tools.length, before);
  });
  // What clients read is loaded only here: the server starts faster without it.
  const { nextSteps } = await import('./demo/next-steps.js');
  print(nextSteps({ installation, program: runAs(), bold: (text) => style('bold', text) }));
}

async function withServer<T>(options: Parameters<typeof connect>[0], use: (client: Client) => Promise<T>): Promise<T> {
  const client = await connect(options);
  try {
    return await use(client);
  } finally {
    await client.close();
  }
}

const lastMonth = (now: Date) =>
  new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1)).toISOString().slice(0, 7);
