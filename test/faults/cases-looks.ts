/**
 * The fault table, looks: before a write is sent its facts are read. What cannot be looked at is not changed: the write
 * ends unsent.
 */
import type { FaultRule } from '../../src/sandbox/index.js';
import { type FaultCase, reads } from './case.js';
import type { Subject } from './subjects.js';

const unsent = { ends: 'not_applied', effects: 0, sends: 0 } as const;

const look = (
  subject: Subject,
  name: string,
  scenario: string,
  fault: Omit<FaultRule, 'pattern'>,
  expected: FaultCase['expected'] = unsent,
  pattern: string = reads,
): FaultCase => ({
  name: `look before it: ${name}`,
  scenarios: [scenario],
  subject,
  faults: [{ pattern, ...fault }],
  expected,
});

export const lookCases: readonly FaultCase[] = [
  look('create', '503 every time', 'S084', { action: 'status', status: 503 }, { ...unsent, why: 'upstream' }),
  look('create', 'reset every time', 'S084', { action: 'reset' }, { ...unsent, why: 'network' }),
  look('create', '403', 'S082', { action: 'status', status: 403 }, { ...unsent, why: 'forbidden' }),
  look('create', 'broken JSON', 'S064', { action: 'bad_json' }, { ...unsent, why: 'BAD_JSON' }),
  look('create', 'login page', 'S065', { action: 'html', page: 'login' }, { ...unsent, why: 'unreadable' }),
  look(
    'create',
    '429 with Retry-After 86400',
    'S076',
    { action: 'status', status: 429, headers: { 'retry-after': '86400' } },
    { ...unsent, why: 'throttled', retryAfter: 86_400, within: 2_000 },
  ),
  look(
    'create',
    'reset, once',
    'S075',
    { action: 'reset', times: 1 },
    { ends: 'applied', effects: 1, sends: 1, looks: 3 },
  ),
  look('assign', '503 every time', 'S084', { action: 'status', status: 503 }),
  look(
    'assign',
    'the workspace is not found',
    'S082',
    { action: 'status', status: 404 },
    { ...unsent, why: 'not_found' },
  ),
  look('delete', '503 every time', 'S084', { action: 'status', status: 503 }),
  look(
    'delete',
    'the other groups, which may hold the administrators, cannot be listed',
    'S082',
    { action: 'status', status: 403 },
    unsent,
    'GET */scim/v2/Groups',
  ),
  look('create a log delivery', '200 with nothing in it', 'S064', { action: 'status', status: 200, body: '' }),
];
