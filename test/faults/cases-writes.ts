/** The fault table, writes: what is lost, broken or misled on the way of a create, a change and a removal. */
import type { FaultRule } from '../../src/sandbox/index.js';
import { elsewhere, type FaultCase, reads, writes } from './case.js';
import { lookCases } from './cases-looks.js';

const once = { ends: 'applied', effects: 1, sends: 1 } as const;
const refused = { ends: 'not_applied', effects: 0, sends: 1 } as const;
const inTheDark = { ends: 'unknown', effects: 0, sends: 1 } as const;

/** Faults that keep the effect and spoil the answer. */
const after = (fault: Omit<FaultRule, 'pattern' | 'afterHandler'>, pattern: string = writes.POST): FaultRule[] => [
  { pattern, afterHandler: true, ...fault },
];

const create = (
  name: string,
  scenarios: readonly string[],
  faults: readonly FaultRule[],
  expected: FaultCase['expected'],
) => ({ name, scenarios, subject: 'create', faults, expected }) satisfies FaultCase;

const lostAnswers: readonly FaultCase[] = [
  create('reset after the effect, every time', ['S052'], after({ action: 'reset' }), once),
  create('reset after the effect, once', ['S052'], after({ action: 'reset', times: 1 }), once),
  create(
    '307 to another host after the effect',
    ['S069'],
    after({ action: 'redirect', status: 307, location: `${elsewhere}/x` }),
    once,
  ),
  create('connection closed politely after the effect', ['S052'], after({ action: 'drop' }), once),
  create(
    '503 with Retry-After after the effect, every time',
    ['S054'],
    after({ action: 'status', status: 503, headers: { 'retry-after': '1' } }),
    once,
  ),
  ...[500, 502, 504].map((status) =>
    create(`${status} after the effect`, ['S055'], after({ action: 'status', status, body: 'upstream error' }), once),
  ),
  create(
    'page of a gateway (502) after the effect',
    ['S055', 'S067'],
    after({ action: 'html', page: 'gateway' }),
    once,
  ),
  create('answer cut off by length after the effect', ['S062'], after({ action: 'truncate' }), once),
  create('answer without a last chunk after the effect', ['S063'], after({ action: 'truncate', chunked: true }), once),
  create('contradicting Content-Length after the effect', ['S063'], after({ action: 'duplicate_headers' }), once),
  create('broken JSON after the effect', ['S064'], after({ action: 'bad_json' }), once),
  create('200 with nothing in it after the effect', ['S064'], after({ action: 'status', status: 200, body: '' }), once),
  ...['', 'null', '{}'].map((body) =>
    create(
      `200 with ${body === '' ? 'nothing' : `the JSON ${body}`} in it, without the effect`,
      ['S064'],
      [{ pattern: writes.POST, action: 'status', status: 200, body }],
      inTheDark,
    ),
  ),
  create('gzip bomb of 200 MiB after the effect', ['S071'], after({ action: 'bomb' }), once),
  create('1 MiB of headers after the effect', ['S072'], after({ action: 'huge_headers' }), once),
  create('10 000 headers after the effect', ['S072'], after({ action: 'huge_headers', count: 10_000 }), once),
  create(
    "SCIM's 500 REQUEST_LIMIT_EXCEEDED after the effect",
    ['S078'],
    after({ action: 'status', status: 500, body: '{"detail":"REQUEST_LIMIT_EXCEEDED","status":"500"}' }),
    once,
  ),
  create(
    'reset after the effect, and the first look shows the old state',
    ['S058'],
    [{ pattern: reads, action: 'stale_read', times: 2 }, ...after({ action: 'reset' })],
    once,
  ),
  create(
    'reset after the effect, and every look fails',
    ['S058'],
    [{ pattern: reads, action: 'status', status: 403, offset: 2 }, ...after({ action: 'reset' })],
    { ...inTheDark, effects: 1, looks: 2 },
  ),
  create('reset before the effect', ['S051'], [{ pattern: writes.POST, action: 'reset' }], inTheDark),
  {
    name: 'reset after the effect, where one of that name was there before',
    scenarios: ['S059'],
    subject: 'create a twin',
    faults: after({ action: 'reset' }),
    expected: once,
  },
  {
    name: 'reset before the effect, where one of that name was there before',
    scenarios: ['S059'],
    subject: 'create a twin',
    faults: [{ pattern: writes.POST, action: 'reset' }],
    expected: inTheDark,
  },
  ...([{ action: 'reset' }, { action: 'status', status: 503 }] as const).map(
    (fault): FaultCase => ({
      name: `log delivery configuration: ${fault.action === 'reset' ? 'reset' : 503} after the effect, every time`,
      scenarios: ['S147'],
      subject: 'create a log delivery',
      faults: after(fault),
      expected: once,
    }),
  ),
];

const changes: readonly FaultCase[] = [
  {
    name: 'assignment: 503 after the effect',
    scenarios: ['S056'],
    subject: 'assign',
    faults: after({ action: 'status', status: 503 }, writes.PUT),
    expected: once,
  },
  {
    name: 'assignment: reset before the effect, once',
    scenarios: ['S056'],
    subject: 'assign',
    faults: [{ pattern: writes.PUT, action: 'reset', times: 1 }],
    expected: { ...once, sends: 2 },
  },
  {
    name: 'assignment: reset after the effect, and the workspace is not found any more',
    scenarios: ['S058'],
    subject: 'assign',
    faults: [{ pattern: reads, action: 'status', status: 404, offset: 5 }, ...after({ action: 'reset' }, writes.PUT)],
    expected: { ...inTheDark, effects: 1, looks: 5 },
  },
  {
    name: 'removal: reset after the effect, every time',
    scenarios: ['S057'],
    subject: 'delete',
    faults: after({ action: 'reset' }, writes.DELETE),
    expected: once,
  },
  {
    name: 'removal: 504 before the effect, once',
    scenarios: ['S056'],
    subject: 'delete',
    faults: [{ pattern: writes.DELETE, action: 'status', status: 504, times: 1 }],
    expected: { ...once, sends: 2 },
  },
  {
    name: 'removal: reset before the effect, every time',
    scenarios: ['S056'],
    subject: 'delete',
    faults: [{ pattern: writes.DELETE, action: 'reset' }],
    expected: { ...inTheDark, sends: 2 },
  },
];

const throttled = (header: string | undefined, times?: number): FaultRule[] => [
  {
    pattern: writes.POST,
    action: 'status',
    status: 429,
    headers: header === undefined ? {} : { 'retry-after': header },
    ...(times !== undefined && { times }),
  },
];

const soon = new Date(Date.now() + 120_000).toUTCString();
const throttles: readonly FaultCase[] = [
  ...[
    ['without Retry-After', undefined],
    ['with Retry-After 1', '1'],
    ['with Retry-After -5', '-5'],
    ['with Retry-After abc', 'abc'],
    ['with Retry-After of a date in the past', 'Sun, 06 Nov 1994 08:49:37 GMT'],
    ['with Retry-After 1e309', '1e309'],
  ].map(([name, header]) =>
    create(`429 ${name}, once`, ['S076'], throttled(header, 1), { ...once, sends: 2, within: 4_000 }),
  ),
  create('429 with Retry-After 86400', ['S076'], throttled('86400'), { ...refused, retryAfter: 86_400, within: 2_000 }),
  create('429 with Retry-After of a date in two minutes', ['S076'], throttled(soon), {
    ...refused,
    retryAfter: 120,
    within: 2_000,
  }),
  create('429 every time', ['S076'], throttled(undefined), { ...refused, sends: 3, why: 'throttled' }),
];

const misled = (name: string, scenario: string, location: string, why: string, status = 302) =>
  create(name, [scenario], [{ pattern: writes.POST, action: 'redirect', location, status }], {
    ...inTheDark,
    why,
  });

const refusals: readonly FaultCase[] = [
  create('401, once', ['S085'], [{ pattern: writes.POST, action: 'status', status: 401, times: 1 }], {
    ...once,
    sends: 2,
    signIns: 2,
  }),
  create('401 every time', ['S085'], [{ pattern: writes.POST, action: 'status', status: 401 }], {
    ...refused,
    sends: 2,
    signIns: 2,
    why: 'unauthorized',
  }),
  create(
    '409 although it is our first call',
    ['S079'],
    [{ pattern: writes.POST, action: 'status', status: 409, body: '{"error_code":"RESOURCE_ALREADY_EXISTS"}' }],
    { ...refused, why: 'RESOURCE_ALREADY_EXISTS' },
  ),
  misled('302 to a login page', 'S065', '/login?account_id=x', 'WRONG_HOST_OR_LOGIN'),
  misled(
    '302 to the notice of private link',
    'S066',
    '/login.html?error=private-link-validation-error',
    'PRIVATE_LINK',
  ),
  ...[302, 307, 308].map((status) =>
    misled(`${status} to another path of the same host`, 'S068', '/api/2.0/elsewhere', 'REDIRECT', status),
  ),
  misled('307 to another host', 'S069', `${elsewhere}/x`, 'REDIRECT', 307),
  misled('302 to 169.254.169.254', 'S070', 'http://169.254.169.254/latest', 'REDIRECT'),
  misled('302 to a file', 'S070', 'file:///etc/passwd', 'REDIRECT'),
  misled('302 to javascript:', 'S070', 'javascript:alert(1)', 'REDIRECT'),
  {
    name: 'the host is not known to DNS',
    scenarios: ['S046'],
    subject: 'create',
    outage: 'unknown host',
    expected: { ...refused, sends: 0 },
  },
  {
    name: 'the host refuses connections for a moment',
    scenarios: ['S047'],
    subject: 'create',
    outage: 'starts late',
    expected: { ...once, signIns: 1 },
  },
];

export const writeCases: readonly FaultCase[] = [...lostAnswers, ...changes, ...throttles, ...refusals, ...lookCases];
