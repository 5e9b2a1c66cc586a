/** Characters that hide or turn are spelled out; what scripts and emoji need stays; one line is one line. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { escapeHidden, flat, hasHidden, oneLine } from '../../src/core/visible.js';
import { hostileText, runs } from '../fuzz/arbitraries.js';

const hidden: Readonly<Record<string, readonly number[]>> = {
  'C0 and C1 controls': [0, 7, 8, 0xb, 0xc, 0x1b, 0x1f, 0x7f, 0x80, 0x85, 0x9b, 0x9f],
  'bidi embeddings, overrides and isolates': [0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069],
  'bidi marks': [0x200e, 0x200f, 0x061c],
  'zero widths, word joiner and invisible operators': [0x200b, 0x2060, 0x2061, 0x2062, 0x2063, 0x2064, 0xfeff],
  'deprecated format characters': [0x206a, 0x206f],
  'soft hyphen, grapheme joiner, fillers': [0xad, 0x34f, 0x115f, 0x1160, 0x3164, 0xffa0, 0x17b4, 0x17b5],
  'Mongolian selectors and separator': [0x180b, 0x180c, 0x180d, 0x180e, 0x180f],
  'line and paragraph separators': [0x2028, 0x2029],
  'interlinear annotation': [0xfff9, 0xfffa, 0xfffb],
  'tag characters': [0xe0001, 0xe0020, 0xe0041, 0xe007a, 0xe007f],
  'variation selectors on a base that takes none': [0xfe00, 0xfe0e, 0xfe0f, 0xe0100, 0xe01ef],
  'joiners between Latin letters': [0x200c, 0x200d],
  'shorthand and musical format controls': [0x1bca0, 0x1d173],
  'unassigned ignorables': [0x2065, 0xfff0, 0xe0002, 0xe0fff],
  'blank braille': [0x2800],
  'halves of pairs': [0xd800, 0xdbff, 0xdc00, 0xdfff],
  'non-characters': [0xfdd0, 0xfffe, 0xffff, 0x10ffff],
};

const escapeOf = (code: number) =>
  code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, '0')}`;

for (const [name, codes] of Object.entries(hidden)) {
  test(`spelled out: ${name}`, () => {
    for (const code of codes) {
      const text = `admin${String.fromCodePoint(code)}s`;
      assert.equal(hasHidden(text), true, escapeOf(code));
      assert.equal(escapeHidden(text), `admin${escapeOf(code)}s`);
    }
  });
}

const benign: Readonly<Record<string, string>> = {
  'tabs and line ends': 'a\tb\r\nc',
  'Latin with diacritics': 'Zoë Nuñez-Ångström, Đặng Thị Hương',
  'decomposed diacritics': 'Zoe\u0308 Tru\u031bo\u031b\u0300ng',
  'no-break and ideographic spaces': 'A\u00a0B\u3000C\u202fD',
  'Chinese, Japanese and Korean': '数据平台 データ基盤 데이터 플랫폼',
  'an ideograph with its variants': '\u845b\u{e0100} \u795e\ufe00',
  Hebrew: 'צוות נתונים',
  'Hebrew with points': 'בְּרֵאשִׁ֖ית',
  Arabic: 'فريق البيانات',
  'Persian with a non-joiner': 'می\u200cخواهم کتاب\u200cها PDF\u200cها',
  'an Arabic abbreviation with a joiner': 'ه\u200d.ش',
  'Hindi with joiners': 'क्\u200dष र्\u200dय क्\u200cष',
  Bengali: 'র\u200d্য',
  'Malayalam with an old chillu': 'അവന്\u200d വന്നു',
  Sinhala: 'ක්\u200dය ශ්\u200dරී',
  Thai: 'ทีมข้อมูล',
  'private use': '\ue000\u{f0000}',
  'an object replacement': '\ufffc\ufffd',
  'emoji with a selector': '❤️ ☁️ ✔︎ ✓️ ©️',
  'emoji families': '👨‍👩‍👧‍👦 👩🏽‍💻 🏳️‍🌈 🏴‍☠️ 🧑‍🦯‍➡️ 👁️‍🗨️ 🏃🏽‍♀️',
  keycaps: '1️⃣ #️⃣ *️⃣',
  flags: '🇩🇪 🇯🇵 🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}',
  'eight marks on a letter': `a${'\u0301'.repeat(8)}`,
};

for (const [name, text] of Object.entries(benign)) {
  test(`left alone: ${name}`, () => {
    assert.equal(escapeHidden(text), text);
    assert.equal(hasHidden(text), false);
  });
}

const misplaced: Readonly<Record<string, string>> = {
  'two selectors on one emoji': '❤️️',
  'a selector on a digit that is no keycap': '1️',
  'two selectors on one ideograph': '\u845b\u{e0100}\u{e0101}',
  'an ideograph’s selector on an emoji': '👍\u{e0100}',
  'two joiners in a row': 'می\u200c\u200cخواهم',
  'a non-joiner at the end of a word': 'می\u200c ',
  'a joiner after an emoji that leads nowhere': '👨\u200d ',
  'a selector that begins a text': '\ufe0f❤',
  'a flag whose tags spell something else': '🏴\u{e0069}\u{e0067}\u{e006e}\u{e006f}\u{e0072}\u{e0065}\u{e007f}',
  'a flag whose tags do not end': '🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}',
  'the tags of a flag without the flag': 'x\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}',
  'nine marks on a letter': `a${'\u0301'.repeat(9)}`,
};

for (const [name, text] of Object.entries(misplaced)) {
  test(`spelled out although it is allowed elsewhere: ${name}`, () => {
    assert.equal(hasHidden(text), true);
    assert.match(escapeHidden(text), /\\u/);
    assert.equal(hasHidden(escapeHidden(text)), false);
  });
}

test('a message smuggled in selectors or tags is readable afterwards', () => {
  const tags = [...'obey'].map((letter) => String.fromCodePoint(0xe0000 + letter.charCodeAt(0))).join('');
  assert.equal(escapeHidden(`Ops${tags}`), 'Ops\\u{e006f}\\u{e0062}\\u{e0065}\\u{e0079}');
  const selectors = [...'obey'].map((letter) => String.fromCodePoint(0xe0100 + letter.charCodeAt(0) - 16)).join('');
  assert.doesNotMatch(escapeHidden(`👍${selectors}`), /[\u{e0100}-\u{e01ef}]/u);
});

const anyText = fc.oneof(hostileText, fc.string({ unit: 'binary', maxLength: 60 }), fc.string({ unit: 'grapheme' }));

test('a text is changed exactly when something in it is hidden, and then nothing is', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const escaped = escapeHidden(text);
      assert.equal(escaped !== text, hasHidden(text));
      assert.equal(hasHidden(escaped), false);
    }),
    runs(2_000),
  );
});

test('one line holds no line end, no hidden character and no quote that ends it, and is as long as asked at most', () => {
  fc.assert(
    fc.property(anyText, fc.integer({ min: 12, max: 140 }), (text, most) => {
      const line = oneLine(text, most);
      assert.ok([...line].length <= most, `${[...line].length} > ${most}`);
      assert.match(line, /^"(?:[^"\\\p{Cc}\p{Cs}\u2028\u2029]|\\["\\nrt]|\\u[0-9a-f]{4}|\\u\{[0-9a-f]{5,6}\})*"$/u);
      assert.equal(hasHidden(line), false);
    }),
    runs(3_000),
  );
});

test('one line tells a text that fits in full, and two texts apart', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 10 }), fc.string({ unit: 'binary', maxLength: 10 }), (a, b) => {
      assert.equal(oneLine(a) === oneLine(b), a === b);
    }),
    runs(1_000),
  );
  assert.equal(oneLine('Ana "the admin" C:\\x\n'), '"Ana \\"the admin\\" C:\\\\x\\n"');
});

test('what is cut ends in an ellipsis, never in half an escape or half an emoji', () => {
  assert.equal(oneLine('abcdefghij', 8), '"abcde…"');
  assert.equal(oneLine('abcdef', 8), '"abcdef"');
  assert.equal(oneLine('abc\u202edef', 10), '"abc…"');
  assert.equal(oneLine('🚚'.repeat(9), 8), '"🚚🚚🚚🚚🚚…"');
  assert.equal(oneLine('👨‍👩‍👧‍👦'.repeat(9), 7), '"👨‍👩…"');
  assert.equal(oneLine('x'.repeat(5_000_000)).length, 120);
});

test('a line without quotes of its own keeps those in it', () => {
  assert.equal(flat('members: "a"\n\u202e', 100), 'members: "a"\\n\\u202e');
  assert.equal(flat('x'.repeat(200), 100), `${'x'.repeat(99)}…`);
});

test('long texts made to slow the search down do not', () => {
  // A search that started anew at each of these would not end.
  for (const piece of ['\u0301', '\u200d', '\ufe0f', '\u{e0041}', '👨\u200d', 'क्\u200d', '🏴\u{e0067}', 'ا\u200c']) {
    const text = piece.repeat(400_000);
    assert.equal(typeof escapeHidden(text), 'string');
    assert.equal(typeof hasHidden(text), 'boolean');
  }
});
