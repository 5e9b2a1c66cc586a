/**
 * The loop of the central test over HTTP: every action, called through clients of both SDK generations by both doors of
 * the program, whose user approves, reaches the account with the right request, and its answer comes back whole.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startSandbox } from '../../src/sandbox/index.js';
import { reference } from '../catalogue/reference.js';
import { Account } from '../end-to-end/account.js';
import type { Rows } from '../end-to-end/row.js';
import { rowsByScope } from '../end-to-end/rows.js';
import { runRow, type Stage } from '../end-to-end/run-row.js';
import { approval } from '../mcp/person.js';
import { environment, settingsFor, temporaryHome } from '../mcp/server-process.js';
import { raisedLimits } from '../mcp/unasked.js';
import { type Visitor, visitor } from './place.js';
import { type Served, startHttp } from './serving.js';

const clients = {
  modern: 'a client of 2026-07-28 by Streamable HTTP',
  legacy: 'a client of 2025-11-25 by Streamable HTTP',
  sse: 'the same by HTTP+SSE',
  v1: 'a client of the first SDK by Streamable HTTP',
  'v1 sse': 'a client of the first SDK by HTTP+SSE',
} as const;

type Kind = keyof typeof clients;

const { scim = {}, 'access-management': access, 'all-apis': sensitive, ...others } = rowsByScope;

/** Each with a server and an account of its own: one server puts no more than so many questions to a person. */
const parts: readonly { readonly scopes: string; readonly rows: Rows }[] = [
  { scopes: 'scim', rows: scim },
  { scopes: 'all-apis', rows: { ...access, ...sensitive } },
  { scopes: 'all-apis', rows: Object.assign({}, ...Object.values(others)) },
];

it('has every action among its parts', () => {
  const ids = parts.flatMap(({ rows }) => Object.keys(rows));
  assert.deepEqual(ids.sort(), reference.map(({ id }) => id).sort());
});

for (const [kind, title] of Object.entries(clients) as [Kind, string][]) {
  describe(title, () => {
    for (const { scopes, rows } of parts) runAll(kind, scopes, rows);
  });
}

function runAll(kind: Kind, scopes: string, rows: Rows): void {
  const names = Object.keys(rows);
  describe(`from ${names.at(0)} to ${names.at(-1)}`, () => {
    const given = serverFor(kind, scopes);

    it('is shown these actions', async () => {
      const shown = new Set(await given.visitor.names());
      assert.deepEqual(
        names.filter((name) => !shown.has(name)),
        [],
      );
      assert.equal(shown.size, 1 + (scopes === 'all-apis' ? reference.length : names.length));
    });

    for (const [action, row] of Object.entries(rows)) {
      it(action, async () => {
        for (const each of typeof row === 'function' ? [row] : row) await runRow(given, action, each);
      });
    }
  });
}

/** A fresh account, the program in front of it, and a client of this kind whose user approves; all end with their suite. */
function serverFor(kind: Kind, scopes: string) {
  const given = {} as { -readonly [Part in keyof Stage]: Stage[Part] } & { visitor: Visitor; server: Served };
  before(async () => {
    const sandbox = await startSandbox();
    given.account = await Account.of(sandbox);
    const home = temporaryHome();
    const settings = { ...settingsFor(sandbox, scopes), ...raisedLimits(home) };
    given.server = await startHttp([], environment(home, settings));
    const asked: string[] = [];
    given.visitor = await visitor(given.server, kind, {}, (question) => {
      asked.push(question.message);
      return approval(question);
    });
    // Their types differ in what comes after the first argument.
    given.client = given.visitor.client as Stage['client'];
    given.person = { asked };
  });
  after(async () => {
    await given.visitor.client.close();
    await given.server.close();
    await given.account.sandbox.close();
  });
  return given;
}
