/** What replicas of one server share: opened once for the process, and only where the operator names a store. */

import { failed } from '../core/errors.js';
import type { ApprovalStore } from '../guard/approvals.js';
import type { Keys } from '../guard/keys.js';
import { createSealing, type Sealing } from '../guard/seal.js';
import { createSharedApprovals } from './approvals.js';
import { type Link, openLink } from './link.js';
import { keyFor } from './names.js';

export interface SharedStore {
  readonly link: Link;
  readonly sealing: Sealing;
  readonly approvals: ApprovalStore;
  isUp(): boolean;
  close(): Promise<void>;
}

export interface StoreEvents {
  readonly onChange: (isUp: boolean, why?: string) => void;
  readonly onProblem: (problem: string) => void;
}

/** Milliseconds a replica's word on which key it uses stands. */
const keyWord = 30_000;

const sameKey = `
local known = redis.call('GET', KEYS[1])
if known and known ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1`;

/** Throws a `configuration` failure where those who use the store now have another key. */
export async function openSharedStore(
  url: string | undefined,
  keys: Keys,
  events: StoreEvents,
): Promise<SharedStore | undefined> {
  if (url === undefined) return undefined;
  // Derived one way: it shows which key it is, and not the key.
  const mark = (await keys.derive('mark in the store')).toString('hex');
  const link = await openLink({ url, onChange: events.onChange });
  const isSame = async () => (await link.run(sameKey, [keyFor('key')], [mark, keyWord])) === 1;
  // A store that cannot be reached yet is told by whatever needs it.
  if ((await isSame().catch(() => true)) === false) {
    await link.close();
    throw failed('configuration', foreignKey, {
      next:
        'Set DATABRICKS_MCP_KEY_FILE to the same key on every replica. ' +
        'To change the key, stop all that use the store and wait half a minute.',
    });
  }
  const beat = setInterval(() => {
    isSame().then(
      (same) => same || events.onProblem(foreignKey),
      () => {},
    );
  }, keyWord / 3).unref();
  return {
    link,
    sealing: createSealing(() => keys.derive('store')),
    approvals: createSharedApprovals(
      link,
      createSealing(() => keys.derive('approvals')),
    ),
    isUp: link.isUp,
    async close() {
      clearInterval(beat);
      await link.close();
    },
  };
}

const foreignKey = 'Others use this store with another key, so that approvals and sessions would not be shared.';
