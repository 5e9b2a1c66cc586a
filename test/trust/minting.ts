/**
 * A server whose user approves everything, for calls that make secrets: what it logged, where a value has got to, and a
 * program of the operator's that takes secrets, well or badly.
 */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { v20 } from '../end-to-end/account.js';
import { call, connect, type ToolAnswer, temporaryHome } from '../mcp/server-process.js';
import { approves, type Question, type World } from './world.js';

export interface Minter {
  readonly pid: number;
  readonly asked: Question[];
  call(name: string, args: Record<string, unknown>): Promise<ToolAnswer>;
  /** All it wrote to its log, which has everything. */
  log(): string;
  close(): Promise<void>;
}

export async function minter({ settings, home }: World): Promise<Minter> {
  const asked: Question[] = [];
  const { client, pid, stderr } = await connect({
    settings,
    home,
    flags: ['--log-level', 'debug'],
    client: { capabilities: { elicitation: {} } },
    prepare: (made) =>
      made.setRequestHandler('elicitation/create', async ({ params }) => {
        asked.push(params as unknown as Question);
        return { ...(await approves(params as unknown as Question)) };
      }),
  });
  return {
    pid,
    asked,
    call: (name, args) => call(client, `databricks_${name}`, args),
    log: stderr,
    close: () => client.close(),
  };
}

/** A service principal that has a free place for secrets, as the arguments of a call that makes one. */
export async function forPrincipal({ account }: World) {
  const { id, applicationId } = await account.scim('ServicePrincipals', 'airflow-prod');
  const path = `${v20}/servicePrincipals/${id}/credentials/secrets`;
  const ids = async () => (await account.all(path, 'secrets')).map((secret) => String(secret.id));
  return { args: { service_principal_id: String(id), scopes: ['sql'] }, applicationId: String(applicationId), ids };
}

export const app = { name: 'reports', redirect_urls: ['https://reports.example/cb'], confidential: true };

/** Everything below the folder as one text, but for files that are meant to hold secrets. */
export function contentOf(folder: string, but: readonly string[] = []): string {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((entry) => join(entry.parentPath, entry.name)).filter((path) => !but.includes(path));
  return paths.map((path) => `${path}\n${readFileSync(path, 'utf8')}`).join('\n');
}

/** The value is known to nobody but those it is meant for: not in the answer, the log, or any other file of this home. */
export function checkNowhere(
  value: string,
  answer: ToolAnswer,
  from: Minter,
  { home }: World,
  but: string[] = [],
): void {
  assert.ok(value.length > 20);
  const hex = Buffer.from(value).toString('hex');
  const base64 = Buffer.from(value).toString('base64').replace(/=*$/, '');
  for (const form of [value, hex, base64]) {
    assert.ok(!answer.text.includes(form) && !JSON.stringify(answer.json).includes(form), 'in the answer');
    assert.ok(!from.log().includes(form), 'in the log');
    assert.ok(!JSON.stringify(from.asked).includes(form), 'in the question');
    assert.ok(!contentOf(home, but).includes(form), 'in a file');
  }
}

/** Waits for what comes by itself, for as long as a busy machine may take. */
export async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds(); tries += 1) {
    assert.ok(tries < 1_000, 'it did not come');
    await wait(20);
  }
}

export interface Run {
  readonly argv: string[];
  readonly env: Record<string, string>;
  readonly stdin: string;
  readonly pid: number;
}

/** The operator's program: notes each run, then does what `body` says; `isProbe` is known there. */
export function storeProgram(body = ''): { settings: Record<string, string>; command: string[]; runs(): Run[] } {
  const folder = temporaryHome();
  const script = join(folder, 'store.cjs');
  const notes = join(folder, 'runs.jsonl');
  writeFileSync(
    script,
    `const { appendFileSync, readFileSync } = require('node:fs');
    const isProbe = process.env.DATABRICKS_MCP_SECRET_PROBE === '1';
    const run = { argv: process.argv.slice(2), env: process.env, stdin: readFileSync(0, 'utf8'), pid: process.pid };
    appendFileSync(${JSON.stringify(notes)}, JSON.stringify(run) + '\\n');
    ${body}`,
  );
  const command = [process.execPath, script, '--into', 'a vault'];
  return {
    command,
    settings: { DATABRICKS_MCP_SECRET_COMMAND: JSON.stringify(command) },
    runs: () =>
      existsSync(notes)
        ? // Behind the last line break there is a note that is still being written.
          readFileSync(notes, 'utf8')
            .split('\n')
            .slice(0, -1)
            .map((line) => JSON.parse(line))
        : [],
  };
}
