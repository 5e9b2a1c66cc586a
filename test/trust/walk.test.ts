/**
 * A hijacked client never gives a person's approval and calls whatever it likes: nothing happens on the account that
 * needs one. `WALK_CALLS` (per kind of client) makes it longer, `WALK_SEED` walks a walk again.
 */
import assert from 'node:assert/strict';
import process from 'node:process';
import { before, describe, it } from 'node:test';
import { arsenalOf, harmless } from './walk/arsenal.js';
import { isReversible } from './walk/tiers.js';
import { plainly } from './walk/tricks.js';
import { intended, type Walked, type Walker, walk } from './walk/walk.js';
import { told, Wire } from './wire.js';
import { policyIn, type World, world } from './world.js';

const calls = Number(process.env.WALK_CALLS ?? 600);
const seed = Number(process.env.WALK_SEED ?? Math.floor(Math.random() * 2 ** 31));

const walkers: Record<Walker, string> = {
  modern: 'a hijacked client of 2026-07-28 that forges answers',
  legacy: 'a hijacked client of 2025-11-25 that answers anything but yes',
  mute: 'a hijacked client that cannot ask',
};

for (const [who, title] of Object.entries(walkers) as [Walker, string][]) {
  describe(title, () => {
    let place: World;
    let walked: Walked;
    before(async () => {
      place = await world();
      const arsenal = await arsenalOf(place);
      walked = await walk(place, arsenal, who, seed, calls);
    });

    it(`does nothing on the account that needs a person, in ${calls} calls`, (t) => {
      const effects = place.effects();
      const risky = effects.filter((effect) => !isReversible(effect));
      const applied = effects.length - risky.length;
      const reads = place.account.seen().filter(({ method }) => method === 'GET').length;
      t.diagnostic(
        `WALK_SEED=${seed} ${who}: ${walked.calls} calls, ${walked.homes.length} servers, ${walked.asked} questions, ` +
          `${applied} reversible writes, ${reads} reads, ${risky.length} effects that need a person`,
      );
      assert.deepEqual(risky, []);
    });

    it('gave new groups neither members nor roles', async () => {
      const created = place.effects().filter(({ type, kind }) => type === 'group' && kind === 'create');
      for (const { path, id } of created) {
        const { members = [], roles = [] } = await place.account.get(`${path}/${id}`);
        assert.deepEqual([members, roles], [[], []]);
      }
    });

    it('meant to send nothing else either, as the journals tell', () => {
      const intents = intended(place, walked.homes);
      assert.deepEqual(
        intents.filter((action) => !harmless.test(action)),
        [],
      );
      assert.ok(intents.length >= place.effects().length);
    });

    it('did reach the account, and people were asked', () => {
      assert.equal(walked.calls, calls);
      assert.ok(place.effects().length >= calls / 50, `${place.effects().length} reversible writes`);
      assert.ok(place.effects().some(({ changed }) => changed));
      assert.ok(place.account.seen().length >= calls, `${place.account.seen().length} requests`);
      assert.ok(walked.asked >= calls / 12, `${walked.asked} questions`);
    });
  });
}

describe('the calls of the walk', () => {
  it('work where the operator has waived approvals: only the guard stood in their way', async () => {
    const place = await world({ DATABRICKS_MCP_ALLOW_WITHOUT_APPROVAL: '*' });
    const limit = { calls: 100, minutes: 1 };
    const settings = { ...place.settings, ...policyIn(place.home, { limits: { destructive: limit, secret: limit } }) };
    const arsenal = await arsenalOf(place);
    const wire = await Wire.start({ home: place.home, settings, era: 'modern' });
    const failed: unknown[] = [];
    for (const { tool, args } of arsenal.writes) {
      const before = place.effects().length;
      const answer = await wire.call(tool, JSON.parse(JSON.stringify(args, plainly)));
      if (place.effects().length === before) failed.push([tool, told(answer)?.error ?? answer]);
    }
    assert.deepEqual(failed, []);
    await wire.leave();
  });
});
