/** Random files: whatever they look like, an entry goes in and comes out, and nothing else changes or breaks. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type ParseError, parse as parseJson } from 'jsonc-parser';
import { parse as parseToml, stringify } from 'smol-toml';
import { jsonEntries, withJsonEntry, withoutJsonEntry } from '../../src/clients/json-edit.js';
import { maskedJson, maskedToml } from '../../src/clients/masked.js';
import { withoutTomlEntry, withTomlEntry } from '../../src/clients/toml-edit.js';
import { Unsafe } from '../../src/clients/unsafe.js';
import { hostileText, runs } from '../fuzz/arbitraries.js';

const value = { command: '/usr/bin/node', args: ['/opt/main.js', '--profile', 'prod'] };
const jsonEntry = { key: 'mcpServers', name: 'dbx', value };
const tomlEntry = { key: 'mcp_servers', name: 'dbx', value };

/** White space and remarks, as a person leaves them between tokens. */
const trivia = fc
  .array(
    fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom('', ' ', '\t', '\n', '\n  ', '\n\t\t', '  ') },
      fc.constantFrom('/* r */', '/* two\nlines */', '// "dbx": {}\n', '// }\n'),
    ),
    { maxLength: 2 },
  )
  .map((parts) => parts.join(''));

const { json } = fc.letrec<{ json: string; object: string; list: string; scalar: string }>((tie) => ({
  scalar: fc.oneof(
    hostileText.map((text) => JSON.stringify(text)),
    fc.integer().map(String),
    fc.constantFrom('true', 'null', '"}"', '"// no remark"', '""'),
  ),
  list: fc.tuple(fc.array(fc.tuple(trivia, tie('json'), trivia), { maxLength: 3 }), trivia, fc.boolean()).map(
    ([items, space, comma]) =>
      `[${joined(
        items.map((item) => item.join('')),
        comma,
      )}${space}]`,
  ),
  object: fc
    .tuple(
      // The parser this test compares with makes a prototype of it.
      fc.uniqueArray(
        fc.tuple(
          hostileText.filter((name) => name !== '__proto__'),
          trivia,
          trivia,
          tie('json'),
          trivia,
        ),
        {
          maxLength: 4,
          selector: ([name]) => name,
        },
      ),
      trivia,
      fc.boolean(),
    )
    .map(
      ([members, space, comma]) =>
        `{${joined(
          members.map(([name, a, b, each, c]) => `${a}${JSON.stringify(name)}:${b}${each}${c}`),
          comma,
        )}${space}}`,
    ),
  json: fc.oneof({ maxDepth: 3 }, tie('scalar'), tie('list'), tie('object')),
}));

const joined = (parts: readonly string[], comma: boolean) => parts.join(',') + (comma && parts.length > 0 ? ',' : '');

/** A document with or without servers, at any place among other properties. */
const documents = fc
  .tuple(
    fc.array(fc.tuple(fc.stringMatching(/^[a-z]{3,6}$/), json, trivia), { maxLength: 3 }),
    fc.option(fc.array(fc.tuple(fc.stringMatching(/^[a-c]{1,3}$/), json, trivia), { maxLength: 3 })),
    fc.nat(3),
    trivia,
    trivia,
    fc.boolean(),
    fc.constantFrom('\n', '\r\n'),
    fc.constantFrom('', '\uFEFF'),
  )
  .map(([others, servers, place, before, after, comma, eol, mark]) => {
    const unique = <T extends readonly [string, ...unknown[]]>(pairs: readonly T[]) => [
      ...new Map(pairs.map((pair) => [pair[0], pair])).values(),
    ];
    const members = unique(others).map(([name, each, space]) => `${space}"${name}":${each}`);
    if (servers !== null) {
      const inside = unique(servers).map(([name, each, space]) => `${space}"${name}": ${each}`);
      members.splice(place, 0, `${before}"mcpServers": {${joined(inside, comma)}${after}}`);
    }
    const text = `${before}{${joined(members, comma)}${after}}${after}`;
    return mark + (eol === '\n' ? text : text.replace(/\r?\n/g, eol));
  });

const parsed = (text: string): Record<string, unknown> => {
  const errors: ParseError[] = [];
  const result = parseJson(text.replace(/^\uFEFF/, ''), errors, { allowTrailingComma: true }) as Record<
    string,
    unknown
  >;
  assert.deepEqual(errors, [], text);
  return result;
};

test('JSON with remarks: an entry goes in, the rest is what it was, and one way out gives the same bytes', () => {
  fc.assert(
    fc.property(documents, (before) => {
      const after = withJsonEntry(before, jsonEntry);
      const { mcpServers: now, ...rest } = parsed(after);
      const { mcpServers: then, ...had } = parsed(before);
      assert.deepEqual(rest, had);
      assert.deepEqual(now, { ...(then as object | undefined), dbx: value });
      assert.equal(withJsonEntry(after, jsonEntry), after);
      const ways = withoutJsonEntry(after, jsonEntry) ?? [];
      assert.ok(ways.includes(before), JSON.stringify([before, after, ways]));
      for (const way of ways) assert.equal(jsonEntries(way, 'mcpServers').has('dbx'), false);
    }),
    runs(2_000),
  );
});

test('JSON: a masked file has the same lines, and no value of others', () => {
  fc.assert(
    fc.property(documents, (before) => {
      const canary = before.replace(/"(\}|\/\/ no remark)"(?!:)/g, '"canary"').replaceAll('/* r */', '/* canary */');
      const masked = maskedJson(withJsonEntry(canary, jsonEntry), jsonEntry);
      assert.doesNotMatch(masked, /canary/);
      assert.match(masked, /\/opt\/main\.js/);
    }),
    runs(500),
  );
});

test('whatever text a JSON file holds, it is changed rightly or refused with a reason', () => {
  const noise = fc.oneof(
    hostileText,
    fc.string(),
    fc
      .tuple(documents, fc.nat(400), hostileText)
      .map(([text, at, cut]) => text.slice(0, at) + cut + text.slice(at + 2)),
  );
  fc.assert(
    fc.property(noise, (text) => {
      try {
        assert.ok(jsonEntries(withJsonEntry(text, jsonEntry), 'mcpServers').has('dbx'));
      } catch (error) {
        assert.ok(error instanceof Unsafe, String(error));
      }
    }),
    runs(1_000),
  );
});

const tomlName = fc.oneof(fc.stringMatching(/^[a-z]{1,5}$/), fc.constantFrom('a.b', 'x y', '"q"', "it's", 'ü'));
const tomlValue = fc.oneof(
  hostileText.filter((text) => text.isWellFormed()),
  fc.integer({ min: -1e9, max: 1e9 }),
  fc.boolean(),
  fc.array(fc.constantFrom('[mcp_servers.dbx]', '# no remark', "'", '"""', '\\'), { maxLength: 3 }),
);
const table = fc.dictionary(tomlName, tomlValue, { maxKeys: 3 });
const tomlDocuments = fc
  .tuple(
    table,
    fc.dictionary(tomlName, table, { maxKeys: 2 }),
    fc.constantFrom(
      '',
      '# [mcp_servers.dbx]\n',
      '\n\n',
      'long = """\n[mcp_servers.dbx]\n\\"""""\n',
      "l = '''\n#x\n'''\n",
    ),
    fc.constantFrom('\n', '\r\n'),
    fc.boolean(),
  )
  .map(([top, servers, odd, eol, ended]) => {
    const text = `${odd}${stringify(top)}\n${stringify({ features: { a: true }, mcp_servers: servers })}# the end`;
    return text.replace(/\r?\n/g, eol) + (ended ? eol : '');
  });

test('TOML: an entry goes in, the rest is what it was, and one way out gives the same bytes', () => {
  fc.assert(
    fc.property(tomlDocuments, (before) => {
      try {
        parseToml(before);
      } catch {
        return;
      }
      const after = withTomlEntry(before, tomlEntry);
      const plain = (text: string) => JSON.parse(JSON.stringify(parseToml(text))) as { mcp_servers?: object };
      const { mcp_servers: now, ...rest } = plain(after);
      const { mcp_servers: then, ...had } = plain(before);
      assert.deepEqual(rest, had);
      assert.deepEqual(now, { ...then, dbx: value });
      assert.ok(after.startsWith(before));
      assert.equal(withTomlEntry(after, tomlEntry), after);
      assert.equal(withoutTomlEntry(after, tomlEntry)?.[0], before);
      const masked = maskedToml(after, tomlEntry);
      assert.equal(masked.split(/\r?\n/).length, after.split(/\r?\n/).length, masked);
      assert.match(masked, /\/opt\/main\.js/);
    }),
    runs(1_000),
  );
});

test('whatever text a TOML file holds, it is changed rightly or refused with a reason', () => {
  const noise = fc.oneof(
    hostileText,
    fc
      .tuple(tomlDocuments, fc.nat(300), hostileText)
      .map(([text, at, cut]) => text.slice(0, at) + cut + text.slice(at + 2)),
  );
  fc.assert(
    fc.property(noise, (text) => {
      try {
        const after = withTomlEntry(text, tomlEntry);
        assert.ok('dbx' in (parseToml(after.replace(/^\uFEFF/, '')).mcp_servers as object));
        maskedToml(after, tomlEntry);
      } catch (error) {
        assert.ok(error instanceof Unsafe, error instanceof Error ? error.stack : String(error));
      }
    }),
    runs(1_000),
  );
});
