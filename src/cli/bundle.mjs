// Puts the program into few files, at the place where the compiler has put it: `main.js` holds what a conversation needs
// at once, the files `main.*.js` beside it what is loaded later. Run after the compiler: the tool list is taken from it.
import { readdirSync, rmSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';

const root = join(import.meta.dirname, '../..');
const target = join(root, 'dist/src/cli');
const source = (path) => join(root, 'src', path);

const main = source('cli/main.ts');

const { listing } = await import(pathToFileURL(join(root, 'dist/src/listing.js')).href);

/** Not in the bundle: what is optional, and what only the demo needs. */
const external = [/^@opentelemetry\//, '@redis/client', '@napi-rs/keyring', /^@modelcontextprotocol\/client/];

/** The list as it comes out, in the place of what makes it. */
const listed = {
  name: 'listed',
  load: (id) =>
    id === source('listing.ts')
      ? `const made = JSON.parse(${JSON.stringify(JSON.stringify(listing()))});\nexport const listing = () => made;\n`
      : undefined,
};

/** The SDK loads a validator of JSON schemas for servers that check answers by one. This one does not. */
const shims = '@modelcontextprotocol/server/_shims';
const withoutValidator = {
  name: 'without-validator',
  resolveId: (id) => (id === shims ? `\0${shims}` : undefined),
  load: (id) =>
    id === `\0${shims}`
      ? `export { default as process } from 'node:process';
export class DefaultJsonSchemaValidator {
  getValidator() {
    throw new Error('There is no validator of JSON schemas in this program.');
  }
}
`
      : undefined,
};

/** Of undici the half that calls need: the rest is mocks, caches and what browsers have, and loading it takes long. */
const agents = '\0undici/agents';
const noHttp2 = '\0undici/no-http2';
const lessUndici = {
  name: 'less-undici',
  resolveId(id, importer = '') {
    if (id === 'undici' && importer === source('databricks/http.ts')) return agents;
    return id === 'node:http2' && importer.endsWith('client-h2.js') ? noHttp2 : undefined;
  },
  load(id) {
    // As undici has it where Node is built without; nothing here asks for HTTP/2.
    if (id === noHttp2) return 'export const constants = {};';
    if (id !== agents) return undefined;
    return `import request from 'undici/lib/api/api-request.js';
import Dispatcher from 'undici/lib/dispatcher/dispatcher.js';
Dispatcher.prototype.request = request;
export { default as Agent } from 'undici/lib/dispatcher/agent.js';
export { default as ProxyAgent } from 'undici/lib/dispatcher/proxy-agent.js';
`;
  },
};

/** What a call needs, in one file: both are loaded when there is one. */
const called = new Set();
const findCalled = {
  name: 'find-called',
  buildEnd() {
    const follow = (id) => {
      if (called.has(id)) return;
      called.add(id);
      for (const next of this.getModuleInfo(id)?.importedIds ?? []) follow(next);
    };
    for (const path of ['mcp/calls.ts', 'app.ts']) follow(source(path));
  },
};

/** Files that are read from beside a source lie beside what the compiler made of it. */
const inPlace = {
  name: 'in-place',
  transform(code, id) {
    if (!id.startsWith(source('')) || !code.includes('import.meta.url')) return undefined;
    const compiled = join(root, 'dist', relative(root, id)).replace(/\.tsx?$/, '.js');
    const from = relative(target, compiled).split(sep).join('/');
    return {
      code: code.replaceAll('import.meta.url', `new URL(${JSON.stringify(from)}, import.meta.url).href`),
      map: null,
    };
  },
};

for (const file of readdirSync(target)) {
  if (/^main\d*\..+\.js(\.map)?$/.test(file)) rmSync(join(target, file));
}

const bundle = await rolldown({
  input: { main },
  platform: 'node',
  external,
  tsconfig: join(root, 'tsconfig.json'),
  // Some packages have a form for bundlers beside one that loads its files by name.
  resolve: { extensionAlias: { '.js': ['.ts', '.tsx', '.js'] }, mainFields: ['module', 'main'] },
  transform: { target: 'node20' },
  plugins: [listed, withoutValidator, lessUndici, inPlace, findCalled],
  checks: { pluginTimings: false },
});
await bundle.write({
  dir: target,
  format: 'esm',
  entryFileNames: 'main.js',
  chunkFileNames: 'main.[name].js',
  sourcemap: true,
  sourcemapExcludeSources: true,
  codeSplitting: {
    groups: [
      // Not with the entry, which waits at its top level for files that need this one.
      { name: 'start', tags: ['$initial'], test: (id) => id !== main, priority: 2 },
      { name: 'calls', test: (id) => called.has(id), priority: 1 },
    ],
  },
  // Names and lines stay as they are: a stack is read by people. Licences stay, too.
  comments: { legal: true, annotation: false, jsdoc: false },
});
await bundle.close();
