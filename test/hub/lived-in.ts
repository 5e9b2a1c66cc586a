/** The hub as its command serves it, beside a sandbox account in which an assistant has been at work. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import process from 'node:process';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { type Account, home, mainFile, run, start, startSandbox } from '../cli/program.js';

export interface LivedIn {
  readonly origin: string;
  /** An address that signs in, once. */
  link(): Promise<string>;
  /** What can be linked; its secret is bound to two scopes. */
  readonly account: Account;
}

export async function startLivedIn(): Promise<LivedIn> {
  const state = join(home, 'state');
  await workIn(state);
  const { account } = await startSandbox('--scopes', 'scim,billing');
  const hub = start(['hub', '--no-open', '--port', '0', '--state-dir', state]);
  const origin = await new Promise<string>((resolve, reject) => {
    let told = '';
    const listen = (part: Buffer) => {
      told += part;
      const found = told.match(/http:\/\/127\.0\.0\.1:\d+/)?.[0];
      if (found !== undefined) resolve(found);
    };
    hub.stdout?.on('data', listen);
    hub.stderr?.on('data', listen);
    hub.once('close', () => reject(new Error(`The hub has ended: ${told}`)));
  });
  return {
    origin,
    account,
    async link() {
      const { code, stdout, stderr } = await run(['hub', 'link', '--state-dir', state]);
      assert.equal(code, 0, stderr);
      return stdout.trim();
    },
  };
}

/** Writes that are journaled, and others that wait for a person. */
async function workIn(state: string): Promise<void> {
  const client = new Client({ name: 'claude-desktop', version: '1' });
  const env = { PATH: process.env.PATH ?? '', HOME: home, USERPROFILE: home };
  const args = [mainFile, '--sandbox', '--state-dir', state];
  await client.connect(new StdioClientTransport({ command: process.execPath, args, env, stderr: 'ignore' }));
  const call = async (name: string, given: Record<string, unknown> = {}) => {
    const { content } = await client.callTool({ name: `databricks_${name}`, arguments: given });
    // This client is one that is given text alone.
    const [{ text = '' } = {}] = content as { text?: string }[];
    return JSON.parse(text) as { data: Record<string, string>[] };
  };
  const list = (name: string) => call(name, { detail: 'full' });
  const [users, groups, principals, metastores] = await Promise.all([
    list('list_users'),
    list('list_groups'),
    list('list_service_principals'),
    list('list_metastores'),
  ]);
  await call('create_group', { displayName: 'Data stewards' });
  await call('create_group', { displayName: 'Data stewards' });
  await call('delete_user', { id: users.data[1]?.id });
  await call('delete_group', { id: groups.data[0]?.id });
  await call('create_service_principal_secret', { service_principal_id: principals.data[1]?.id, scopes: ['scim'] });
  await call('delete_metastore', { metastore_id: metastores.data[0]?.metastore_id });
  await client.close();
}
