/** A live secret is found in whatever form a log, an error page or an echo gave it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createRedactor } from '../../src/core/redact.js';

const odd = 'p@ss/w+rd="ü 100%"\\n7<&\'>';
const canary = 'dosecafe-Canary.77?~zz';
const base64 = (text: string) => Buffer.from(text).toString('base64');
const hex = (text: string) => Buffer.from(text).toString('hex');
const unicode = (text: string) =>
  text.replace(/[\s\S]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
const inJson = (text: string) => JSON.stringify(text).slice(1, -1);
const lowerEscapes = (text: string) => text.replace(/%../g, (byte) => byte.toLowerCase());

/** Each gives the text in which the secret is hidden, and by itself: nothing of it may be left. */
const hiding: Record<string, (secret: string) => string> = {
  plain: (secret) => secret,
  base64,
  'base64 without padding': (secret) => base64(secret).replaceAll('=', ''),
  'base64 for addresses': (secret) => Buffer.from(secret).toString('base64url'),
  'base64 of a longer text, at the first place of a group': (secret) => base64(`abc${secret}xyz`),
  'base64 of a longer text, at the second': (secret) => base64(`abcd${secret}xy`),
  'base64 of a longer text, at the third': (secret) => base64(`abcde${secret}x`),
  'base64 in a form': (secret) => encodeURIComponent(base64(`id:${secret}`)),
  'an Authorization header': (secret) => `Basic ${base64(`11111111-2222-3333-4444-555555555555:${secret}`)}`,
  hexadecimal: hex,
  'hexadecimal in capitals': (secret) => hex(secret).toUpperCase(),
  'percent encoding': encodeURIComponent,
  'percent encoding in small letters': (secret) => lowerEscapes(encodeURIComponent(secret)),
  'form encoding': (secret) => new URLSearchParams({ v: secret }).toString().slice(2),
  'form encoding in small letters': (secret) => lowerEscapes(new URLSearchParams({ v: secret }).toString().slice(2)),
  JSON: inJson,
  'JSON in JSON': (secret) => inJson(inJson(secret)),
  'JSON with escaped slashes': (secret) => inJson(secret).replaceAll('/', '\\/'),
  'JSON in ASCII': (secret) => inJson(secret).replaceAll('ü', '\\u00fc'),
  'JSON in ASCII, capitals': (secret) => inJson(secret).replaceAll('ü', '\\u00FC'),
  'JSON as Go writes it': (secret) => inJson(secret).replace(/[<>&]/g, unicode),
  'JSON, every character escaped': unicode,
  'JSON in JSON, every character escaped': (secret) => inJson(unicode(secret)),
  'HTML as Go writes it': (secret) => html(secret).replaceAll('"', '&#34;').replaceAll("'", '&#39;'),
  'HTML as Python writes it': (secret) => html(secret).replaceAll('"', '&quot;').replaceAll("'", '&#x27;'),
  'HTML with bare quotes': (secret) => html(secret),
};

function html(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

for (const [name, hide] of Object.entries(hiding)) {
  test(`nothing is left of a live secret in ${name}`, () => {
    for (const secret of [odd, canary]) {
      const redactor = createRedactor();
      redactor.add(secret);
      const hidden = hide(secret);
      const clean = redactor.scrub(`a ${hidden} b ${hidden} c`);
      assert.match(clean, /^a (Basic )?\[redacted\][%3Dd]* b (Basic )?\[redacted\][%3Dd]* c$/, hidden);
      const value = { list: [{ deep: [hidden] }], [hidden]: true };
      assert.ok(!JSON.stringify(redactor.scrubValue(value)).includes(JSON.stringify(hidden).slice(1, -1)));
    }
  });
}

test('any secret is removed in any of its forms from any text, and the rest of the text stays', () => {
  const secrets = fc.array(fc.string({ minLength: 8, maxLength: 60, unit: 'binary' }), { minLength: 1, maxLength: 5 });
  const around = fc.string({ maxLength: 40 }).filter((text) => !/[\w+/=%-]/.test(text));
  fc.assert(
    fc.property(secrets, around, fc.constantFrom(...Object.values(hiding)), (values, rest, hide) => {
      const redactor = createRedactor();
      for (const value of values) redactor.add(value);
      for (const value of values) {
        const whole = value.toWellFormed();
        const clean = redactor.scrub(`${rest}\n${hide(whole)}\n${rest}`);
        assert.ok(!clean.includes(hide(whole)), JSON.stringify([value, clean]));
      }
    }),
    { numRuns: 200 },
  );
});

/** Values of few letters, and texts made of them and of their parts, so that they overlap in every way. */
const alike = fc
  .array(fc.string({ minLength: 8, maxLength: 14, unit: fc.constantFrom('a', 'b') }), { minLength: 1, maxLength: 4 })
  .chain((values) => {
    const longer = values.map((each) => `${each}ab${each}`);
    const part = fc.constantFrom('a', 'b', ...values, ...longer, ...values.map((each) => each.slice(3)));
    return fc.tuple(fc.shuffledSubarray([...values, ...longer], { minLength: 1 }), fc.array(part, { maxLength: 12 }));
  });

test('what is found is what a plain search finds, overlaps included', () => {
  fc.assert(
    fc.property(alike, ([values, parts]) => {
      const redactor = createRedactor();
      for (const each of values) redactor.add(each);
      const text = parts.join('');
      const hit = new Set<number>();
      for (const each of values) {
        for (let at = text.indexOf(each); at !== -1; at = text.indexOf(each, at + 1)) {
          for (let index = at; index < at + each.length; index += 1) hit.add(index);
        }
      }
      const expected = [...text].map((letter, index) => (hit.has(index) ? '#' : letter)).join('');
      assert.equal(redactor.scrub(text), expected.replace(/#+/g, '[redacted]'));
    }),
  );
});

test('of two secrets that overlap in a text neither leaves a part', () => {
  const redactor = createRedactor();
  redactor.add('correct-horse');
  redactor.add('horse-battery');
  assert.equal(redactor.scrub('x correct-horse-battery y'), 'x [redacted] y');
});

test('a secret registered again counts as new, and the oldest leave', () => {
  const redactor = createRedactor();
  redactor.add('first-of-all');
  for (let index = 0; index < 299; index += 1) redactor.add(`value-number-${index}`);
  redactor.add('first-of-all');
  redactor.add('one-too-many');
  assert.equal(
    redactor.scrub('first-of-all value-number-0 value-number-1 one-too-many'),
    '[redacted] value-number-0 [redacted] [redacted]',
  );
});

test('secrets are found after new ones were registered', () => {
  const redactor = createRedactor();
  redactor.add('the-first-value');
  assert.equal(redactor.scrub('the-first-value second-1'), '[redacted] second-1');
  redactor.add('second-1');
  assert.equal(redactor.scrub('the-first-value second-1'), '[redacted] [redacted]');
});

test('texts made to slow the redactor down take their time once, with many secrets that begin alike', () => {
  const redactor = createRedactor();
  for (let index = 0; index < 100; index += 1) redactor.add(`eyJhbGciOiJSUzI1NiJ9.${index}.${'x'.repeat(800)}`);
  redactor.add('aaaaaaaaaaaaaaaaaaaaaaaa');
  const hostile = [
    'a',
    'eyJhbGciOiJSUzI1NiJ9.',
    base64('eyJhbGciOiJSUzI1NiJ9.'),
    'client_secret',
    'password\\\\\\\\\\\\\\\\',
    'password"  ',
    'password="',
    'a"a:a',
    '%61',
    '\\u0061',
    '-eyJ',
    'Basic ',
    'Basic    a1',
    '-----BEGIN ',
    '-----BEGIN X-----END ',
    '-----BEGIN PRIVATE KEY',
  ];
  for (const part of hostile) {
    const text = `${part.repeat(Math.ceil(1_000_000 / part.length))}-----END `;
    const started = performance.now();
    redactor.scrub(text);
    // A hang detector: what is not linear takes minutes here.
    assert.ok(performance.now() - started < 5_000, part);
  }
});
