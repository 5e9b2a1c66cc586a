/**
 * What an operator sets who wants nobody to be asked: for tests that are about something else than approval. Facts are
 * still looked at, lock-outs refused and writes journaled.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A policy file in this home that raises the limits to what no test reaches. */
export function raisedLimits(home: string): Record<string, string> {
  const file = join(home, 'policy.json');
  const limit = { calls: 1_000, minutes: 1 };
  writeFileSync(file, JSON.stringify({ limits: { destructive: limit, secret: limit } }), { mode: 0o600 });
  return { DATABRICKS_MCP_POLICY_FILE: file };
}

/** Every write is let through, as often as it comes. */
export const unasked = (home: string): Record<string, string> => ({
  ...raisedLimits(home),
  DATABRICKS_MCP_ALLOW_WITHOUT_APPROVAL: '*',
});
