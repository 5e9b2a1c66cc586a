/**
 * A secret that was made and could not be delivered is taken back: the account has no live secret more than before, and
 * the journal tells both writes. S092.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { after, before, beforeEach, describe, test } from 'node:test';
import { type Bench, createBench } from '../settle/bench.js';

/** Ready when it is asked, and failing as soon as there is a secret. */
const script = 'process.stdin.resume().on("end", () => process.exit(process.env.DATABRICKS_MCP_SECRET_PROBE ? 0 : 1))';
const failing = JSON.stringify([process.execPath, '-e', script]);

describe('a secret that the operator’s command does not take', () => {
  let bench: Bench;
  let args: { service_principal_id: string; scopes: string[] };
  before(async () => {
    bench = await createBench({ DATABRICKS_MCP_SECRET_COMMAND: failing });
  });
  after(() => bench.close());
  beforeEach(async () => {
    await bench.reset();
    const { id } = await bench.first('list_service_principals', { filter: 'displayName eq "dbt-nightly"' });
    args = { service_principal_id: String(id), scopes: ['scim'] };
  });

  const live = async () => {
    const { data } = await bench.call('list_service_principal_secrets', {
      service_principal_id: args.service_principal_id,
    });
    return data.map(({ id }: { id: string }) => id).sort();
  };
  const journaled = () => {
    const folder = join(bench.directory, 'journal');
    const lines = readdirSync(folder).flatMap((file) => readFileSync(join(folder, file), 'utf8').trimEnd().split('\n'));
    return lines.map((line) => JSON.parse(line)).filter(({ type }) => type === 'intent' || type === 'outcome');
  };

  test('is deleted again: not applied, and no live secret more than before', async () => {
    const secrets = await live();
    const answer = await bench.call('create_service_principal_secret', args);
    assert.deepEqual([answer.outcome, answer.error?.code], ['not_applied', 'REVOKED'], JSON.stringify(answer));
    assert.deepEqual(await live(), secrets);
    assert.deepEqual(
      bench.sandbox.effects.map(({ method }) => method),
      ['POST', 'DELETE'],
    );
    const records = journaled().slice(-4);
    const [made, deletion] = records.filter(({ type }) => type === 'intent');
    assert.equal(made.action, 'databricks_create_service_principal_secret');
    assert.equal(deletion.action, 'databricks_delete_service_principal_secret');
    assert.match(deletion.reason, /could not be delivered/);
    const outcomeOf = ({ id }: { id: string }) => records.find((each) => each.type === 'outcome' && each.id === id);
    assert.deepEqual([outcomeOf(made).outcome, outcomeOf(deletion).outcome], ['not_applied', 'applied']);
  });

  test('and cannot be deleted either is unknown, and named', async () => {
    const secrets = await live();
    bench.sandbox.addFault({ pattern: 'DELETE /api/*', action: 'status', status: 403 });
    const answer = await bench.call('create_service_principal_secret', args);
    assert.equal(answer.outcome, 'unknown', JSON.stringify(answer));
    const [left, ...others] = (await live()).filter((id: string) => !secrets.includes(id));
    assert.deepEqual(others, []);
    assert.match(answer.error?.message ?? '', new RegExp(`"?${left}"?.* is lost`));
    assert.match(answer.error?.next ?? '', new RegExp(`Delete .*${left}`));
  });

  test('and whose deletion is lost on its way is deleted once and told as such', async () => {
    const secrets = await live();
    bench.sandbox.addFault({ pattern: 'DELETE /api/*', action: 'reset', afterHandler: true });
    const answer = await bench.call('create_service_principal_secret', args);
    assert.deepEqual([answer.outcome, answer.error?.code], ['not_applied', 'REVOKED'], JSON.stringify(answer));
    assert.deepEqual(await live(), secrets);
  });
});
