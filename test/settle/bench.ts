/** A sandbox account and the whole application in front of it, in this process; nobody is asked. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answerOf, answerOfFailure } from '../../src/answers.js';
import { createApp } from '../../src/app.js';
import { ActionError } from '../../src/core/errors.js';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.js';
import { actions } from '../../tools/index.js';
import { unasked } from '../mcp/unasked.js';

export interface Answer {
  outcome?: string;
  // biome-ignore lint/suspicious/noExplicitAny: what Databricks answers differs per action.
  data?: any;
  note?: string;
  error?: {
    kind: string;
    message: string;
    code?: string;
    retryable: boolean;
    sent_at?: string;
    existing?: Record<string, string>;
    check?: { tool: string; arguments: unknown };
    next: string;
  };
}

export interface Bench {
  readonly sandbox: Sandbox;
  /** Where the application keeps its files. */
  readonly directory: string;
  call(id: string, args: unknown, signal?: AbortSignal): Promise<Answer>;
  /** The first item of a list. */
  first(id: string, args?: unknown): Promise<Record<string, string>>;
  /** Back to the seed, no faults, no memory. */
  reset(): Promise<void>;
  idle(): Promise<void>;
  close(): Promise<void>;
}

/** `settings`: what the operator sets besides. */
export async function createBench(settings: Readonly<Record<string, string>> = {}): Promise<Bench> {
  const sandbox = await startSandbox();
  const directory = mkdtempSync(join(tmpdir(), 'settle-'));
  const { url, accountId, clientId, clientSecret } = sandbox;
  const start = () =>
    createApp({
      flags: {},
      env: {
        ...unasked(directory),
        HOME: directory,
        DATABRICKS_HOST: url,
        DATABRICKS_ACCOUNT_ID: accountId,
        DATABRICKS_CLIENT_ID: clientId,
        DATABRICKS_CLIENT_SECRET: clientSecret,
        ...settings,
      },
      stateDirectory: directory,
      logLevel: 'silent',
    });
  let app = await start();
  const call = async (id: string, args: unknown, signal?: AbortSignal): Promise<Answer> => {
    const action = actions.find((each) => each.id === `databricks_${id}`);
    if (action === undefined) throw new Error(`no action ${id}`);
    try {
      return answerOf(await app.executor.execute(action, args, signal === undefined ? {} : { signal }), accountId);
    } catch (error) {
      if (error instanceof ActionError) return answerOfFailure(error.failure, action, accountId) as unknown as Answer;
      throw error;
    }
  };
  return {
    sandbox,
    directory,
    call,
    first: async (id, args = {}) => (await call(id, args)).data[0],
    // With a new application too: after a reset the sandbox gives out the same ids again, as no real account does.
    async reset() {
      await app.close();
      app = await start();
      sandbox.reset();
      sandbox.clearRequests();
    },
    idle: () => app.executor.idle(),
    async close() {
      await app.close();
      await sandbox.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
