/** One profile of a .databrickscfg is changed or taken out, and not a byte that belongs to somebody else. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseProfileFile } from '../../src/databricks/databrickscfg.js';
import { withoutProfile, withProfile } from '../../src/link/profile-edit.js';
import { runs } from '../fuzz/arbitraries.js';

const owned = new Set(['host', 'account_id', 'client_id', 'client_secret']);
const wanted = new Map([
  ['host', 'https://accounts.example'],
  ['client_id', 'app'],
]);

const save = (text: string) => withProfile(text, 'dev', wanted, owned);
const remove = (text: string) => withoutProfile(text, 'dev');

interface Item {
  readonly body: string;
  /** A line the book may change: an owned key of the profile. */
  readonly ours: boolean;
}

const foreign = (body: string): Item => ({ body, ours: false });
const note = fc.constantFrom('# a note', '; old: client_secret = x', '', '   ', '\t# [dev]', '#', ' ;[dev] host=no');
const value = fc.constantFrom('x', 'https://a.example', 'a=b:c', 'ünï 🚚', 'p#w', '"q"', '');
const pair = (keys: readonly string[], ours: boolean) =>
  fc
    .tuple(
      fc.constantFrom(...keys),
      fc.constantFrom('=', ' = ', ':', '\t=\t', ' :'),
      value,
      fc.constantFrom('', '  ', ' # why', '\t#'),
    )
    .map(([key, sign, said, tail]): Item => ({ body: `${key}${sign}${said}${tail}`, ours }));

const block = (name: string, keys: fc.Arbitrary<Item>) =>
  fc
    .tuple(
      fc.constantFrom(`[${name}]`, `  [ ${name} ]  `, `[${name}] # mine`),
      fc.array(fc.oneof(note.map(foreign), keys), { maxLength: 6 }),
    )
    .map(([header, items]) => [foreign(header), ...items]);

const other = fc
  .constantFrom('prod', 'DEFAULT', '__settings__', 'Dev', '__proto__')
  .chain((name) => block(name, pair(['host', 'Token', 'client_secret'], false)));
const target = block(
  'dev',
  fc.oneof(pair(['HOST', 'client_id', 'client_secret'], true), pair(['workspace_id', 'rate_limit'], false)),
);

/** Files with or without the profile, once or twice; every line with an end of its own. */
const files = fc.record({
  mark: fc.constantFrom('', '\uFEFF'),
  items: fc
    .tuple(fc.array(note.map(foreign), { maxLength: 2 }), fc.array(fc.oneof(other, other, target), { maxLength: 5 }))
    .map(([notes, blocks]) => [...notes, ...blocks.flat()]),
  ends: fc.infiniteStream(fc.constantFrom('\n', '\r\n', '\n', '\r')),
  isWhole: fc.boolean(),
});

interface File {
  readonly mark: string;
  readonly items: readonly Item[];
  readonly ends: Iterator<string>;
  readonly isWhole: boolean;
}

function written({ mark, items, ends, isWhole }: File) {
  const all = items.map(({ body, ours }, index) => {
    // A line of its own even where "\r" meets an empty line that ends in "\n".
    const end = index === items.length - 1 && !isWhole ? '' : String(ends.next().value).replace(/^\r$/, '\r\n');
    return { raw: body + end, ours };
  });
  // An empty last line without an end is none.
  const lines = all.filter(({ raw }) => raw !== '');
  return { text: mark + lines.map(({ raw }) => raw).join(''), lines };
}

const linesOf = (text: string) => text.replace(/^\uFEFF/, '').match(/[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+$/g) ?? [];

/** Lines of the text beyond `kept`, which have to be there in this order. A last line may have gained its end. */
function beyond(text: string, kept: readonly string[]): string[] {
  const rest: string[] = [];
  let at = 0;
  for (const line of linesOf(text)) {
    const next = kept[at];
    if (next !== undefined && (line === next || (!/[\r\n]$/.test(next) && line.replace(/[\r\n]+$/, '') === next)))
      at += 1;
    else rest.push(line);
  }
  assert.equal(at, kept.length, `lost ${JSON.stringify(kept[at])} of ${JSON.stringify(text)}`);
  return rest;
}

const profilesOf = (text: string) =>
  [...parseProfileFile(text).profiles].map(([name, keys]) => [name, [...keys]] as const);

test('saving keeps every foreign line, and the profile says what it should', () => {
  fc.assert(
    fc.property(files, (file) => {
      const { text, lines } = written(file);
      const saved = save(text);
      assert.equal(saved.startsWith('\uFEFF'), text.startsWith('\uFEFF'));
      for (const line of beyond(
        saved,
        lines.filter(({ ours }) => !ours).map(({ raw }) => raw),
      )) {
        assert.match(line, /^(\[dev\]|(host|client_id)\s*[=:].*|)\s*$/i);
      }
      const dev = parseProfileFile(saved).profiles.get('dev') ?? new Map();
      assert.deepEqual(new Map([...dev].filter(([key]) => owned.has(key))), wanted);
      const others = (of: string) => profilesOf(of).filter(([name]) => name !== 'dev');
      assert.deepEqual(others(saved), others(text));
      assert.equal(save(saved), saved);
    }),
    runs(1_000),
  );
});

test('a profile that was added and removed again leaves the file as it was', () => {
  fc.assert(
    fc.property(files, (file) => {
      const { text } = written(file);
      fc.pre(!parseProfileFile(text).profiles.has('dev'));
      const back = remove(save(text));
      assert.ok(back === text || back.replace(/[\r\n]+$/, '') === text, JSON.stringify([text, back]));
    }),
    runs(1_000),
  );
});

test('removing takes the profile and nothing else that has a meaning', () => {
  fc.assert(
    fc.property(files, (file) => {
      const { text } = written(file);
      const left = remove(text);
      assert.deepEqual(
        profilesOf(left),
        profilesOf(text).filter(([name]) => name !== 'dev'),
      );
      assert.deepEqual(beyond(text, linesOf(left)).length, linesOf(text).length - linesOf(left).length);
    }),
    runs(1_000),
  );
});

test('a changed value keeps its place, its spaces and its comment', () => {
  const text =
    '\uFEFF# mine\r\n[dev]\r\nHost  :  old.example   # the old one\r\nclient_secret=gone\r\nrate_limit = 5\r\n[prod]\r\nhost=x';
  assert.equal(
    save(text),
    '\uFEFF# mine\r\n[dev]\r\nHost  :  https://accounts.example   # the old one\r\nrate_limit = 5\r\nclient_id = app\r\n[prod]\r\nhost=x',
  );
});

test('a new profile stands apart at the end, with the line ends of the file', () => {
  assert.equal(save(''), '[dev]\nhost = https://accounts.example\nclient_id = app\n');
  assert.equal(save('[a]\r\nx=1'), '[a]\r\nx=1\r\n\r\n[dev]\r\nhost = https://accounts.example\r\nclient_id = app\r\n');
});

test('lines before any section are the profile DEFAULT', () => {
  const text = '# top\nhost = a\n\n[prod]\nhost = b\n';
  const saved = withProfile(text, 'DEFAULT', wanted, owned);
  assert.equal(saved, '# top\nhost = https://accounts.example\nclient_id = app\n\n[prod]\nhost = b\n');
  assert.equal(withoutProfile(saved, 'DEFAULT'), '# top\n\n[prod]\nhost = b\n');
});

test('comments inside a removed profile go with it, those behind its last key stay', () => {
  const text = '[a]\nx=1\n\n[dev]\n# rotated in May\nhost=b\n\n# production\n[prod]\nhost=c\n';
  assert.equal(remove(text), '[a]\nx=1\n\n# production\n[prod]\nhost=c\n');
});
