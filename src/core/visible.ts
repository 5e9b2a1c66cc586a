/**
 * Makes visible what a reader cannot see: characters without a shape, and those that turn the reading direction. Names
 * in an account are chosen by many people; what they hide is shown as escapes, and what a script or an emoji needs stays.
 */

/**
 * What Unicode calls ignorable (zero widths, bidi controls, fillers, tags, variation selectors), halves of pairs,
 * non-characters, controls but for tab and line ends, line and paragraph separators, annotation marks, blank braille.
 */
const shapeless =
  String.raw`\p{Default_Ignorable_Code_Point}\p{Cs}\p{Noncharacter_Code_Point}` +
  String.raw`\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u2028\u2029\ufff9-\ufffb\u2800`;

/** Marks that may stand on one base. No script stacks so many; a taller pile hides what is around it. */
const mostMarks = 8;

/** All that may have to be escaped. Tags come as a run, because a flag is judged as a whole. */
const candidate = new RegExp(String.raw`[\u{e0020}-\u{e007f}]+|[${shapeless}]|\p{M}(?<=\p{M}{${mostMarks + 1}})`, 'gu');

/** Most texts end here: printable ASCII, tab and line ends. */
const beyondAscii = /[^\t\n\r\u0020-\u007e]/;

/** Letters, marks and digits of scripts that are written with joiners. */
const joining =
  String.raw`(?=[\p{L}\p{M}\p{N}])[` +
  [
    'Arab',
    'Syrc',
    'Nkoo',
    'Deva',
    'Beng',
    'Guru',
    'Gujr',
    'Orya',
    'Taml',
    'Telu',
    'Knda',
    'Mlym',
    'Sinh',
    'Khmr',
    'Mymr',
  ]
    .map((script) => String.raw`\p{Script_Extensions=${script}}`)
    .join('') +
  ']';

const before = {
  joining: new RegExp(`${joining}$`, 'u'),
  letter: /[\p{L}\p{N}]$/u,
  /** A virama, or an Arabic letter: a joiner after it shapes it even at the end of a word. */
  shaped: /(?:[\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d\u0dca]|(?=\p{L})\p{Script_Extensions=Arab})$/u,
  pictogram: /\p{Extended_Pictographic}(?:\ufe0f|\p{Emoji_Modifier})?$/u,
  symbol: /(?![ -~])[\p{Emoji}\p{So}]$/u,
  key: /[0-9#*]$/,
  ideograph: /\p{Unified_Ideograph}$/u,
  flag: /\u{1f3f4}$/u,
};

const after = {
  joining: new RegExp(`^${joining}`, 'u'),
  notWord: new RegExp(String.raw`^(?![\p{L}\p{M}${shapeless}])`, 'u'),
  pictogram: /^\p{Extended_Pictographic}/u,
  keycap: /^\u20e3/,
};

/** The subdivision flags that everybody can show: England, Scotland, Wales. Other tags show as nothing at all. */
const flags = new Set(['gbeng', 'gbsct', 'gbwls'].map((name) => `${tagged(name)}\u{e007f}`));

function tagged(name: string): string {
  return [...name].map((letter) => String.fromCodePoint(0xe0000 + letter.charCodeAt(0))).join('');
}

/** True for what a script or an emoji needs at this place. */
function belongs(found: string, text: string, at: number): boolean {
  const code = found.codePointAt(0) ?? 0;
  const left = text.slice(Math.max(0, at - 8), at);
  const right = text.slice(at + found.length, at + found.length + 4);
  if (code === 0x200c) return (before.joining.test(left) || before.letter.test(left)) && after.joining.test(right);
  if (code === 0x200d) {
    if (before.pictogram.test(left)) return after.pictogram.test(right);
    if (before.joining.test(left) && after.joining.test(right)) return true;
    return before.shaped.test(left) && after.notWord.test(right);
  }
  if (code === 0xfe0e || code === 0xfe0f)
    return before.symbol.test(left) || (before.key.test(left) && after.keycap.test(right));
  if ((code >= 0xfe00 && code <= 0xfe02) || (code >= 0xe0100 && code <= 0xe01ef)) return before.ideograph.test(left);
  if (code >= 0xe0020 && code <= 0xe007f) return flags.has(found) && before.flag.test(left);
  return false;
}

/** The text with each hidden character as `spell` writes it. The same text where there is none. */
export function replaceHidden(text: string, spell: (character: string) => string): string {
  if (!beyondAscii.test(text)) return text;
  return text.replace(candidate, (found: string, at: number) =>
    belongs(found, text, at) ? found : [...found].map(spell).join(''),
  );
}

/** True where a reader would not see all that is there. */
export function hasHidden(text: string): boolean {
  if (!beyondAscii.test(text)) return false;
  for (const { 0: found, index } of text.matchAll(candidate)) if (!belongs(found, text, index)) return true;
  return false;
}

/** The escape of one character: `\u202e`, `\u{e0041}`. */
function spelled(character: string): string {
  const hex = (character.codePointAt(0) ?? 0).toString(16);
  return hex.length > 4 ? `\\u{${hex}}` : `\\u${hex.padStart(4, '0')}`;
}

/** The text with hidden characters spelled out. Tabs and line ends stay. */
export const escapeHidden = (text: string): string => replaceHidden(text, spelled);

/** Text of others, made safe to show: control characters could move the cursor, others hide or turn what is written. */
export const plain = (text: string): string => escapeHidden(text.replace(/\p{Cc}+/gu, ' ').trim());

const short: Readonly<Record<string, string>> = { '\t': '\\t', '\n': '\\n', '\r': '\\r', '"': '\\"', '\\': '\\\\' };

/**
 * The text as one line in double quotes that nothing in it can end, for sentences and prompts: line ends and hidden
 * characters spelled out, at most `most` characters with its quotes.
 */
export const oneLine = (text: string, most = 120): string => `"${cut(text, most - 2, true)}"`;

/** The same without quotes, for lines whose quotes are ours. */
export const flat = (text: string, most: number): string => cut(text, most, false);

function cut(text: string, most: number, isQuoted: boolean): string {
  // Each character shown takes at most two units, so no more is looked at; the rest lets the last ones be judged.
  const pieces = [...piecesOf(text.slice(0, 2 * most + 16), isQuoted)];
  let room = most;
  let count = 0;
  while (count < pieces.length && widthOf(pieces[count]) <= room) {
    room -= widthOf(pieces[count]);
    count += 1;
  }
  if (count === pieces.length) return pieces.join('');
  for (; count > 0 && room < 1; count -= 1) room += widthOf(pieces[count - 1]);
  // A joiner or selector at the edge has lost what it belonged to.
  while (count > 0 && /^\p{Default_Ignorable_Code_Point}$/u.test(pieces[count - 1] ?? '')) count -= 1;
  return `${pieces.slice(0, count).join('')}…`;
}

/** Code points and escapes, which are never torn apart. */
function* piecesOf(text: string, isQuoted: boolean): Generator<string> {
  const plain = (part: string) =>
    [...part].map((each) => (isQuoted || (each !== '"' && each !== '\\') ? (short[each] ?? each) : each));
  let at = 0;
  for (const { 0: found, index } of text.matchAll(candidate)) {
    if (belongs(found, text, index)) continue;
    yield* plain(text.slice(at, index));
    yield* [...found].map(spelled);
    at = index + found.length;
  }
  yield* plain(text.slice(at));
}

/** Escapes are ASCII, everything else is one code point. */
const widthOf = (piece = ''): number => (piece.length > 1 && piece.startsWith('\\') ? piece.length : 1);
