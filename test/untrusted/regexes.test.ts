/** Every pattern in the sources against texts made to slow patterns down: each takes time that grows with the text. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createContext, Script } from 'node:vm';

const root = join(import.meta.dirname, '../../..');

/** A pattern stands where a value may begin. */
const literal =
  /(?<=(?:[(,=:!&|?[{;]|=>|return)\s*)\/(?![*/])((?:[^\\/\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+)\/([dgimsuvy]*)/g;

const found = ['src', 'tools'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => {
      const text = readFileSync(join(root, folder, file), 'utf8').replace(
        /\/\*[\s\S]*?\*\/|(?<![:'"`\\/])\/\/.*$/gm,
        '',
      );
      return [...text.matchAll(literal)].map(([, source = '', flags = '']) => ({
        at: `${folder}/${file}`,
        source,
        flags,
      }));
    }),
);

/** Patterns that see short texts only, in characters: their time does grow with the square. */
const bounded: Readonly<Record<string, number>> = {
  // The fraction of a formatted decimal.
  '0+$': 18,
  // A number matched by a bounded pattern before.
  '\\.?0+$': 82,
  // The start of a page's title.
  '<[^>]*>': 2_000,
};

/** Ordinary letters, spaces, quotes, brackets, digits, escapes and marks without end, and an end that fits nothing. */
const pieces = [
  'a',
  'A',
  '0',
  ' ',
  '\t',
  '\n',
  '\r\n',
  '"',
  "'",
  '\\',
  '\\"',
  '/',
  '<',
  '<p',
  '<pre>',
  '>',
  '(',
  '[',
  '{',
  '}',
  '.',
  ',',
  ', a',
  ':',
  ';',
  '=',
  '-',
  '_',
  '%',
  '%2',
  '%25',
  '@',
  '*',
  '#',
  '1.',
  'a.',
  'a-',
  'a:',
  'a=',
  ' a',
  '\u0301',
  '\u200d',
  '\ufe0f',
  '👨\u200d',
  'क्',
  'eyJ',
  'eyJaaaaaaaa.',
  'Bearer ',
  'Basic a1',
  '-----BEGIN ',
  'required scopes: a, ',
  'https://',
  'A_',
  'dose0',
]; // prettier-ignore

test('the patterns are found', () => {
  assert.ok(found.length > 100, `${found.length}`);
  for (const { source, flags } of found) assert.doesNotThrow(() => new RegExp(source, flags), source);
});

// S035. A pattern that starts anew at each character would take minutes over these; the limit only ends such a run.
test('no pattern is slowed down by a text of 150,000 characters', () => {
  const context = createContext({ pattern: /./, text: '' });
  const script = new Script('text.match(pattern)');
  const slow = new Set<string>();
  for (const { at, source, flags } of found) {
    for (const piece of pieces) {
      const text = `${piece.repeat(Math.ceil((bounded[source] ?? 150_000) / piece.length))}\u0001!`;
      Object.assign(context, { pattern: new RegExp(source, flags), text });
      try {
        script.runInContext(context, { timeout: 2_000 });
      } catch {
        slow.add(`${at}: /${source}/${flags} over ${JSON.stringify(piece)}`);
        break;
      }
    }
  }
  assert.deepEqual([...slow], []);
});
