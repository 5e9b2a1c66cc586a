/** Whatever a token endpoint answers: a token with a lifetime that makes sense, or one failure that holds no secret. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ActionError } from '../../src/core/errors.js';
import type { Http, HttpAnswer } from '../../src/databricks/http.js';
import { createTokenSource, type Token } from '../../src/databricks/token.js';
import { clientSecret, connectionTo, fakeClock } from '../databricks/servers.js';
import { hostileBytes, hostileText, objectWith, runs } from './arbitraries.js';

const fields = [
  'access_token',
  'expires_in',
  'scope',
  'token_type',
  'error',
  'error_description',
  'error_code',
  'message',
];
const lifetime = fc.oneof(
  fc.constantFrom('3600', 0, -1, 1e12, null, 'soon', '1e9', [3_600], { toString: 1 }),
  fc.double(),
  fc.integer(),
);
const claims = hostileText.map((text) => `a.${Buffer.from(JSON.stringify({ scope: text })).toString('base64url')}.b`);
const grant = fc.record(
  {
    access_token: fc.oneof(hostileText, claims),
    expires_in: lifetime,
    scope: fc.oneof(hostileText, fc.array(fc.oneof(hostileText, fc.integer()))),
  },
  { requiredKeys: ['access_token'] },
);
const text = fc.oneof(
  hostileBytes.map((bytes) => bytes.toString('utf8')),
  objectWith(fields).map((each) => JSON.stringify(each)),
  grant.map((each) => JSON.stringify(each)),
);
const answer: fc.Arbitrary<HttpAnswer> = fc.record({
  status: fc.oneof(fc.constant(200), fc.integer({ min: 200, max: 599 })),
  headers: fc.record(
    { 'retry-after': hostileText, 'content-type': hostileText, location: hostileText },
    { requiredKeys: [] },
  ),
  text,
});

/** A token source whose endpoint always gives this answer, and how often it was asked. */
function source(given: HttpAnswer) {
  let asked = 0;
  const request = async () => {
    asked += 1;
    return given;
  };
  const clock = fakeClock();
  const http = { request } as unknown as Http;
  const tokens = createTokenSource({ connection: connectionTo('https://x.test'), http, ...clock, onSecret: () => {} });
  return { tokens, clock, asked: () => asked };
}

// S086, S087
test('it yields a token or fails, after three requests at most and within thirty seconds', async () => {
  await fc.assert(
    fc.asyncProperty(answer, async (given) => {
      const { tokens, clock, asked } = source(given);
      const started = clock.now();
      const outcome: Token | ActionError = await tokens.get().catch((error: unknown) => {
        assert.ok(error instanceof ActionError, String(error));
        return error;
      });
      assert.ok(asked() <= 3 && clock.now() - started <= 30_000, `${asked()} requests`);
      if (outcome instanceof ActionError) {
        assert.ok(!JSON.stringify([outcome.failure, String(outcome.stack)]).includes(clientSecret));
        assert.doesNotMatch(outcome.failure.message, /undefined|NaN/);
      } else {
        assert.ok(outcome.value !== '' && outcome.scopes.length > 0);
      }
    }),
    runs(1_000),
  );
});

// S086
test('a token is never trusted for more than an hour, and always for a moment', async () => {
  await fc.assert(
    fc.asyncProperty(lifetime, async (expires_in) => {
      const { tokens, clock, asked } = source({
        status: 200,
        headers: {},
        text: JSON.stringify({ access_token: 'token', expires_in }),
      });
      await tokens.get();
      await tokens.get();
      assert.ok(asked() <= 2, 'it signs in for each call');
      const before = asked();
      clock.advance(3_600_000);
      await tokens.get();
      assert.ok(asked() > before, 'it lives on after an hour');
    }),
    runs(500),
  );
});
