/** The shape of the code, read off its sources: who imports whom, who may do what, and how long a file may be. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix, sep } from 'node:path';
import { test } from 'node:test';
import { packages } from '../src/telemetry/open.js';

const root = join(import.meta.dirname, '../..');

interface Import {
  /** A path in the tree, `node:…`, or the name of a package. */
  readonly from: string;
  readonly typeOnly: boolean;
}

interface Source {
  readonly path: string;
  readonly text: string;
  /** Without comments and the contents of strings. */
  readonly code: string;
  readonly imports: readonly Import[];
}

const statement = /^\s*(?:import|export)\s+(type\s+)?(?:([^'";]*?)\s+from\s+)?['"]([^'"]+)['"]/gm;
const dynamic = /\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;

/** Pages are written as TSX. */
const sourceOf = (base: string) => (existsSync(join(root, `${base}.tsx`)) ? `${base}.tsx` : `${base}.ts`);

function importsOf(path: string, text: string): Import[] {
  const resolve = (from: string) =>
    from.startsWith('.')
      ? sourceOf(posix.join(posix.dirname(path), from).replace(/\.js$/, ''))
      : from.startsWith('node:')
        ? from
        : packageName(from);
  const named = (names: string | undefined) => {
    const inside = names?.match(/^\{([\s\S]*)\}$/)?.[1];
    return inside?.split(',').every((name) => name.trim() === '' || name.trim().startsWith('type ')) ?? false;
  };
  return [
    ...[...text.matchAll(statement)].map(([, type, names, from]) => ({
      from: resolve(from ?? ''),
      typeOnly: type !== undefined || named(names),
    })),
    ...[...text.matchAll(dynamic)].map(([, from]) => ({ from: resolve(from ?? ''), typeOnly: false })),
  ];
}

const packageName = (from: string) =>
  from
    .split('/')
    .slice(0, from.startsWith('@') ? 2 : 1)
    .join('/');

/** Templates stay: what stands in their braces is code. */
const stripped = (text: string) =>
  text
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/(^|[^:'"`\\])\/\/.*$/gm, '$1')
    .replace(/'(?:[^'\\\n]|\\.)*'/g, "''")
    .replace(/"(?:[^"\\\n]|\\.)*"/g, '""');

const sources: readonly Source[] = ['src', 'tools']
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.tsx?$/.test(file))
      .map((file) => posix.join(folder, file.split(sep).join('/'))),
  )
  .sort()
  .map((path) => {
    const text = readFileSync(join(root, path), 'utf8');
    return { path, text, code: stripped(text), imports: importsOf(path, text) };
  });

const within = (...folders: string[]) =>
  sources.filter(({ path }) => folders.some((folder) => path.startsWith(folder)));

/** Every import of these files that the rule does not allow. */
const forbidden = (files: readonly Source[], allows: (from: Import, file: Source) => boolean) =>
  files.flatMap((file) =>
    file.imports.filter((each) => !allows(each, file)).map(({ from }) => `${file.path} -> ${from}`),
  );

/** Every file in which the pattern stands in code, except where it may. */
const using = (pattern: RegExp, files: readonly Source[] = sources, allowed: (path: string) => boolean = () => false) =>
  files.filter(({ path, code }) => pattern.test(code) && !allowed(path)).map(({ path }) => path);

const isIn = (from: string, ...folders: string[]) => folders.some((folder) => from.startsWith(folder));

test('the sources are found, and their imports lead to files', () => {
  assert.ok(sources.length > 60, `${sources.length}`);
  const known = new Set(sources.map(({ path }) => path));
  assert.deepEqual(
    forbidden(sources, ({ from }) => !isIn(from, 'src/', 'tools/') || known.has(from)),
    [],
  );
});

test('tools say what: they import zod and each other', () => {
  assert.deepEqual(
    forbidden(within('tools/'), ({ from }) => from === 'zod' || isIn(from, 'tools/')),
    [],
  );
});

test('the sandbox is independent: it imports Node and itself', () => {
  assert.deepEqual(
    forbidden(within('src/sandbox/'), ({ from }) => isIn(from, 'node:', 'src/sandbox/')),
    [],
  );
  assert.deepEqual(
    forbidden(
      sources,
      ({ from }, { path }) =>
        !isIn(from, 'src/sandbox/') || isIn(path, 'src/sandbox/', 'src/embedded-sandbox.ts', 'src/cli/'),
    ),
    [],
    'who knows the sandbox',
  );
});

test('the core imports itself, types of tools, zod and lossless-json', () => {
  const pure = ['node:path'];
  assert.deepEqual(
    forbidden(
      within('src/core/'),
      ({ from, typeOnly }) =>
        isIn(from, 'src/core/') ||
        ['zod', 'lossless-json', ...pure].includes(from) ||
        (isIn(from, 'tools/') && typeOnly),
    ),
    [],
  );
});

test('each layer imports only what lies below it', () => {
  const below: Record<string, readonly string[]> = {
    'src/databricks/': ['src/databricks/', 'src/core/'],
    'src/guard/': ['src/guard/', 'src/core/'],
    // The other implementations of what these layers need from a store.
    'src/store/': [
      'src/store/',
      'src/guard/',
      'src/core/',
      'src/within.ts',
      'src/http/throttle.ts',
      'src/mcp/sessions.ts',
    ],
    // Which names mean this machine is said once, in the file about hosts; an id made here goes on to Databricks.
    'src/http/': [
      'src/http/',
      'src/guard/',
      'src/core/',
      'src/log.ts',
      'src/within.ts',
      'src/databricks/hosts.ts',
      'src/databricks/request-id.ts',
    ],
    'src/mcp/': ['src/mcp/', 'src/core/', 'src/'],
    // Files of MCP clients; knows no account.
    'src/clients/': ['src/clients/', 'src/core/', 'src/guard/private-files.ts', 'src/guard/private-folder.ts'],
    'src/link/': ['src/'],
    'src/hub/': ['src/'],
    'src/cli/': ['src/'],
  };
  for (const [layer, folders] of Object.entries(below)) {
    assert.deepEqual(
      forbidden(
        within(layer),
        ({ from, typeOnly }) =>
          !isIn(from, 'src/', 'tools/') ||
          isIn(from, ...folders) ||
          (isIn(from, 'tools/') && (typeOnly || ['src/cli/', 'src/link/', 'src/hub/'].includes(layer))),
      ),
      [],
      layer,
    );
  }
  assert.deepEqual(
    forbidden(sources, ({ from }, { path }) => !isIn(from, 'src/cli/') || isIn(path, 'src/cli/')),
    [],
    'nobody imports the command line',
  );
  assert.deepEqual(
    forbidden(sources, ({ from }, { path }) => !isIn(from, 'src/hub/') || isIn(path, 'src/hub/', 'src/cli/')),
    [],
    'nobody below it imports the hub',
  );
  assert.deepEqual(
    forbidden(
      sources,
      ({ from }, { path }) => !isIn(from, 'src/mcp/') || isIn(path, 'src/mcp/', 'src/cli/', 'src/store/sessions.ts'),
    ),
    [],
    'nobody below it imports the MCP side',
  );
});

test('each package is used in one place', () => {
  const places: Record<string, readonly string[]> = {
    // Besides Databricks one other host is asked for something: the token issuer, for its keys and for who signs in.
    undici: ['src/databricks/http.ts', 'src/http/auth/issuer-http.ts'],
    jose: ['src/http/auth/'],
    hono: ['src/hub/'],
    oauth4webapi: ['src/hub/'],
    'jsonc-parser': ['src/clients/'],
    'smol-toml': ['src/clients/'],
    '@redis/client': ['src/store/link.ts'],
    'prom-client': ['src/http/metrics.ts'],
    // It opens sockets of its own, to the operator's collector alone.
    ...Object.fromEntries(Object.keys(packages).map((name) => [name, ['src/telemetry/']])),
    '@modelcontextprotocol/server': ['src/mcp/'],
    'lossless-json': ['src/core/json.ts'],
    commander: ['src/cli/'],
    // The demo reads answers as a client would: by a schema of its own.
    zod: ['tools/', 'src/core/', 'src/cli/demo/'],
    // The demo is a client.
    '@modelcontextprotocol/client': ['src/cli/demo/', 'src/cli/demo.ts'],
  };
  assert.deepEqual(
    forbidden(
      sources,
      ({ from }, { path }) => isIn(from, 'node:', 'src/', 'tools/') || isIn(path, ...(places[from] ?? [])),
    ),
    [],
  );
});

test('only the HTTP file opens sockets to Databricks', () => {
  const network = [
    'node:http',
    'node:https',
    'node:net',
    'node:http2',
    'node:dgram',
    'node:dns',
    'node:dns/promises',
    'node:child_process',
  ];
  // The operator's own program that takes secrets; it gets no arguments but the operator's.
  const starts = ({ from }: Import, { path }: Source) =>
    from === 'node:child_process' && path === 'src/guard/secret-command.ts';
  // These listen; none of them calls anybody.
  const serving = ['src/sandbox/', 'src/cli/', 'src/http/'];
  assert.deepEqual(
    forbidden(
      sources,
      (each, file) => !network.includes(each.from) || isIn(file.path, ...serving) || starts(each, file),
    ),
    [],
  );
  // What runs in a browser asks its own origin alone; the pages' policy sees to that.
  const inBrowsers = (path: string) => isIn(path, 'src/hub/browser/');
  assert.deepEqual(
    using(/(?<!\b(?:doors|pages|app)\.)\bfetch\(|\bXMLHttpRequest\b|\bnew WebSocket\b/, sources, inBrowsers),
    [],
  );
});

test('the core is pure: no clock, no dice, no timers, no process', () => {
  assert.deepEqual(
    using(
      /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bprocess\b\.?|\bset(Timeout|Interval|Immediate)\b|\bfetch\b|\bperformance\b|\brandom(UUID|Bytes)\b/,
      within('src/core/'),
    ),
    [],
  );
});

test('the catalogue is data: no clock, no dice, no timers, no process', () => {
  assert.deepEqual(
    using(
      /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bprocess\.|\bset(Timeout|Interval|Immediate)\b|\bfetch\(/,
      within('tools/'),
    ),
    [],
  );
});

test('no file asks which action it has in hand', () => {
  assert.deepEqual(using(/\b(action|tool)\.id\s*[!=]==?/, within('src/')), []);
  // Probes of an account and the demo's story name actions; what carries calls out does not.
  const named = within('src/').filter(({ path }) => !isIn(path, 'src/sandbox/', 'src/cli/', 'src/link/probes.ts'));
  const ids =
    /['"`]databricks_(?!access_status|id_token_filepath|find_actions|describe_action|run_read|run_write|create_['"`])[a-z_]+['"`]/;
  assert.deepEqual(
    named.filter(({ text }) => ids.test(text)).map(({ path }) => path),
    [],
  );
});

test('only the command line writes to stdout, and only the stdio door claims it', () => {
  assert.deepEqual(
    using(/\bstdout\b/, within('src/'), (path) =>
      isIn(path, 'src/cli/', 'src/mcp/stdio.ts', 'src/mcp/stdio-sdk.ts', 'src/mcp/stdout.ts'),
    ),
    [],
  );
  assert.deepEqual(using(/\bconsole\s*[.[]/), []);
});

test('nothing weakens TLS, builds code from text or starts a shell', () => {
  const words =
    /rejectUnauthorized(?!: true)|NODE_TLS_REJECT_UNAUTHORIZED|checkServerIdentity|\beval\(|\bnew Function\b|\bexecSync\b|\bshell:\s*true/;
  assert.deepEqual(
    sources.filter(({ text }) => words.test(text)).map(({ path }) => path),
    [],
  );
  assert.deepEqual(
    sources
      .filter(({ text }) => /import\s*\{[^}]*\bexec(Sync)?\b[^}]*\}\s*from\s*'node:child_process'/.test(text))
      .map(({ path }) => path),
    [],
  );
});

test('no file has more than 300 lines', () => {
  assert.deepEqual(
    sources.filter(({ text }) => text.split('\n').length > 301).map(({ path }) => path),
    [],
  );
});

test('every file opens with a comment that says what it is for', () => {
  const opening = /^(#!.*\n)?(\/\*\*?[\s*]*\S.{10,}|\/\/ \S.{10,})/;
  assert.deepEqual(
    sources.filter(({ text }) => !opening.test(text)).map(({ path }) => path),
    [],
  );
});
