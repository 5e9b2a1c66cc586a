/**
 * Every create whose answer is lost after the effect: executed once, found by reading, told as applied. The rows are the
 * creates of the API reference; ids come from the sandbox's seed.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { actions } from '../../tools/index.js';
import { type Bench, createBench } from './bench.js';

const alert = {
  time_period: 'MONTH',
  trigger_type: 'CUMULATIVE_SPENDING_EXCEEDED',
  quantity_type: 'LIST_PRICE_DOLLARS_USD',
  quantity_threshold: '250.50',
};

type Arguments = Record<string, unknown>;
const creates: Record<string, (bench: Bench) => Promise<Arguments> | Arguments> = {
  create_user: () => ({ userName: 'lost.answer@example.com' }),
  create_group: () => ({ displayName: 'lost-answer' }),
  create_service_principal: () => ({ displayName: 'lost-answer' }),
  create_service_principal_secret: async (bench) => ({
    service_principal_id: (await bench.first('list_service_principals', { filter: 'displayName ne "mcp-admin"' })).id,
    scopes: ['scim'],
  }),
  create_budget: () => ({ display_name: 'lost answer', alert_configurations: [alert] }),
  create_ip_access_list: () => ({ label: 'lost answer', list_type: 'ALLOW', ip_addresses: ['127.0.0.0/8'] }),
  create_custom_app_integration: () => ({ name: 'lost answer', redirect_urls: ['https://app.example.com/cb'] }),
  create_metastore: () => ({ name: 'lost-answer', region: 'eu-central-1' }),
  create_credential: () => ({
    credentials_name: 'lost-answer',
    aws_credentials: { sts_role: { role_arn: 'arn:aws:iam::123456789012:role/lost' } },
  }),
  create_network: () => ({
    network_name: 'lost-answer',
    vpc_id: 'vpc-0a1b2c3d',
    subnet_ids: ['subnet-0a', 'subnet-0b'],
    security_group_ids: ['sg-0a'],
  }),
  create_log_delivery_config: async (bench) => ({
    config_name: 'lost-answer',
    log_type: 'AUDIT_LOGS',
    output_format: 'JSON',
    credentials_id: (await bench.first('list_credentials')).credentials_id,
    storage_configuration_id: (await bench.first('list_storage_configurations')).storage_configuration_id,
    status: 'DISABLED',
  }),
};

test('there is a row for every create', () => {
  const declared = actions.filter(({ effect }) => effect === 'create').map(({ id }) => id.replace('databricks_', ''));
  assert.deepEqual(Object.keys(creates).sort(), declared.sort());
});

describe('a create whose answer is lost', () => {
  let bench: Bench;
  before(async () => {
    bench = await createBench();
  });
  after(() => bench.close());

  const losses = {
    'by a reset': { action: 'reset' },
    'behind a 503': { action: 'status', status: 503, headers: { 'retry-after': '1' } },
  } as const;

  for (const [id, args] of Object.entries(creates)) {
    for (const [how, fault] of Object.entries(losses)) {
      test(`${id}: lost ${how} after the effect, it is executed once and found`, async () => {
        await bench.reset();
        const input = await args(bench);
        bench.sandbox.clearEffects();
        bench.sandbox.addFault({ pattern: 'POST /api/*', afterHandler: true, ...fault });
        const answer = await bench.call(id, input);
        assert.equal(bench.sandbox.effects.length, 1);
        assert.equal(answer.outcome, 'applied', JSON.stringify(answer));
        assert.match(answer.note ?? '', new RegExp(`"${bench.sandbox.effects[0]?.id}", which was not there before`));
        assert.ok(!JSON.stringify(answer).includes('"secret":"dose'));
      });
    }
  }

  test('lost before the effect, it is told as unknown with how to check, and nothing was made', async () => {
    await bench.reset();
    bench.sandbox.addFault({ pattern: 'POST /api/*', action: 'reset' });
    const answer = await bench.call('create_group', { displayName: 'never-made' });
    assert.equal(bench.sandbox.effects.length, 0);
    assert.equal(answer.outcome, 'unknown');
    assert.equal(answer.error?.retryable, false);
    assert.deepEqual(answer.error?.check, {
      tool: 'databricks_list_groups',
      arguments: { filter: 'displayName eq "never-made"' },
    });
    assert.ok(!Number.isNaN(Date.parse(answer.error?.sent_at ?? '')));
    assert.match(answer.error?.next ?? '', /not known whether/);
  });

  test('an object of the same name that was there before is not taken for the new one', async () => {
    await bench.reset();
    await bench.call('create_service_principal', { displayName: 'twin' });
    bench.sandbox.clearEffects();
    bench.sandbox.addFault({ pattern: 'POST /api/*', action: 'reset' });
    const answer = await bench.call('create_service_principal', { displayName: 'twin' });
    assert.deepEqual([answer.outcome, bench.sandbox.effects.length], ['unknown', 0]);
  });

  test('a list that still shows the old state is read again', async () => {
    await bench.reset();
    bench.sandbox.addFault({ pattern: 'GET /api/2.0/accounts/*/scim/v2/Groups*', action: 'stale_read', times: 1 });
    bench.sandbox.addFault({ pattern: 'POST /api/*', action: 'reset', afterHandler: true });
    const answer = await bench.call('create_group', { displayName: 'late-to-show' });
    assert.deepEqual([answer.outcome, bench.sandbox.effects.length], ['applied', 1]);
  });

  test('a collision names what is in the way', async () => {
    await bench.reset();
    const made = await bench.call('create_group', { displayName: 'taken' });
    const answer = await bench.call('create_group', { displayName: 'taken' });
    assert.deepEqual([answer.outcome, answer.error?.kind], ['not_applied', 'conflict']);
    assert.deepEqual(answer.error?.existing, { id: made.data.id });
  });

  test('a limit in the way is no object in the way', async () => {
    await bench.reset();
    const args = {
      service_principal_id: (await bench.first('list_service_principals', { filter: 'displayName eq "ci-deploy"' })).id,
      scopes: ['scim'],
    };
    const answers = [];
    for (let round = 0; round < 6; round += 1) answers.push(await bench.call('create_service_principal_secret', args));
    const last = answers.at(-1);
    assert.deepEqual([last?.outcome, last?.error?.kind, last?.error?.code], ['not_applied', 'conflict', 'OBSTACLE']);
    assert.equal(last?.error?.existing, undefined);
  });

  test('a collision after an unknown outcome of the same call says so', async () => {
    await bench.reset();
    // The settling reads fail as well, so the first call cannot know.
    bench.sandbox.addFault({ pattern: 'POST /api/*', action: 'reset', afterHandler: true, times: 1 });
    bench.sandbox.addFault({ pattern: 'GET /api/*', action: 'status', status: 403, offset: 2, times: 3 });
    const first = await bench.call('create_group', { displayName: 'made-in-the-dark' });
    assert.equal(first.outcome, 'unknown');
    bench.sandbox.clearFaults();
    const second = await bench.call('create_group', { displayName: 'made-in-the-dark' });
    assert.match(second.error?.message ?? '', /probably from your earlier call at \d{4}-/);
    assert.equal(bench.sandbox.effects.length, 1);
  });
});
