/** The bundled program answers with data that was made at build time: it has to be what the catalogue says now. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { describe, it } from 'node:test';
import { listing } from '../../src/listing.js';
import { createToolLists } from '../../src/mcp/tools.js';
import { product } from '../../src/version.js';
import { isBundled } from '../budget/weigh.js';
import { connect, environment, program, temporaryHome } from './server-process.js';

const folder = dirname(program);
const skip = isBundled ? false : 'npm run build makes the bundle';

/** The packages and folders that a file of the bundle was made of. */
function madeOf(file: string): string[] {
  const { sources } = JSON.parse(readFileSync(join(folder, `${file}.map`), 'utf8')) as { sources: string[] };
  return sources.map((source) => source.replace(/^(\.\.\/)+/, ''));
}

describe('the bundle', { skip }, () => {
  it('lists what the catalogue says', async () => {
    const server = await connect();
    const { tools } = await server.client.listTools();
    const actions = listing().areas.flatMap((area) => area.actions);
    assert.deepEqual(tools, createToolLists()(actions));
  });

  it('knows the digest of the catalogue', () => {
    assert.ok(readFileSync(join(folder, 'main.start.js'), 'utf8').includes(listing().hash));
  });

  it('knows its version, wherever it is started', () => {
    const told = execFileSync(process.execPath, [program, '--version'], {
      cwd: temporaryHome(),
      env: environment(temporaryHome()),
      encoding: 'utf8',
    });
    assert.equal(told.trim(), product.version);
  });

  it('loads neither the catalogue nor what carries out calls before a client has its list', () => {
    const early = madeOf('main.start.js').filter((source) =>
      /^(tools\/|node_modules\/(undici|hono|jose|prom-client|oauth4webapi)\/|src\/(execute|app|sandbox|hub|http)\b)/.test(
        source,
      ),
    );
    assert.deepEqual(early, []);
    const [, ...others] = readFileSync(join(folder, 'main.start.js'), 'utf8').matchAll(/^import .* from "(\.[^"]+)"/gm);
    assert.deepEqual(
      others.map(([, from]) => from),
      [],
      'it imports one file of the bundle at most',
    );
  });

  it('has every file that it may load', () => {
    const text = readFileSync(join(folder, 'main.js'), 'utf8');
    for (const [, file = ''] of text.matchAll(/import\("\.\/([^"]+)"\)/g))
      assert.ok(existsSync(join(folder, file)), file);
  });
});
