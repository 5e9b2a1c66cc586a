/** Error answers of any shape, and Retry-After of any kind: always one bounded, well-formed failure. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { answerOfFailure } from '../../src/answers.js';
import { ActionError } from '../../src/core/errors.js';
import { quote } from '../../src/core/quote.js';
import { retryAfterSeconds } from '../../src/core/retry.js';
import { upstreamError } from '../../src/core/upstream-errors.js';
import { listUsers } from '../../tools/users.js';
import { hostileBytes, hostileText, objectWith, runs } from './arbitraries.js';

const fields = [
  'error_code',
  'message',
  'error',
  'error_description',
  'detail',
  'status',
  'scimType',
  'details',
  'request_id',
];
const body = fc.oneof(
  hostileBytes.map((bytes) => bytes.toString('utf8')),
  hostileText,
  objectWith(fields).map((each) => JSON.stringify(each)),
  fc.tuple(fc.constantFrom(...fields), hostileText, fc.integer({ min: 1, max: 100 })).map(([field, text, times]) => {
    return JSON.stringify({ [field]: text.repeat(times) });
  }),
  hostileText.map((text) => `<!doctype html><pre>${text}</pre>`),
  hostileText.map((text) => `BAD_REQUEST: ${text}`),
);
// biome-ignore lint/suspicious/noControlCharactersInRegex: HTTP lets no control character through in a header
const headerText = hostileText.map((text) => text.replace(/[\u0000-\u001f\u007f]/g, ''));
const headers = fc.record(
  { 'retry-after': headerText, 'x-request-id': headerText, 'content-type': headerText },
  { requiredKeys: [] },
);
const answer = fc.record({ status: fc.integer({ min: 400, max: 599 }), body, headers, now: fc.constant(Date.now()) });

// S081
test('any error answer becomes a failure that is bounded and says nothing undefined', () => {
  fc.assert(
    fc.property(answer, (each) => {
      const error = upstreamError(each);
      assert.ok(error instanceof ActionError);
      for (const [name, value] of Object.entries(error.failure)) assert.notEqual(value, undefined, name);
      const { code = '', requestId = '' } = error.failure;
      // The words are cut where they are quoted, after they were scrubbed.
      const upstreamMessage = quote(error.failure.upstreamMessage ?? '', (text) => text);
      for (const text of [code, upstreamMessage, requestId]) assert.ok(text.length <= 500, `${text.length} characters`);
    }),
    runs(1_000),
  );
});

// S027, S067
test('no word of an error answer gets into a sentence of ours', () => {
  fc.assert(
    fc.property(answer, (each) => {
      const shown = answerOfFailure(upstreamError(each).failure, listUsers, undefined) as {
        error: Record<string, unknown>;
      };
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this looks for
      const foreign = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202e<>\\]|undefined|NaN/;
      for (const name of ['kind', 'message', 'next']) assert.doesNotMatch(String(shown.error[name]), foreign, name);
    }),
    runs(1_000),
  );
});

test('codes and request ids are one plain line', () => {
  fc.assert(
    fc.property(answer, (each) => {
      const { code = '', requestId = '' } = upstreamError(each).failure;
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this looks for
      for (const text of [code, requestId]) assert.doesNotMatch(text, /[\u0000-\u001f\u007f]/, JSON.stringify(text));
    }),
    runs(1_000),
  );
});

// S076
test('Retry-After is a number of seconds that makes sense, or nothing', () => {
  const header = fc.oneof(
    hostileText,
    fc.double().map(String),
    fc.bigInt().map(String),
    fc.date({ noInvalidDate: false }).map(String),
    fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
  );
  fc.assert(
    fc.property(header, fc.integer({ min: 0, max: 2 ** 42 }), (value, now) => {
      const seconds = retryAfterSeconds(value, now);
      assert.ok(seconds === undefined || (Number.isInteger(seconds) && seconds >= 0), `${seconds}`);
    }),
    runs(1_000),
  );
});
