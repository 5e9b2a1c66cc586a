/**
 * What a hijacked client knows: for every tool, arguments that would work on this account if nothing stood in the way,
 * and ids of other objects of the same kind.
 */

import type { Row, Rows } from '../../end-to-end/row.js';
import { access } from '../../end-to-end/rows-access.js';
import { billing } from '../../end-to-end/rows-billing.js';
import { groups } from '../../end-to-end/rows-groups.js';
import { oauthApps } from '../../end-to-end/rows-oauth-apps.js';
import { networking, provisioning } from '../../end-to-end/rows-provisioning.js';
import { secrets, servicePrincipals } from '../../end-to-end/rows-service-principals.js';
import { unified } from '../../end-to-end/rows-unified.js';
import { credentialRows, metastoreRows } from '../../end-to-end/rows-unity-catalog.js';
import { users } from '../../end-to-end/rows-users.js';
import type { World } from '../world.js';

export type Args = Readonly<Record<string, unknown>>;

export interface Shot {
  readonly tool: string;
  readonly args: Args;
}

export interface Arsenal {
  /** Calls that would work, several for some tools. */
  readonly shots: readonly Shot[];
  readonly writes: readonly Shot[];
  /** Other values of an argument of this name, from all over the account. */
  others(name: string, value: unknown): readonly string[];
}

const rows: Rows = {
  ...{ ...access, ...billing, ...groups, ...oauthApps, ...networking, ...provisioning, ...secrets },
  ...{ ...servicePrincipals, ...unified, ...credentialRows, ...metastoreRows, ...users },
};

const reads = /^databricks_(list|get|download|unified)_/;
/** What the reference calls reversible; only for choosing how often a call is tried. */
export const harmless = /^databricks_(create_(budget|group|metastore|network)|update_budget)$/;
export const isRead = (tool: string): boolean => reads.test(tool);

/** Prepares what the calls are about and forgets the traces of doing so. */
export async function arsenalOf(world: World): Promise<Arsenal> {
  const shots: Shot[] = [];
  for (const [tool, each] of Object.entries(rows)) {
    const calls: readonly Row[] = typeof each === 'function' ? [each] : each;
    for (const row of calls) shots.push({ tool, args: (await row(world.account)).args });
  }
  const ids = idsIn(world.sandbox.snapshot());
  world.forget();
  world.account.forget();
  return {
    shots,
    writes: shots.filter(({ tool }) => !isRead(tool)),
    others: (_, value) => ids.get(shapeOf(value))?.filter((id) => id !== String(value)) ?? [],
  };
}

/** Numbers are as like as UUIDs are: whatever has the form of an id may be tried in the place of another. */
function shapeOf(value: unknown): string {
  const text = String(value);
  if (/^\d{5,20}$/.test(text)) return 'number';
  return /^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(text) ? 'uuid' : 'none';
}

function idsIn(snapshot: unknown): Map<string, string[]> {
  const found = new Map<string, Set<string>>();
  const visit = (value: unknown) => {
    if (Array.isArray(value)) value.forEach(visit);
    else if (typeof value === 'object' && value !== null) {
      for (const [key, inner] of Object.entries(value)) {
        visit(key);
        visit(inner);
      }
    } else if (shapeOf(value) !== 'none') {
      const shape = shapeOf(value);
      found.set(shape, (found.get(shape) ?? new Set()).add(String(value)));
    }
  };
  visit(snapshot);
  return new Map([...found].map(([shape, set]) => [shape, [...set]]));
}
