/** Ten thousand names as people have them, in the scripts they write: none is changed and none is called suspicious. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { escapeHidden, hasHidden, oneLine } from '../../src/core/visible.js';
import { visibleAnswer } from '../../src/core/visible-json.js';

const joiner = '\u200d';
const nonJoiner = '\u200c';

/** Words of letters of an alphabet. */
const word = (letters: string, minLength = 2, maxLength = 9) =>
  fc.array(fc.constantFrom(...letters), { minLength, maxLength }).map((parts) => parts.join(''));

/** Words of syllables: consonants, perhaps joined by a virama and what shapes it, and a vowel sign. */
const syllables = (consonants: string, virama: string, vowels: readonly string[], links: readonly string[]) => {
  const consonant = fc.constantFrom(...consonants);
  const cluster = fc
    .tuple(consonant, fc.constantFrom(...links), consonant)
    .map(([first, link, second]) => first + virama + link + second);
  const syllable = fc
    .tuple(fc.oneof(consonant, cluster), fc.constantFrom('', ...vowels))
    .map(([letters, vowel]) => letters + vowel);
  return fc.array(syllable, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(''));
};

const composed = word('abcdeghilmnorstuzäöüßéèêëñçøåæœšžłőğışțăđ');
const decomposed = fc
  .array(
    fc
      .tuple(
        fc.constantFrom(...'aeioucnszrtd'),
        fc.constantFrom('', '\u0301', '\u0308', '\u0323\u0302', '\u031b\u0309'),
      )
      .map(([letter, marks]) => letter + marks),
    { minLength: 2, maxLength: 8 },
  )
  .map((parts) => parts.join(''));
const arabic = word('ابتثجحخدذرزسشصضطظعغفقكلمنهويىة');
const persian = fc
  .array(word('ابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی', 1, 5), { minLength: 1, maxLength: 3 })
  .map((parts) => parts.join(nonJoiner));
const links = ['', joiner, nonJoiner];

const words: Readonly<Record<string, fc.Arbitrary<string>>> = {
  Latin: composed,
  'Latin in pieces': decomposed,
  Greek: word('αβγδεζηθικλμνξοπρστυφχψωάέήίόύώ'),
  Cyrillic: word('абвгдежзийклмнопрстуфхцчшщъыьэюяіїєґ'),
  Chinese: word('数据平台团队管理员王李张刘陈杨赵黄周吴', 1, 4),
  'Chinese with variants': word('葛邉神', 1, 2).map((text) => [...text].map((each) => `${each}\u{e0100}`).join('')),
  Japanese: word('データ基盤チーム管理者あいうえおカキクケコ髙﨑', 1, 6),
  Korean: word('데이터플랫폼관리자김이박최정', 1, 5),
  Arabic: arabic,
  'Arabic with vowels': word('بتثجحدرسشعفقكلمن', 1, 4).map((text) =>
    [...text].map((each) => `${each}\u064e\u0651`).join(''),
  ),
  Urdu: word('ابپتٹجچحخدڈرڑزسشصطعفقکگلمنںوہھءیے'),
  Hebrew: word('אבגדהוזחטיכלמנסעפצקרשתםןץףך'),
  'Hebrew with points': word('בגדהמנרש', 1, 4).map((text) => [...text].map((each) => `${each}\u05bc\u05b8`).join('')),
  Persian: persian,
  'Persian after Latin': word('ABCDEFPQ', 2, 3).map((text) => `${text}${nonJoiner}ها`),
  Hindi: syllables('कखगघचजटडतदनपबमयरलवशसह', '\u094d', ['ा', 'ि', 'ी', 'ु', 'े', 'ो', 'ं'], links),
  Bengali: syllables('কখগঘচজটডতদনপবমযরলশসহ', '\u09cd', ['া', 'ি', 'ী', 'ু', 'ে', 'ো'], links),
  'Bengali ya after ra': fc.constant(`র${joiner}\u09cdযাব`),
  Gujarati: syllables('કખગઘચજટડતદનપબમયરલવશસહ', '\u0acd', ['ા', 'િ', 'ી', 'ુ', 'ે', 'ો'], links),
  Tamil: syllables('கசடதபறமயரலவழளன', '\u0bcd', ['ா', 'ி', 'ீ', 'ு', 'ே'], links),
  Telugu: syllables('కఖగఘచజటడతదనపబమయరలవశసహ', '\u0c4d', ['ా', 'ి', 'ీ', 'ు', 'ే'], links),
  Kannada: syllables('ಕಖಗಘಚಜಟಡತದನಪಬಮಯರಲವಶಸಹ', '\u0ccd', ['ಾ', 'ಿ', 'ೀ', 'ು', 'ೇ'], links),
  Malayalam: syllables('കഖഗഘചജടഡതദനപബമയരലവശസഹ', '\u0d4d', ['ാ', 'ി', 'ീ', 'ു', 'േ'], links),
  'Malayalam with an old chillu': word('നരലളണ', 1, 1).map((letter) => `അവ${letter}\u0d4d${joiner}`),
  Sinhala: syllables('කගචජටඩතදනපබමයරලවසහ', '\u0dca', ['ා', 'ැ', 'ි', 'ී', 'ු', 'ේ'], links),
  Thai: syllables('กขคงจชดตถทนบปพมยรลวสหอ', '', ['า', 'ี่', 'ื้อ', 'ุ', '์'], ['']),
  Khmer: syllables('កខគឃងចឆជញដតថទនបផពភមយរលវសហអ', '\u17d2', ['ា', 'ិ', 'ី', 'ុ'], ['']),
  Georgian: word('აბგდევზთიკლმნოპრსტუფქ'),
  Armenian: word('աբգդեզէըթժիլխծկհ'),
  Amharic: word('ሀለሐመሠረሰሸቀበተ', 1, 4),
};

const emoji = fc.constantFrom(
  '👨‍👩‍👧‍👦',
  '👩🏽‍💻',
  '🏳️‍🌈',
  '🏳️‍⚧️',
  '🏴‍☠️',
  '❤️',
  '❤️‍🔥',
  '☁️',
  '✔️',
  '✔︎',
  '⚙️',
  '🧑🏻‍🤝‍🧑🏿',
  '👁️‍🗨️',
  '🏃🏾‍♀️‍➡️',
  '🐻‍❄️',
  '🚚',
  '👍🏿',
  '🇩🇪',
  '🇯🇵🇰🇷',
  '1️⃣',
  '#️⃣',
  '*️⃣',
  '©️',
  '™️',
  'ℹ️',
  '↔️',
  '〰️',
  '㊗️',
  '🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}',
  '🏴\u{e0067}\u{e0062}\u{e0077}\u{e006c}\u{e0073}\u{e007f}',
  '🧑‍🧑‍🧒‍🧒',
  '👩‍❤️‍💋‍👨',
); // prettier-ignore

const email = fc
  .tuple(
    word('abcdefghijklmnopqrstuvwxyz0123456789', 1, 12),
    word('abcdefghij-', 2, 8),
    fc.constantFrom('com', 'co.jp', 'de', 'xn--p1ai'),
  )
  .map(([who, where, top]) => `${who}.x+dbx@${where}.${top}`);

const anyWord = fc.oneof(...Object.values(words));
const name = fc.oneof(
  ...Object.values(words).map((of) => fc.tuple(of, of).map(([first, last]) => `${first} ${last}`)),
  fc.tuple(emoji, anyWord, emoji).map((parts) => parts.join(' ')),
  fc.tuple(anyWord, emoji).map(([text, picture]) => text + picture),
  fc.array(emoji, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('')),
  fc
    .tuple(
      anyWord,
      fc.constantFrom('\u00a0', '\u3000', '\u2009', '\u202f', '-', '_', ' – ', '’', ' (', '・', '، '),
      anyWord,
    )
    .map((parts) => parts.join('')),
  email,
);

const names = fc.sample(name, { numRuns: 10_000, seed: 25 });

// S025
test('ten thousand names are neither changed nor flagged', () => {
  assert.ok(new Set(names).size > 8_000, `${new Set(names).size}`);
  const escapesOf = (text: string) =>
    escapeHidden(text)
      .match(/\\u[\w{}]+/g)
      ?.join(' ');
  assert.deepEqual(
    names.filter(hasHidden).map((text) => `${text}: ${escapesOf(text)}`),
    [],
  );
  assert.deepEqual(
    names.filter((text) => escapeHidden(text) !== text),
    [],
  );
});

test('an answer that holds them all is passed on as it is', () => {
  const answer = { data: names.map((displayName) => ({ displayName, [displayName]: 1 })) };
  const { text, structured } = visibleAnswer(answer);
  assert.equal(structured, answer);
  assert.equal(text, JSON.stringify(answer));
});

test('in a prompt they are read as they are', () => {
  const short = names.filter((text) => text.length < 110 && !/["\\]/.test(text));
  assert.deepEqual(
    short.filter((text) => oneLine(text) !== `"${text}"`),
    [],
  );
});
