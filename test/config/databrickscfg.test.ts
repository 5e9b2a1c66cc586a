import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ProfileFileError, parseProfileFile, pickProfile } from '../../src/databricks/databrickscfg.js';

const values = (text: string, asked?: string) =>
  Object.fromEntries(pickProfile(parseProfileFile(text), asked)?.values ?? []);

describe('.databrickscfg', () => {
  it('reads BOM, CRLF, comments, both delimiters and indentation', () => {
    const text = '\uFEFF; note\r\n# note\r\n[dev] # here\r\n  Host = a\r\n\tcloud: aws\r\n';
    assert.deepEqual(values(text, 'dev'), { host: 'a', cloud: 'aws' });
  });

  const inline: [line: string, value: string][] = [
    ['k = a#b', 'a#b'],
    ['k = a #b', 'a'],
    ['k = a\t# b # c', 'a'],
    ['k = # b', ''],
    ['k =#b', '#b'],
    ['k = a=b:c', 'a=b:c'],
    ['k = a ;b', 'a ;b'],
  ];
  for (const [line, value] of inline) {
    it(`takes "${value}" from "${line}"`, () => assert.equal(values(`[p]\n${line}`, 'p').k, value));
  }

  it('chooses the named profile, else default_profile, else [DEFAULT]', () => {
    const both = '[__settings__]\ndefault_profile = b\n[DEFAULT]\nk=default\n[a]\nk=a\n[b]\nk=b\n';
    assert.equal(values(both, 'a').k, 'a');
    assert.equal(values(both).k, 'b');
    assert.equal(values(both.replace('default_profile', 'other')).k, 'default');
    assert.equal(values('k = before any section').k, 'before any section');
  });

  it('does not hand [DEFAULT] down to other profiles', () => {
    assert.deepEqual(values('[DEFAULT]\nhost=x\n[a]\nk=1', 'a'), { k: '1' });
  });

  it('tolerates a missing profile only when it is the fallback', () => {
    assert.equal(pickProfile(parseProfileFile('[a]\nk=1'), undefined), undefined);
    assert.throws(() => values('[a]\nk=1', 'b'), /^ProfileFileError: has no b profile configured$/);
    assert.throws(() => values('[a]\nk=1', 'DEFAULT'), /has no DEFAULT profile configured/);
    assert.throws(() => values('[__settings__]\ndefault_profile=gone'), /has no gone profile configured/);
    assert.throws(() => values('[empty]', 'empty'), /has no empty profile configured/);
    assert.throws(() => values('[__settings__]\nk=1', '__settings__'), /reserved/);
    assert.throws(() => values('[__settings__]\ndefault_profile=__settings__'), /reserved/);
  });

  it('lets the last of several values count and tells which profile repeats itself', () => {
    const file = parseProfileFile('[a]\nk=1\nk=2\n[b]\nk=1\n[c]\nk=1\n[c]\nk=3');
    assert.equal(file.profiles.get('a')?.get('k'), '2');
    assert.equal(file.profiles.get('c')?.get('k'), '3');
    assert.deepEqual([...file.repeated], ['a', 'c']);
  });

  it('names the line that makes no sense and never quotes it', () => {
    for (const line of ['dose123', '= dose123', '[dose123', '[] dose123', '[x] dose123']) {
      assert.throws(
        () => parseProfileFile(`[a]\n${line}`),
        (error) => error instanceof ProfileFileError && /line 2/.test(error.message) && !error.message.includes('dose'),
      );
    }
  });

  it('reads a file of a megabyte', () => {
    assert.equal(values(`[a]\nk = ${'x '.repeat(500_000)}\n${'l=1\n'.repeat(100_000)}`, 'a').l, '1');
  });

  it('throws nothing but its own error and changes no prototype, whatever comes in', () => {
    const piece = fc.constantFrom(
      '[',
      ']',
      '=',
      ':',
      '#',
      ';',
      '\n',
      '\r',
      ' ',
      '__proto__',
      'constructor',
      'prototype',
      'a',
      '\0',
    );
    const before = JSON.stringify([
      Object.getOwnPropertyNames(Object.prototype),
      Object.getOwnPropertyNames(Map.prototype),
    ]);
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece).map((parts) => parts.join('')),
        ),
        fc.option(piece),
        (text, asked) => {
          try {
            const file = parseProfileFile(text);
            assert.equal(({} as Record<string, unknown>).a, undefined);
            pickProfile(file, asked ?? undefined);
          } catch (error) {
            assert.ok(error instanceof ProfileFileError);
          }
        },
      ),
      { numRuns: 3000 },
    );
    const after = JSON.stringify([
      Object.getOwnPropertyNames(Object.prototype),
      Object.getOwnPropertyNames(Map.prototype),
    ]);
    assert.equal(after, before);
    assert.equal(values('[__proto__]\n__proto__ = x\npolluted = y', '__proto__').polluted, 'y');
  });
});
