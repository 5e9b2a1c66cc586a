/** Random policies: pins and read-only only take away, and no approval is lost without the words that say so. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ActionError } from '../../src/core/errors.js';
import { type Gate, gates, type Policy } from '../../src/guard/policy.js';
import { isRisky, risks } from '../../src/guard/policy-pattern.js';
import { type Action, actions, areas } from '../../tools/index.js';
import { all, catalogue, policyOf, type Said } from './catalogue.js';

const strictness: Record<Gate, number> = { allow_without_approval: 0, allow: 0, ask: 1, deny: 2 };

const short = (action: Action) => action.id.replace('databricks_', '');
const pattern = fc.constantFrom(
  ...risks,
  ...catalogue.map(({ id }) => `area:${id}`),
  ...all.flatMap((action) => [action.id, short(action)]),
  'delete_*',
  '*_pet',
  'databricks_*_owner',
  '*',
);
const patterns = (most: number) => fc.array(pattern, { maxLength: most });
const ownAreas = fc.subarray(
  catalogue.map(({ id }) => id),
  { minLength: 1 },
);

const optional = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined, freq: 2 });
const given = (list: readonly string[]) => (list.length === 0 ? undefined : list);

/** Settings in all places; those that are refused are no policy. */
const saying = (gatesInUse: readonly Gate[]): fc.Arbitrary<Said> =>
  fc
    .record({
      flags: fc.record({ allow: patterns(2), ask: patterns(2), deny: patterns(1), allowWithoutApproval: patterns(2) }),
      env: fc.record({ allow: patterns(2), ask: patterns(2), deny: patterns(1), allowWithoutApproval: patterns(2) }),
      rules: fc.dictionary(pattern, fc.constantFrom(...gatesInUse), { maxKeys: 4 }),
      areas: optional(ownAreas),
      readOnly: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
    })
    .map(({ flags, env, rules, areas, readOnly }) => {
      const lifts = gatesInUse.includes('allow_without_approval');
      const typed = {
        allow: given(flags.allow),
        ask: given(flags.ask),
        deny: given(flags.deny),
        allowWithoutApproval: lifts ? given(flags.allowWithoutApproval) : undefined,
      };
      return {
        flags: {
          ...(Object.fromEntries(Object.entries(typed).filter(([, value]) => value)) as object),
          ...(areas && { areas: areas.join() }),
          readOnly,
        },
        env: {
          DATABRICKS_MCP_ALLOW: env.allow.join(),
          DATABRICKS_MCP_ASK: env.ask.join(),
          DATABRICKS_MCP_DENY: env.deny.join(),
          DATABRICKS_MCP_ALLOW_WITHOUT_APPROVAL: lifts ? env.allowWithoutApproval.join() : '',
        },
        file: { rules },
      };
    });

function read(said: Said): Policy | undefined {
  try {
    return policyOf(said);
  } catch (error) {
    assert.ok(error instanceof ActionError && error.failure.kind === 'configuration', String(error));
    return undefined;
  }
}

const inputs = risks.map((as) => ({ as }));
const pins = fc.record(
  {
    readOnly: fc.boolean(),
    areas: fc.array(fc.constantFrom('pets', 'owners', 'nowhere'), { maxLength: 3 }),
    risks: fc.subarray([...risks]),
  },
  { requiredKeys: [] },
);

/** Fails where the second policy lets anything through that the first does not. */
function checkNarrower(wide: Policy, narrow: Policy, actions: readonly Action[] = all): void {
  for (const action of actions) {
    if (narrow.isOn(action)) assert.ok(wide.isOn(action), action.id);
    for (const input of inputs) {
      const before = wide.gateOf(action, input).gate;
      const after = narrow.gateOf(action, input).gate;
      assert.ok(strictness[after] >= strictness[before], `${action.id} ${input.as}: ${before} became ${after}`);
      if (after !== 'deny') assert.equal(after, before, action.id);
    }
  }
}

test('pins only take away, one by one and together', () => {
  let accepted = 0;
  fc.assert(
    fc.property(saying(gates), pins, pins, (said, first, second) => {
      const policy = read(said);
      if (policy === undefined) return;
      accepted += 1;
      const once = policy.narrowed(first);
      const twice = once.narrowed(second);
      checkNarrower(policy, once);
      checkNarrower(once, twice);
      checkNarrower(policy.narrowed(second), twice);
      if (first.readOnly || policy.readOnly) {
        assert.ok(twice.readOnly);
        assert.ok(all.every((action) => action.effect === 'read' || !twice.isOn(action)));
      }
    }),
    { numRuns: 600 },
  );
  assert.ok(accepted > 100, `${accepted} policies were no error`);
});

test('a call whose risk is not among the pinned ones is denied, by its name or by its arguments', () => {
  let denied = 0;
  fc.assert(
    fc.property(saying(gates), fc.subarray([...risks]), pins, (said, left, others) => {
      const policy = read(said)?.narrowed({ risks: left }).narrowed(others);
      for (const action of policy === undefined ? [] : all) {
        if (!left.includes(action.risk)) assert.ok(!policy?.isOn(action), action.id);
        for (const input of inputs) {
          const { gate, risk } = policy?.gateOf(action, input) ?? assert.fail();
          if (left.includes(risk) && left.includes(action.risk)) continue;
          assert.equal(gate, 'deny', `${action.id} ${input.as}`);
          denied += 1;
        }
      }
    }),
    { numRuns: 300 },
  );
  assert.ok(denied > 100);
});

test('pins take away from every action of the catalogue', () => {
  const policy = policyOf({ flags: { deny: ['delete_*'], allowWithoutApproval: ['area:users'] } }, areas);
  const fixed = actions.filter((action) => action.kind === 'derived' || !action.riskOf);
  const anywhere = fc.subarray(areas.map(({ id }) => id));
  fc.assert(
    fc.property(fc.boolean(), optional(anywhere), optional(fc.subarray([...risks])), (readOnly, areas, risks) => {
      const narrow = policy.narrowed({ readOnly, ...(areas && { areas }), ...(risks && { risks }) });
      assert.ok(actions.every((action) => policy.isOn(action) || !narrow.isOn(action)));
      // Whose risk depends on arguments wants real ones.
      checkNarrower(policy, narrow, fixed);
    }),
    { numRuns: 100 },
  );
});

test('read-only from any place closes every write and opens nothing', () => {
  fc.assert(
    fc.property(saying(gates), fc.constantFrom('flag', 'environment', 'file'), (said, place) => {
      const policy = read(said);
      const closed = read({
        flags: { ...said.flags, ...(place === 'flag' && { readOnly: true }) },
        env: { ...said.env, DATABRICKS_MCP_READ_ONLY: place === 'environment' ? 'yes' : 'no' },
        file: { ...(said.file as object), read_only: place === 'file' },
      });
      if (policy === undefined || closed === undefined) return assert.equal(policy, closed);
      checkNarrower(policy, closed);
      assert.ok(all.every((action) => action.effect === 'read' || !closed.isOn(action)));
    }),
    { numRuns: 300 },
  );
});

test('without allow_without_approval no risky call runs unasked', () => {
  let accepted = 0;
  fc.assert(
    fc.property(saying(['allow', 'ask', 'deny']), (said) => {
      const policy = read(said);
      if (policy === undefined) return;
      accepted += 1;
      for (const action of all) {
        for (const input of inputs) {
          const { gate, risk } = policy.gateOf(action, input);
          if (isRisky(risk) || isRisky(action.risk))
            assert.ok(gate === 'ask' || gate === 'deny', `${action.id} ${gate}`);
        }
      }
    }),
    { numRuns: 600 },
  );
  assert.ok(accepted > 100, `${accepted} policies were no error`);
});

test('with it, a risky call that runs unasked never does so by the word allow', () => {
  fc.assert(
    fc.property(saying(gates), (said) => {
      const policy = read(said);
      for (const action of policy === undefined ? [] : all) {
        for (const input of inputs) {
          const { gate, risk, by } = policy?.gateOf(action, input) ?? assert.fail();
          if (!isRisky(risk) || strictness[gate] > 0) continue;
          assert.equal(gate, 'allow_without_approval');
          assert.match(by, /^allow_without_approval /);
        }
      }
    }),
    { numRuns: 600 },
  );
});
