/** The fault table, reads: they may be repeated, but not for long, and what comes back is never taken at its word. */
import type { FaultRule } from '../../src/sandbox/index.js';
import { type FaultCase, reads } from './case.js';

const answered = { ends: 'answered', effects: 0 } as const;
const fails = { ends: 'failed', effects: 0 } as const;

const read = (
  name: string,
  scenarios: readonly string[],
  fault: Omit<FaultRule, 'pattern'>,
  expected: FaultCase['expected'],
): FaultCase => ({ name, scenarios, subject: 'read', faults: [{ pattern: reads, ...fault }], expected });

const saying = (body: string, more: Partial<FaultRule> = {}): Omit<FaultRule, 'pattern'> => ({
  action: 'status',
  status: 200,
  body,
  headers: { 'content-type': 'application/json' },
  ...more,
});

export const readCases: readonly FaultCase[] = [
  ...[408, 500, 502, 503, 504].map((status) =>
    read(`${status}, once`, ['S056', 'S075'], { action: 'status', status, times: 1 }, { ...answered, sends: 2 }),
  ),
  read('503 every time', ['S084'], { action: 'status', status: 503 }, { ...fails, sends: 3, why: 'upstream' }),
  read('reset, once', ['S075'], { action: 'reset', times: 1 }, { ...answered, sends: 2 }),
  read('reset every time', ['S075'], { action: 'reset' }, { ...fails, sends: 3 }),
  read('cut off by length, once', ['S062'], { action: 'truncate', times: 1 }, { ...answered, sends: 2 }),
  read('no last chunk, once', ['S063'], { action: 'truncate', chunked: true, times: 1 }, { ...answered, sends: 2 }),
  read('contradicting Content-Length, every time', ['S063'], { action: 'duplicate_headers' }, { ...fails, sends: 3 }),
  read(
    'Transfer-Encoding and Content-Length at once, every time',
    ['S063'],
    { action: 'duplicate_headers', headerLines: [['Transfer-Encoding', 'chunked']] },
    { ...fails, sends: 3 },
  ),
  read('broken JSON, every time', ['S064'], { action: 'bad_json' }, { ...fails, sends: 3 }),
  ...['[]', 'null', '"text"', '7', ''].map((body) =>
    read(`200 with ${body === '' ? 'nothing' : `the JSON ${body}`} instead of a list`, ['S064'], saying(body), {
      ...fails,
      sends: 3,
      why: 'UNEXPECTED_SHAPE',
    }),
  ),
  read(
    'login page with 200',
    ['S065'],
    { action: 'html', page: 'login' },
    { ...fails, sends: 1, why: 'WRONG_HOST_OR_LOGIN' },
  ),
  read(
    'page of a gateway (502), every time',
    ['S067'],
    { action: 'html', page: 'gateway' },
    { ...fails, sends: 3, why: 'upstream' },
  ),
  read(
    'redirect to the notice of private link',
    ['S066'],
    { action: 'redirect', location: '/login.html?error=private-link-validation-error' },
    { ...fails, sends: 1, why: 'PRIVATE_LINK' },
  ),
  ...(['gzip', 'deflate', 'br'] as const).map((encoding) =>
    read(
      `bomb in ${encoding} that unpacks to 200 MiB`,
      ['S071'],
      { action: 'bomb', encoding },
      {
        ...fails,
        sends: 1,
        why: 'RESPONSE_TOO_LARGE',
      },
    ),
  ),
  read(
    '50 MiB of headers',
    ['S072'],
    { action: 'huge_headers', bytes: 50 * 1024 * 1024 },
    { ...fails, sends: 3, within: 5_000 },
  ),
  read('bytes that are no UTF-8 in a name', ['S073'], saying('{"Resources":[{"id":"1","displayName":"\ufffd"}]}'), {
    ...answered,
    sends: 1,
  }),
  read(
    '429 with Retry-After 1, once',
    ['S076'],
    { action: 'status', status: 429, headers: { 'retry-after': '1' }, times: 1 },
    {
      ...answered,
      sends: 2,
      within: 3_000,
    },
  ),
  read(
    '429 with Retry-After 86400',
    ['S076'],
    { action: 'status', status: 429, headers: { 'retry-after': '86400' } },
    {
      ...fails,
      sends: 1,
      retryAfter: 86_400,
      within: 2_000,
    },
  ),
  read(
    "SCIM's 500 REQUEST_LIMIT_EXCEEDED, once",
    ['S078'],
    saying('{"detail":"REQUEST_LIMIT_EXCEEDED","status":"500"}', { status: 500, times: 1 }),
    { ...answered, sends: 2 },
  ),
  read(
    '403 that names a missing scope',
    ['S082'],
    saying('{"error_code":"PERMISSION_DENIED","message":"required scopes: scim"}', { status: 403 }),
    { ...fails, sends: 1, signIns: 1, why: 'PERMISSION_DENIED' },
  ),
  read(
    'server clock two hours ahead',
    ['S083'],
    { action: 'delay', delayMs: 1, headers: { date: 'Sun, 06 Nov 2044 08:49:37 GMT' } },
    {
      ...answered,
      sends: 1,
    },
  ),
];
