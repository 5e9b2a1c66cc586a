/** Who is measured: this server through each of its doors, and the peers. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { program } from '../budget/weigh.js';
import { accountId } from './accounts.js';
import type { Door, Message } from './doors/door.js';
import { HttpDoor } from './doors/http.js';
import { serve } from './doors/served.js';
import { SseDoor } from './doors/sse.js';
import { type Program, StdioDoor } from './doors/stdio.js';
import type { Stage } from './stage.js';

export type DoorKind = 'stdio' | 'http 2026' | 'http 2025' | 'sse';

export interface Subject {
  readonly name: string;
  readonly ours: boolean;
  readonly door: DoorKind;
  /** Starts it anew. It has not been spoken to yet. */
  open(): Promise<Door>;
}

export const titleOf = ({ name, door }: Subject): string => `${name}, ${door}`;

const us = 'this server';

/** This server over stdio with further flags; `stdio` itself has none. */
export const overStdio = (stage: Stage, flags: readonly string[] = []): StdioDoor =>
  new StdioDoor(programOf(stage, ['stdio', ...flags]));

export function ourDoors(stage: Stage): Subject[] {
  const token = 'bench-caller-token-of-enough-length-0123456789';
  const tokenFile = join(stage.folder, 'tokens.json');
  writeFileSync(
    tokenFile,
    JSON.stringify([{ name: 'bench', token, scopes: ['dbx:read', 'dbx:write', 'dbx:admin', 'dbx:secrets'] }]),
    { mode: 0o600 },
  );
  const served = () =>
    serve((port) =>
      programOf(stage, [
        ...['http', '--port', String(port), '--token-file', tokenFile],
        // The limits for one caller would be measured otherwise.
        ...['--rate', '100000', '--max-calls', '1000', '--max-connections', '1000'],
        ...['--max-connections-per-address', '1000'],
      ]),
    );
  const headers = { authorization: `Bearer ${token}` };
  const door = (door: DoorKind, open: () => Promise<Door>): Subject => ({ name: us, ours: true, door, open });
  return [
    door('stdio', async () => overStdio(stage)),
    door('http 2026', async () => new HttpDoor(await served(), '2026-07-28', { headers })),
    door('http 2025', async () => new HttpDoor(await served(), '2025-11-25', { headers })),
    door('sse', async () => new SseDoor(await served(), headers)),
  ];
}

function programOf(stage: Stage, args: readonly string[]): Program {
  return {
    command: process.execPath,
    args: [program, ...args],
    cwd: stage.folder,
    env: {
      ...stage.env,
      DATABRICKS_HOST: stage.origin,
      DATABRICKS_ACCOUNT_ID: accountId,
      DATABRICKS_CLIENT_ID: '0d1f7a52-3b7c-4c1e-8d55-6a1f3c9e2b10',
      DATABRICKS_CLIENT_SECRET: 'bench-secret',
      DATABRICKS_SCOPES: 'all-apis',
    },
  };
}

/** What a server calls the action: peers rename tools and keep the description. */
export function toolNamed(stage: Stage, tools: readonly Message[], id: string): Message | undefined {
  const description = stage.descriptions.get(id);
  return tools.find(({ name }) => name === id) ?? tools.find((tool) => tool.description === description);
}
