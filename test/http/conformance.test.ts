/**
 * The official conformance suite against the doors of HTTP, in every revision it knows: the program itself, and the
 * suite's own fixtures behind the same front and doors. Every check passes or is listed with the reason.
 */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { describe, it } from 'node:test';
import { type Exception, inBoth, inProgram, outdated, unexpected } from './conformance/expected.js';
import { startFixtures, startProgram } from './conformance/servers.js';
import { type Results, type Revision, revisions, runSuite } from './conformance/suite.js';
import { conformanceTable } from './conformance/table.js';
import type { Served } from './serving.js';

const program = meets('the program', startProgram, [...inBoth, ...inProgram]);
const fixtures = meets('the fixtures behind our doors', startFixtures, inBoth);

/** A fresh server for each revision: scenarios that fail leave streams behind. */
function meets(what: string, start: () => Promise<Served>, exceptions: readonly Exception[]) {
  const found = new Map<Revision, Results>();
  describe(`${what} against the conformance suite`, () => {
    for (const revision of revisions) {
      it(`passes all of ${revision} but what is listed`, async () => {
        const { url, close } = await start();
        try {
          const results = await runSuite(url, revision);
          found.set(revision, results);
          assert.deepEqual(unexpected(results, exceptions), []);
        } finally {
          await close();
        }
      });
    }

    it('lists nothing that passes by now', () => {
      assert.deepEqual(outdated(found, exceptions), []);
    });
  });
  return found;
}

it('docs/http.md tells which scenario passes where, and why not', () => {
  const file = join(import.meta.dirname, '..', '..', '..', 'docs', 'http.md');
  const text = readFileSync(file, 'utf8');
  const between = /(<!-- conformance:start -->\n)[\s\S]*?(<!-- conformance:end -->)/;
  assert.match(text, between);
  const table = conformanceTable(program, fixtures);
  const generated = text.replace(between, (_, start: string, end: string) => `${start}${table}${end}`);
  if (process.env.UPDATE_SNAPSHOTS === '1') writeFileSync(file, generated);
  else assert.equal(text, generated, 'run UPDATE_SNAPSHOTS=1 npm run conformance');
});
