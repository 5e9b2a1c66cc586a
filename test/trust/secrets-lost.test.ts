/**
 * Secrets that are made and cannot be delivered: taken back where that is possible, and told with their id where it is
 * not. Also when the server dies in between, or the answer is lost on the way (S092 to S094, S103).
 */
import assert from 'node:assert/strict';
import process from 'node:process';
import { describe, it } from 'node:test';
import { run } from '../cli/program.js';
import { atEnd, environment } from '../mcp/server-process.js';
import { checkNowhere, forPrincipal, minter, storeProgram, until } from './minting.js';
import { journal, type World, world } from './world.js';

const minting = 'create_service_principal_secret';
const of = (place: World, kind: string) => journal(place).filter(({ type }) => type === kind);
const steps = (place: World) => place.effects().map(({ kind, type }) => `${kind} ${type}`);

describe('a secret the sink does not take', () => {
  const bodies = {
    'ends with an error': 'if (!isProbe) process.exitCode = 1;',
    'is killed': "if (!isProbe) process.kill(process.pid, 'SIGKILL');",
    'does not end in time': 'if (!isProbe) setTimeout(() => {}, 30_000);',
  };
  for (const [what, body] of Object.entries(bodies)) {
    it(`is deleted again when the program ${what}, and both writes are in the journal`, async () => {
      const store = storeProgram(body);
      const place = await world(store.settings);
      const { args, ids } = await forPrincipal(place);
      const before = await ids();
      const at = await minter(place);
      place.forget();
      const answer = await at.call(minting, args);
      const { outcome, error } = answer.json;
      assert.deepEqual([outcome, error.kind, error.code], ['not_applied', 'storage', 'REVOKED'], answer.text);
      const id = store.runs().at(-1)?.env.DATABRICKS_MCP_SECRET_ID ?? '';
      assert.ok(error.message.includes(`id "${id}"`), error.message);
      assert.deepEqual(steps(place), ['create secret', 'delete secret']);
      assert.deepEqual(await ids(), before);
      const intents = of(place, 'intent');
      assert.deepEqual(
        intents.map(({ action, reason }) => [action, reason]),
        [
          [`databricks_${minting}`, undefined],
          ['databricks_delete_service_principal_secret', 'the secret could not be delivered'],
        ],
      );
      assert.equal(intents[1].arguments.secret_id, id);
      const outcomes = new Map(of(place, 'outcome').map((each) => [each.id, each]));
      assert.equal(outcomes.get(intents[0].id).error.code, 'REVOKED');
      assert.equal(outcomes.get(intents[1].id).outcome, 'applied');
      checkNowhere(store.runs().at(-1)?.stdin ?? '', answer, at, place);
      await at.close();
    });
  }

  it('is told with its id where it cannot be deleted, either', async () => {
    const store = storeProgram('if (!isProbe) process.exitCode = 1;');
    const place = await world(store.settings);
    const { args, ids } = await forPrincipal(place);
    const at = await minter(place);
    place.forget();
    place.sandbox.addFault({ pattern: 'DELETE *', action: 'status', status: 403 });
    const answer = await at.call(minting, args);
    const { outcome, error } = answer.json;
    assert.deepEqual([outcome, error.kind, error.retryable], ['unknown', 'storage', false]);
    const [left] = await ids();
    assert.ok(error.message.includes(`id "${left}"`), error.message);
    assert.ok(error.next.startsWith(`Delete id "${left}"`), error.next);
    assert.deepEqual(steps(place), ['create secret']);
    checkNowhere(store.runs().at(-1)?.stdin ?? '', answer, at, place);
    await at.close();
  });
});

describe('a secret whose server dies before it is stored', () => {
  it('is found by what audit says: the write, the check, and the ids that were there before', async () => {
    const store = storeProgram('if (!isProbe) setTimeout(() => {}, 20_000);');
    const place = await world(store.settings);
    const { args, ids } = await forPrincipal(place);
    await place.account.create(
      `/api/2.0/accounts/${place.sandbox.accountId}/servicePrincipals/${args.service_principal_id}/credentials/secrets`,
      { scopes: ['sql'] },
    );
    const before = await ids();
    const at = await minter(place);
    place.forget();
    const lost = at.call(minting, args).catch((error: unknown) => error);
    const stored = () => store.runs().find(({ stdin }) => stdin !== '');
    await until(() => stored() !== undefined);
    process.kill(at.pid, 'SIGKILL');
    const program = stored()?.pid ?? 0;
    atEnd(() => {
      try {
        process.kill(program, 'SIGKILL');
      } catch {
        // It has ended by itself.
      }
    });
    assert.ok((await lost) instanceof Error);
    assert.deepEqual(steps(place), ['create secret']);

    const audit = async (...words: string[]) =>
      (await run(['audit', 'unknown', ...words], environment(place.home, place.settings))).stdout;
    const [write, ...others] = JSON.parse(await audit('--json'));
    assert.equal(others.length, 0);
    assert.deepEqual([write.action, write.why, write.running], [`databricks_${minting}`, 'crashed', false]);
    assert.deepEqual(write.check, {
      tool: 'databricks_list_service_principal_secrets',
      arguments: { service_principal_id: args.service_principal_id },
    });
    assert.deepEqual([...write.existing].sort(), [...before].sort());
    const told = await audit();
    assert.ok(told.includes(`there before the call: ${write.existing.join(', ')}`), told);
    assert.ok(!told.includes('  now '), told);

    const orphan = stored()?.env.DATABRICKS_MCP_SECRET_ID;
    const [seen] = JSON.parse(await audit('--look', '--json'));
    assert.deepEqual(seen.now, { appeared: [orphan] });
    assert.match(await audit('--look'), new RegExp(`^  now        new since the call: ${orphan}$`, 'm'));
    assert.deepEqual(steps(place), ['create secret']);

    const next = await minter(place);
    const removal = { service_principal_id: args.service_principal_id, secret_id: orphan };
    assert.equal((await next.call('delete_service_principal_secret', removal)).json.outcome, 'applied');
    assert.match(await audit('--look'), /^ {2}now {8}nothing that was not there before$/m);
    assert.deepEqual(await ids(), before);
    await next.close();
  });
});

describe('a secret whose answer is lost', () => {
  it('is found by reading and told as lost, with its id and what deletes it', async () => {
    const place = await world();
    const { args, ids } = await forPrincipal(place);
    const at = await minter(place);
    place.sandbox.addFault({ pattern: 'POST *credentials/secrets', action: 'drop', afterHandler: true, times: 1 });
    place.forget();
    const answer = await at.call(minting, args);
    const [made, ...others] = await ids();
    assert.equal(others.length, 0);
    assert.equal(answer.json.outcome, 'applied', answer.text);
    assert.equal(answer.json.data.id, made);
    assert.equal(answer.json.data.secret, undefined);
    assert.match(answer.json.note, /its value is lost/);
    assert.ok(answer.json.note.includes(`delete id "${made}" with databricks_delete_service_principal_secret`));
    assert.deepEqual(steps(place), ['create secret']);
    await at.close();
  });
});
