/** What `doctor` says about the operator's policy: each setting with its place, or everything that keeps it from starting. */
import { areas } from '../../../tools/index.js';
import type { AppOptions } from '../../app.js';
import { nodeIo } from '../../databricks/config.js';
import type { Policy } from '../../guard/policy.js';
import { readPolicy } from '../../guard/policy-settings.js';
import { type Finding, fail, ok } from './finding.js';

/** Looked at before anything is opened: no app exists under a wrong policy. */
export const policyFailures = ({ policy = {} }: AppOptions): Finding[] =>
  readPolicy(policy, nodeIo(), areas).problems.map(({ message, fix }) => fail('policy', message, fix));

export function checkPolicy({ settings }: Policy): Finding[] {
  if (settings.length === 0) return [ok('policy', 'nothing set: risky calls ask a person first')];
  return settings.map(({ setting, value, source }) => ok('policy', `${setting} ${value} (${source})`));
}
