/**
 * How much an effect on the account matters, by what the account did. Written from the API reference, not from the
 * catalogue: an action with the wrong risk must not look harmless here as well.
 */
import type { Effect } from '../../../src/sandbox/index.js';

/** Budgets and new, empty things: everything else that writes needs a person. */
const reversible: readonly { readonly request: RegExp; readonly type: Effect['type'] }[] = [
  { request: /^POST \/api\/2\.1\/accounts\/[0-9a-f-]{36}\/budgets$/, type: 'budget' },
  { request: /^(PUT|PATCH) \/api\/2\.1\/accounts\/[0-9a-f-]{36}\/budgets\/[^/]+$/, type: 'budget' },
  { request: /^POST \/api\/2\.0\/accounts\/[0-9a-f-]{36}\/scim\/v2\/Groups$/, type: 'group' },
  { request: /^POST \/api\/2\.0\/accounts\/[0-9a-f-]{36}\/metastores$/, type: 'metastore' },
  { request: /^POST \/api\/2\.0\/accounts\/[0-9a-f-]{36}\/networks$/, type: 'network' },
];

export const isReversible = ({ method, path, type }: Effect): boolean =>
  reversible.some((each) => each.type === type && each.request.test(`${method} ${path}`));
