/**
 * Runs one row of the fault table: a sandbox account and the whole application in front of it, fresh for each row, so
 * that no row inherits a token, a memory of failures or a spent budget from another.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { answerOf, answerOfFailure } from '../../src/answers.js';
import { type App, createApp } from '../../src/app.js';
import { ActionError } from '../../src/core/errors.js';
import { type FaultRule, type RecordedRequest, type Sandbox, startSandbox } from '../../src/sandbox/index.js';
import { actions } from '../../tools/index.js';
import { unasked } from '../mcp/unasked.js';
import { type Ending, elsewhere, type FaultCase } from './case.js';
import { type Arguments, planOf } from './subjects.js';

export interface Answer {
  readonly outcome?: 'applied' | 'not_applied' | 'unknown';
  // biome-ignore lint/suspicious/noExplicitAny: what Databricks answers differs per action
  readonly data?: any;
  readonly note?: string;
  readonly error?: {
    readonly kind: string;
    readonly message: string;
    readonly code?: string;
    readonly retryable: boolean;
    readonly retry_after_s?: number;
    readonly sent_at?: string;
    readonly check?: { readonly tool: string; readonly arguments: unknown };
    readonly next: string;
  };
}

export interface Observed {
  readonly answer: Answer;
  readonly ends: Ending;
  readonly effects: number;
  readonly sends: number;
  /** Reads before the first write. */
  readonly looks: number;
  readonly signIns: number;
  /** Connections to the server a redirect points at. */
  readonly strays: number;
  readonly elapsed: number;
  /** Must stand in no answer. */
  readonly secret: string;
}

/** What stays out of reach is closed again when the row is over, the last one first. */
type Closing = (() => unknown)[];

export async function runCase(row: FaultCase): Promise<Observed> {
  const closing: Closing = [];
  try {
    return await observe(row, closing);
  } finally {
    await closeAll(closing);
  }
}

/** One that fails must not leave the others open: a server that still listens keeps the whole run from ending. */
async function closeAll(closing: Closing): Promise<void> {
  const failures: unknown[] = [];
  for (const close of closing.reverse()) {
    try {
      await close();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, `Not closed: ${failures.join('; ')}`);
}

async function observe(row: FaultCase, closing: Closing): Promise<Observed> {
  const plan = planOf(row.subject);
  let sandbox = await startSandbox();
  closing.push(() => sandbox.close());
  const app = await application(row, sandbox, closing);
  const call = (id: string, args: Arguments = {}) => answered(app, sandbox, id, args);
  const args = await plan.prepare(async (id, given) => (await call(id, given)).data);

  const stray = await strayListener(closing);
  sandbox.clearEffects();
  sandbox.clearRequests();
  for (const fault of row.faults ?? []) sandbox.addFault(aimed(fault, stray.origin));
  if (row.outage === 'starts late') {
    const port = Number(new URL(sandbox.url).port);
    await sandbox.close();
    const restarted = wait(60).then(async () => {
      sandbox = await startSandbox({ port });
    });
    closing.push(() => restarted);
  }

  const started = performance.now();
  const answer = await call(plan.action, args);
  const elapsed = performance.now() - started;
  const asked = (like: (method: string, path: string) => boolean) =>
    sandbox.requests.filter(({ method, path }) => like(method, path)).length;
  return {
    answer,
    ends: answer.outcome ?? (answer.error === undefined ? 'answered' : 'failed'),
    effects: sandbox.effects.length,
    sends: asked((method, path) => path.startsWith('/api/') && (method === 'GET') === (answer.outcome === undefined)),
    looks: before(sandbox.requests),
    signIns: asked((_, path) => path.startsWith('/oidc/')),
    strays: stray.connections(),
    elapsed,
    secret: sandbox.clientSecret,
  };
}

/** How many reads came before the first write. */
function before(requests: readonly RecordedRequest[]): number {
  const methods = requests.filter(({ path }) => path.startsWith('/api/')).map(({ method }) => method);
  const write = methods.findIndex((method) => method !== 'GET');
  return write === -1 ? methods.length : write;
}

async function application(row: FaultCase, sandbox: Sandbox, closing: Closing): Promise<App> {
  const directory = mkdtempSync(join(tmpdir(), 'faults-'));
  closing.push(() => rmSync(directory, { recursive: true, force: true }));
  const nowhere = 'no-such-account.invalid';
  const away = row.outage === 'unknown host';
  const app = await createApp({
    flags: away ? { allowHosts: [nowhere] } : {},
    env: {
      ...unasked(directory),
      HOME: directory,
      DATABRICKS_HOST: away ? `https://${nowhere}` : sandbox.url,
      DATABRICKS_ACCOUNT_ID: sandbox.accountId,
      DATABRICKS_CLIENT_ID: sandbox.clientId,
      DATABRICKS_CLIENT_SECRET: sandbox.clientSecret,
    },
    stateDirectory: directory,
    logLevel: 'silent',
  });
  closing.push(() => app.close());
  return app;
}

/** The answer as a client gets it. */
async function answered(app: App, { accountId }: Sandbox, id: string, args: Arguments): Promise<Answer> {
  const action = actions.find((each) => each.id === `databricks_${id}`);
  if (action === undefined) throw new Error(`There is no action ${id}.`);
  try {
    return answerOf(await app.executor.execute(action, args), accountId);
  } catch (error) {
    if (error instanceof ActionError) return answerOfFailure(error.failure, action, accountId);
    throw error;
  }
}

async function strayListener(closing: Closing) {
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => server.close());
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections: () => connections,
  };
}

const aimed = (fault: FaultRule, origin: string): FaultRule =>
  fault.location === undefined ? fault : { ...fault, location: fault.location.replace(elsewhere, origin) };
