/**
 * A sandbox account to look at and to write to, for tests of impacts: the write itself and the call that undoes it go
 * through the arguments a caller would give.
 */
import assert from 'node:assert/strict';
import { parseInput } from '../../src/core/input.js';
import { buildRequest } from '../../src/core/wire.js';
import { isWords } from '../../src/guard/wording.js';
import { type SandboxOptions, startSandbox } from '../../src/sandbox/index.js';
import type { Arguments, HttpAction, Impact } from '../../tools/action.js';
import { actions } from '../../tools/index.js';
import { Account, type Body, signIn } from '../end-to-end/account.js';
import { impactOf, type LookSettings, lookAt } from './look.js';

export interface Bench {
  readonly account: Account;
  /** The impact of a call. Asserts that looking changed nothing. */
  impact(action: HttpAction, args: Arguments, settings?: LookSettings): Promise<Impact>;
  /** Carries a write out and gives back what the account answered. */
  write(action: HttpAction, args: Arguments): Promise<Body>;
  /** Carries out the call that an impact names as its undo. */
  undo(impact: Impact): Promise<void>;
  /** One part of the account's state, as the sandbox holds it, by id. */
  state(part: string): Record<string, Body>;
}

/** Runs a test on a fresh account that ends with it. */
export async function withBench(run: (bench: Bench) => Promise<void>, options: SandboxOptions = {}): Promise<void> {
  const sandbox = await startSandbox(options);
  try {
    const account = await Account.of(sandbox);
    const token = (await signIn(sandbox, sandbox.clientSecret, 'all-apis')).body.access_token;
    const write = async (action: HttpAction, args: Arguments) => {
      const wire = buildRequest(action, parseInput(action, args).input, sandbox.accountId);
      const response = await fetch(sandbox.url + wire.path, {
        method: wire.method,
        headers: { ...wire.headers, authorization: `Bearer ${token}` },
        body: wire.body ?? null,
      });
      const text = await response.text();
      assert.ok(response.ok, `${wire.method} ${wire.path}: ${text}`);
      return text === '' ? undefined : JSON.parse(text);
    };
    const bench: Bench = {
      account,
      write,
      impact: async (action, args, settings) => {
        const effects = sandbox.effects.length;
        const impact = await impactOf(await lookAt(sandbox, settings), action, args);
        assert.equal(sandbox.effects.length, effects, 'looking writes nothing');
        return impact;
      },
      undo: async ({ undo }) => {
        assert.ok(undo !== undefined, 'there is an undo');
        const action = actions.find(({ id }) => id === undo.tool);
        assert.ok(action?.kind === 'http', `${undo.tool} is an action`);
        await write(action, undo.arguments);
      },
      state: (part) => (sandbox.snapshot() as Record<string, Record<string, Body>>)[part] ?? {},
    };
    await run(bench);
  } finally {
    await sandbox.close();
  }
}

/** The facts by label. A label that comes twice would be told apart by nobody. */
export function told({ facts }: Impact): Record<string, unknown> {
  const labels = facts.map(({ label }) => label);
  assert.equal(new Set(labels).size, labels.length, `labels are unique: ${labels}`);
  return Object.fromEntries(facts.map(({ label, value }) => [label, isWords(value) ? value.words : value]));
}
