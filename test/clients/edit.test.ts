/** Entries put into files and taken out again: what was there stays to the byte, and what is odd is left alone. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ParseError, parse as parseJson } from 'jsonc-parser';
import { parse as parseToml } from 'smol-toml';
import { withJsonEntry, withoutJsonEntry } from '../../src/clients/json-edit.js';
import type { ServerEntry } from '../../src/clients/server-entry.js';
import { withoutTomlEntry, withTomlEntry } from '../../src/clients/toml-edit.js';
import { Unsafe } from '../../src/clients/unsafe.js';
import { client, local, remote, sample, samples } from './samples.js';

function add(text: string, id: string, entry: ServerEntry, name = 'dbx'): string {
  const { key, format, fields, input } = client(id);
  const value = fields(name, entry);
  assert.ok(value !== undefined);
  const asked = input?.(name, entry);
  return format === 'toml'
    ? withTomlEntry(text, { key, name, value })
    : withJsonEntry(text, { key, name, value, ...(asked && { input: asked }) });
}

function remove(text: string, id: string, name = 'dbx'): string[] | undefined {
  const { key, format } = client(id);
  return format === 'toml' ? withoutTomlEntry(text, { key, name }) : withoutJsonEntry(text, { key, name });
}

const read = (text: string, id: string) => {
  if (client(id).format === 'toml') return parseToml(text) as Record<string, unknown>;
  const errors: ParseError[] = [];
  const value = parseJson(text.replace(/^\uFEFF/, ''), errors, { allowTrailingComma: true }) as Record<string, unknown>;
  assert.deepEqual(errors, []);
  return value;
};

/** smol-toml's objects have no prototype. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** Every character of `part` is in `whole`, in that order. */
function isWithin(part: string, whole: string): boolean {
  let at = 0;
  for (const character of part) {
    at = whole.indexOf(character, at) + 1;
    if (at === 0) return false;
  }
  return true;
}

describe('each client', () => {
  for (const { file, client: id } of samples) {
    const kinds = id === 'claude-desktop' ? [local] : [local, remote];
    for (const entry of kinds) {
      it(`${file}: a ${entry.kind} entry is added beside what is there, and removing it gives the same bytes`, () => {
        const before = sample(file);
        const after = add(before, id, entry);
        const { key, fields } = client(id);
        const parsed = read(after, id);
        const servers = parsed[key] as Record<string, unknown>;
        assert.deepEqual(plain(servers.dbx), fields('dbx', entry));
        const { dbx: _, ...others } = servers;
        const had = read(before, id);
        assert.deepEqual(plain(others), plain(had[key] ?? {}));
        for (const [name, value] of Object.entries(had)) {
          if (name !== key && name !== 'inputs') assert.deepEqual(parsed[name], value, name);
        }
        assert.ok(isWithin(before, after), after);
        assert.ok(remove(after, id)?.includes(before), JSON.stringify(remove(after, id)));
        assert.equal(add(after, id, entry), after, 'a second time changes nothing');
      });
    }
  }

  it('keeps line ends, indentation, the byte order mark and the missing end of the last line', () => {
    const windows = add(sample('claude-desktop-windows.json'), 'claude-desktop', local);
    assert.ok(windows.startsWith('\uFEFF{\r\n\t'));
    assert.doesNotMatch(windows, /[^\r]\n/);
    assert.match(windows, /\r\n\t\t"dbx": \{\r\n\t\t\t"command"/);
    assert.ok(add(sample('claude-desktop.json'), 'claude-desktop', local).endsWith('\n}'));
    assert.match(add(sample('cursor.json'), 'cursor', local), /\n {8}"dbx": \{\n {12}"type"/);
    assert.doesNotMatch(add(sample('claude-code-project.json'), 'claude-code', local), /\n./);
    assert.doesNotMatch(add(sample('codex-windows.toml'), 'codex', local), /[^\r]\n/);
  });

  it('keeps remarks where they were', () => {
    const after = add(sample('cursor.json'), 'cursor', local);
    assert.match(after, / {8}\}, \/\/ more are in the wiki\n {8}"dbx"/);
    assert.match(after, /"https:\/\/mcp.linear.app\/mcp", \/\/ signs in by OAuth\n/);
  });
});

describe('a new or bare file', () => {
  for (const [what, text] of [
    ['nothing', ''],
    ['blank lines', '\n \n'],
    ['an empty object', '{}'],
    ['an empty object on lines', '{\n}\n'],
    ['only a remark inside', '{\n  // nothing yet\n}\n'],
    ['an object without the key', '{"theme":"dark"}'],
    ['the key with an empty object', '{ "mcpServers": {} }'],
    ['the key with an empty object on lines', '{\n\t"mcpServers": {\n\t}\n}'],
    ['the key with a remark alone', '{\n  "mcpServers": {\n    // none\n  }\n}\n'],
  ] as const) {
    it(`with ${what} gets the entry, and loses it again`, () => {
      const after = add(text, 'cursor', local);
      assert.deepEqual(read(after, 'cursor').mcpServers, { dbx: client('cursor').fields('dbx', local) });
      const ways = remove(after, 'cursor') ?? [];
      if (text.trim() !== '') assert.ok(ways.includes(text), JSON.stringify([after, ways]));
      assert.deepEqual(read(ways[0] ?? '', 'cursor').mcpServers, {});
    });
  }

  it('of Codex gets one table', () => {
    assert.equal(
      add('', 'codex', remote),
      '[mcp_servers.dbx]\nurl = "https://mcp.example.com/mcp"\nbearer_token_env_var = "DBX_TOKEN"\n',
    );
  });
});

describe('an entry that is there', () => {
  it('is brought up to date in its place, and what a person added to it stays', () => {
    const text =
      '{\n  "mcpServers": {\n    "dbx": {"command": "node", "args": ["/old/main.js"], "env": {"A": "b"}, "disabled": true},\n    "z": {}\n  }\n}\n';
    const after = add(text, 'windsurf', local);
    assert.deepEqual(read(after, 'windsurf').mcpServers, {
      dbx: { ...client('windsurf').fields('dbx', local), disabled: true },
      z: {},
    });
    assert.ok(after.endsWith('\n    "z": {}\n  }\n}\n'));
  });

  it('of Codex keeps its limits and its place; its old variables go', () => {
    const text =
      'a = 1\n[mcp_servers.dbx] # ours\n# slow start\nstartup_timeout_sec = 40\ncommand = "node"\nargs = [\n  "/old/main.js", # x\n]\n\n[mcp_servers.dbx.env]\nA = "b"\n\n[mcp_servers.z]\ncommand = "z"\n';
    const after = add(text, 'codex', local);
    assert.equal(
      after,
      'a = 1\n[mcp_servers.dbx] # ours\ncommand = "/usr/bin/node"\nargs = ["/opt/databricks-actions-mcp/dist/src/cli/main.js", "--profile", "prod"]\n# slow start\nstartup_timeout_sec = 40\n\n[mcp_servers.z]\ncommand = "z"\n',
    );
  });

  it('of Codex has each field once, also one that a person set before', () => {
    const needy: ServerEntry = { kind: 'stdio', command: 'n', args: [], handOn: ['TOKEN'] };
    const after = add('[mcp_servers.dbx]\ncommand = "n"\nenv_vars = ["A"]\n', 'codex', needy);
    assert.equal(after, '[mcp_servers.dbx]\ncommand = "n"\nargs = []\nenv_vars = ["TOKEN"]\n');
    assert.equal(add(after, 'codex', needy), after);
  });

  it('first, in the middle, last or alone is taken out with its comma and its line', () => {
    const of = (...names: string[]) =>
      `{\n  "mcpServers": {\n${names.map((name) => `    "${name}": { "command": "x" }`).join(',\n')}\n  }\n}\n`;
    assert.equal(remove(of('dbx', 'a'), 'cursor')?.[0], of('a'));
    assert.equal(remove(of('a', 'dbx', 'b'), 'cursor')?.[0], of('a', 'b'));
    assert.equal(remove(of('a', 'dbx'), 'cursor')?.[0], of('a'));
    assert.equal(remove(of('dbx'), 'cursor')?.[0], '{\n  "mcpServers": {}\n}\n');
    assert.equal(remove(of('a'), 'cursor'), undefined);
  });

  it('is taken out from between remarks without eating them', () => {
    const text = '{ "mcpServers": {\n  "a": {}, // of a\n  "dbx": {} /* gone */, "b": {} // of b\n} }';
    const [after = ''] = remove(text, 'cursor') ?? [];
    assert.deepEqual(Object.keys(read(after, 'cursor').mcpServers as object), ['a', 'b']);
    for (const remark of ['// of a', '/* gone */', '// of b']) assert.ok(after.includes(remark), after);
  });

  it('takes the question VS Code asks for it along, unless another entry asks it too', () => {
    const after = add(sample('vscode-user.json'), 'vscode', remote);
    assert.match(after, /"id": "dbx-token"/);
    const shared = after.replace(`\${input:perplexity-key}`, `\${input:dbx-token}`);
    assert.match(remove(shared, 'vscode')?.[0] ?? '', /"id": "dbx-token"/);
  });
});

describe('a file is left alone', () => {
  const refused = (text: string, id: string, message: RegExp, line?: number, column?: number) =>
    assert.throws(
      () => add(text, id, local),
      (error) => {
        assert.ok(error instanceof Unsafe, String(error));
        assert.match(error.message, message);
        if (line !== undefined) assert.deepEqual(error.at, { line, column });
        assert.doesNotMatch(error.message, /canary/);
        return true;
      },
    );

  it('that is broken, with the line and the column', () => {
    refused(sample('broken-comma.json'), 'cursor', /a comma is missing/, 4, 5);
    refused('{"mcpServers": {', 'cursor', /closing brace/, 1, 17);
    refused("{\n  'mcpServers': {}\n}", 'cursor', /word JSON does not know/, 2, 3);
    refused('{} {}', 'cursor', /something follows|no JSON/, 1, 4);
    refused('// only a remark', 'cursor', /a value is missing/);
    refused(sample('broken-codex.toml'), 'codex', /no TOML/, 2, 18);
  });

  it('whose key holds something else', () => {
    refused('{\n  "mcpServers": []\n}', 'cursor', /"mcpServers" is not an object/, 2, 17);
    refused('{"servers": null}', 'vscode', /"servers" is not an object/, 1, 13);
    refused('[]', 'cursor', /holds no object/, 1, 1);
    refused('mcp_servers = 3', 'codex', /no table/);
    assert.throws(() => add('{"servers": {}, "inputs": {}}', 'vscode', remote), /"inputs" is not a list/);
  });

  it('that has the key or the entry twice', () => {
    refused('{"mcpServers": {},\n "mcpServers": {}}', 'cursor', /there twice, first in line 1/, 2, 2);
    refused('{"mcpServers": {"dbx": {},\n "dbx": {}}}', 'cursor', /"dbx" is there twice/, 2, 2);
    assert.ok(add('{"other": 1, "other": 2}', 'cursor', local).startsWith('{"other": 1, "other": 2,'));
  });

  it('of Codex whose servers are written on one line or with dots', () => {
    refused('mcp_servers = { a = { command = "a" } }', 'codex', /no table can be added/);
    refused('[mcp_servers]\ndbx = { command = "a" }', 'codex', /under a header of its own/);
    refused('mcp_servers.dbx.command = "a"', 'codex', /under a header of its own/);
    assert.throws(() => remove('[mcp_servers]\ndbx.command = "a"', 'codex'), /under a header of its own/);
  });

  it('that is nested beyond reason', () => {
    refused(`{"a": ${'['.repeat(200_000)}`, 'cursor', /too deeply|no JSON/);
  });
});
