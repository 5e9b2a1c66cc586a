/** OpenTelemetry is optional: loaded where its settings ask for it, and missed only there. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { exits } from '../../src/cli/exit-codes.js';
import { packages } from '../../src/telemetry/open.js';
import { RawProcess } from '../mcp/raw-process.js';

/** Node without OpenTelemetry: whoever asks for it is told that there is none. */
const hooks = `export async function resolve(specifier, context, next) {
  if (!specifier.startsWith('@opentelemetry/')) return next(specifier, context);
  throw Object.assign(new Error('There is no ' + specifier), { code: 'ERR_MODULE_NOT_FOUND' });
}`;
const url = (code: string) => `data:text/javascript,${encodeURIComponent(code)}`;
const registering = url(`import { register } from 'node:module'; register(${JSON.stringify(url(hooks))});`);
const nodeOptions = ['--import', registering];
const wanted = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' };

test('without its settings nothing of OpenTelemetry is loaded', async () => {
  for (const settings of [{}, { ...wanted, OTEL_SDK_DISABLED: 'true' }]) {
    const server = await RawProcess.started({ nodeOptions, settings, flags: ['--sandbox'] });
    const { result } = await server.call('databricks_list_users');
    assert.notEqual(result.isError, true);
    assert.equal(await server.leave(), 0, server.stderr);
  }
});

test('with them and without its packages the server does not start, and says what to install', async () => {
  const server = new RawProcess({ nodeOptions, settings: wanted, flags: ['--sandbox'] });
  const code = await server.ended();
  assert.equal(code, exits.configuration.code, server.stderr);
  for (const [name, version] of Object.entries(packages)) {
    assert.ok(server.stderr.includes(`${name}@${version}`), server.stderr);
  }
});

test('the versions it tells to install are those it is tested with', () => {
  for (const [name, version] of Object.entries(packages)) {
    const file = join(import.meta.dirname, '../../../node_modules', name, 'package.json');
    assert.equal(JSON.parse(readFileSync(file, 'utf8')).version, version, name);
  }
});
