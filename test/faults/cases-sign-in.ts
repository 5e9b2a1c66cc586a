/** The fault table, token endpoint: a failed sign-in means that nothing was sent, and it is never followed elsewhere. */
import type { FaultRule } from '../../src/sandbox/index.js';
import { elsewhere, type FaultCase, signIn } from './case.js';

const nothingSent = { ends: 'not_applied', effects: 0, sends: 0 } as const;
const applied = { ends: 'applied', effects: 1, sends: 1 } as const;

const row = (
  name: string,
  scenarios: readonly string[],
  fault: Omit<FaultRule, 'pattern'>,
  expected: FaultCase['expected'],
) =>
  ({
    name: `sign-in: ${name}`,
    scenarios,
    subject: 'create',
    faults: [{ pattern: signIn, ...fault }],
    expected,
  }) satisfies FaultCase;

const refusal = (error: string): Omit<FaultRule, 'pattern'> => ({
  action: 'status',
  status: 401,
  body: JSON.stringify({ error, error_description: 'no' }),
});

const token = (body: unknown): Omit<FaultRule, 'pattern'> => ({
  action: 'status',
  status: 200,
  body: JSON.stringify(body),
  headers: { 'content-type': 'application/json' },
});

export const signInCases: readonly FaultCase[] = [
  ...([429, 503] as const).map((status) =>
    row(`${status}, once`, ['S086'], { action: 'status', status, times: 1 }, { ...applied, signIns: 2 }),
  ),
  row('503 every time', ['S086'], { action: 'status', status: 503 }, { ...nothingSent, signIns: 3 }),
  row(
    '429 with Retry-After 86400',
    ['S086'],
    { action: 'status', status: 429, headers: { 'retry-after': '86400' } },
    {
      ...nothingSent,
      signIns: 1,
      retryAfter: 86_400,
      within: 2_000,
    },
  ),
  row('reset, once', ['S086'], { action: 'reset', times: 1 }, { ...applied, signIns: 2 }),
  row(
    'login page with 200',
    ['S086'],
    { action: 'html', page: 'login' },
    {
      ...nothingSent,
      signIns: 1,
      why: 'WRONG_HOST_OR_LOGIN',
    },
  ),
  row(
    '307 to another host',
    ['S069', 'S086'],
    { action: 'redirect', status: 307, location: `${elsewhere}/token` },
    {
      ...nothingSent,
      signIns: 1,
    },
  ),
  row('200 without a token', ['S086'], token({ token_type: 'Bearer' }), { ...nothingSent, signIns: 1 }),
  row('a token that is no text', ['S086'], token({ access_token: { a: 1 } }), { ...nothingSent, signIns: 1 }),
  row('gzip bomb', ['S086'], { action: 'bomb' }, { ...nothingSent, why: 'RESPONSE_TOO_LARGE', signIns: 1 }),
  ...['invalid_client', 'invalid_scope', 'unauthorized_client'].map((error) =>
    row(error, ['S087'], refusal(error), { ...nothingSent, signIns: 1, why: error }),
  ),
  row(
    'server clock two hours ahead',
    ['S083'],
    { action: 'clock_skew', skewMs: 7_200_000 },
    { ...applied, signIns: 1 },
  ),
];
