/** Random schedules: up to six calls, partly at the same time, under up to three faults. fast-check draws and shrinks them. */
import fc from 'fast-check';
import type { FaultRule } from '../../src/sandbox/index.js';
import type { ActionName } from './actions.js';

export interface Call {
  readonly action: ActionName;
  readonly which: number;
  /** Begins only when all earlier calls are done. */
  readonly waits: boolean;
}

export interface Schedule {
  /** Risky calls are put to a person, who says no now and then; else the operator lets everything through. */
  readonly asks?: boolean;
  readonly calls: readonly Call[];
  readonly faults: readonly FaultRule[];
}

/** Stands for the address of the lane's listener that must never be reached. */
export const elsewhere = 'http://elsewhere.invalid/';

const weights: readonly [ActionName, number][] = [
  ['create_service_principal', 4],
  ['create_service_principal_secret', 4],
  ['create_user', 3],
  ['create_group', 2],
  ['create_budget', 2],
  ['create_ip_access_list', 2],
  ['create_network', 2],
  ['create_log_delivery_config', 3],
  ['add_group_member', 3],
  ['remove_group_member', 3],
  ['update_user', 3],
  ['assign', 3],
  ['delete_group', 2],
  ['delete_user', 2],
  ['list_users', 1],
  ['list_budgets', 1],
  ['get_group', 1],
];

const call: fc.Arbitrary<Call> = fc.record({
  action: fc.oneof(...weights.map(([action, weight]) => ({ arbitrary: fc.constant(action), weight }))),
  which: fc.nat(7),
  waits: fc.boolean(),
});

type Misbehaviour = Pick<FaultRule, 'action'> & Partial<FaultRule>;

const scimThrottle = JSON.stringify({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
  detail: 'REQUEST_LIMIT_EXCEEDED: too many requests',
  status: '500',
});

/** Refusals that come instead of the effect, never after it: only these are fair with 401 and 429. */
const refusals: readonly Misbehaviour[] = [
  { action: 'status', status: 429 },
  { action: 'status', status: 429, headers: { 'retry-after': '1' } },
  { action: 'status', status: 429, headers: { 'retry-after': '3600' } },
  { action: 'status', status: 401, times: 1, body: '{"error_code":"UNAUTHENTICATED","message":"expired"}' },
];

/** These may come before or after the effect. */
const ambiguous: readonly Misbehaviour[] = [
  ...[500, 502, 503, 504].map((status) => ({ action: 'status' as const, status })),
  { action: 'status', status: 503, headers: { 'retry-after': '1' } },
  { action: 'status', status: 500, body: scimThrottle },
  { action: 'html', page: 'login' },
  { action: 'html', page: 'gateway' },
  { action: 'reset' },
  { action: 'reset' },
  { action: 'drop' },
  { action: 'truncate' },
  { action: 'truncate', chunked: true },
  { action: 'bad_json' },
  { action: 'duplicate_headers' },
];

const redirects: readonly Misbehaviour[] = [302, 307].map((status) => ({
  action: 'redirect' as const,
  status,
  location: elsewhere,
}));

const delays: readonly Misbehaviour[] = [
  { action: 'delay', delayMs: 30 },
  { action: 'delay', delayMs: 300 },
];

const where = fc.constantFrom('* /api/*', '* /api/*', 'POST /api/*', 'PATCH /api/*', 'PUT /api/*', 'DELETE /api/*');
const reads = fc.constant('GET /api/*');
const signIn = fc.constant('POST /oidc/*');

/** A rule that passes some requests, hits a few and is diced with. */
function planned(
  pattern: fc.Arbitrary<string>,
  what: fc.Arbitrary<Misbehaviour>,
  afterHandler: fc.Arbitrary<boolean>,
): fc.Arbitrary<FaultRule> {
  const dice = fc.record({
    pattern,
    offset: fc.nat(3),
    times: fc.integer({ min: 1, max: 3 }),
    afterHandler,
    probability: fc.constantFrom(1, 1, 0.5),
    seed: fc.noShrink(fc.nat(1_000)),
  });
  return fc.tuple(dice, what).map(([rule, misbehaviour]) => ({ ...rule, ...misbehaviour }));
}

const never = fc.constant(false);
const fault: fc.Arbitrary<FaultRule> = fc.oneof(
  { weight: 10, arbitrary: planned(where, fc.constantFrom(...ambiguous), fc.boolean()) },
  { weight: 2, arbitrary: planned(where, fc.constantFrom(...refusals), never) },
  { weight: 1, arbitrary: planned(where, fc.constantFrom(...redirects), fc.boolean()) },
  { weight: 2, arbitrary: planned(where, fc.constantFrom(...delays), fc.boolean()) },
  { weight: 2, arbitrary: planned(reads, fc.constantFrom(...ambiguous, ...refusals, ...redirects), never) },
  { weight: 2, arbitrary: planned(reads, fc.constant({ action: 'stale_read' as const }), never) },
  { weight: 1, arbitrary: planned(signIn, fc.constantFrom(...ambiguous, ...refusals, ...redirects, ...delays), never) },
);

/** Any calls, or two that want the same at the same time and some others. */
const calls: fc.Arbitrary<Call[]> = fc.oneof(
  { weight: 3, arbitrary: fc.array(call, { minLength: 1, maxLength: 6 }) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(call, fc.array(call, { maxLength: 4 }))
      .map(([twin, others]) => [twin, { ...twin, waits: false }, ...others]),
  },
);

const faults = fc.oneof(
  { withCrossShrink: true },
  { weight: 1, arbitrary: fc.constant([]) },
  { weight: 9, arbitrary: fc.array(fault, { minLength: 1, maxLength: 3 }) },
);

const asks = fc.oneof({ weight: 2, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) });

export const schedules: fc.Arbitrary<Schedule> = fc.record({ calls, faults, asks });

const lasting: readonly Misbehaviour[] = [{ action: 'stall' }, { action: 'stall' }, { action: 'drip', delayMs: 500 }];

/** Faults that take a call to its time limits; few, because each takes most of a minute. */
export const slowSchedules: fc.Arbitrary<Schedule> = fc.record({
  calls,
  faults: fc.tuple(planned(where, fc.constantFrom(...lasting), fc.boolean()), fault).map((both) => [...both]),
});

export const hitsSignIn = ({ faults }: Schedule): boolean => faults.some(({ pattern }) => pattern.includes('/oidc/'));

/** Whether a fault can leave it open if a write was carried out. */
export function hidesOutcomes({ pattern, action, status = 0 }: FaultRule): boolean {
  if (/^GET |oidc/.test(pattern) || ['delay', 'stale_read'].includes(action)) return false;
  return action !== 'status' || status >= 500;
}
