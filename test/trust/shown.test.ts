/** An approval covers nothing that was not shown: what a hijacked model hides behind harmless items, or cannot be told whole. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { approves, client, declines, world } from './world.js';

describe('what a call would do', () => {
  it('is shown to its last item, so that nothing hides behind the first three', async () => {
    const place = await world();
    const at = await client(place, 'modern', declines);
    place.forget();
    const group = (await at.call('list_groups', { filter: 'displayName eq "contractors"' })).json.data[0];
    const people = (await at.call('list_users', { count: 9, detail: 'full' })).json.data;
    await at.call('create_ip_access_list', {
      label: 'office',
      list_type: 'ALLOW',
      ip_addresses: ['127.0.0.1', '198.51.100.1', '198.51.100.2', '0.0.0.0/0'],
    });
    await at.call('create_custom_app_integration', {
      name: 'reports',
      redirect_urls: ['a', 'b', 'c', 'evil'].map((name) => `https://${name}.example/`),
      scopes: ['openid', 'email', 'profile', 'all-apis'],
    });
    const value = people.map(({ id }: { id: string }) => ({ value: id, display: 'Somebody Harmless' }));
    await at.call('update_group', {
      id: group.id,
      Operations: [
        { op: 'add', path: 'members', value: JSON.stringify(value) },
        { op: 'add', path: 'roles', value: '[{"value":"account_admin"}]' },
      ],
    });
    const [list, app, update] = at.asked.map(({ message }) => message);
    assert.match(list ?? '', /^(ip_addresses|Addresses): 4: .*"0\.0\.0\.0\/0"$/m);
    assert.match(app ?? '', /^(redirect_urls|Redirect URLs): 4: .*"https:\/\/evil\.example\/"$/m);
    assert.match(app ?? '', /^(scopes|Scopes): 4: .*"all-apis"$/m);
    assert.match(update ?? '', /^Operations\[1\]: op "add", path "roles", value "account_admin"$/m);
    // A name the caller made up stands for nobody outside of the arguments.
    assert.doesNotMatch(update ?? '', /^members added: .*Somebody Harmless/m);
    assert.deepEqual(place.effects(), []);
    await at.close();
  });

  it('is shown with the host an address really leads to, whatever it looks like', async () => {
    const place = await world();
    const at = await client(place, 'modern', declines);
    const redirect_urls = ['https://l\u043egin.example/cb', 'https://login.example@evil.example/cb'];
    await at.call('create_custom_app_integration', { name: 'reports', redirect_urls });
    const [{ message } = { message: '' }] = at.asked;
    assert.match(message, /\(leads to "xn--[\w-]+\.example"\)/);
    assert.match(message, /\(leads to "evil\.example"\)/);
    await at.close();
  });

  it('asks a person also where only what is there makes it risky: a stop of spending that is lifted', async () => {
    const place = await world();
    const at = await client(place, 'modern', declines);
    const budget = (action_type: string) => ({
      display_name: 'stops',
      alert_configurations: [
        {
          time_period: 'MONTH',
          trigger_type: 'CUMULATIVE_SPENDING_EXCEEDED',
          quantity_type: 'LIST_PRICE_DOLLARS_USD',
          quantity_threshold: '1000.00',
          action_configurations: [{ action_type, target: 'ana@example.com' }],
        },
      ],
    });
    const path = `/api/2.1/accounts/${place.sandbox.accountId}/budgets`;
    const made = await place.account.create(path, { budget: budget('BLOCK_USAGE') });
    place.forget();
    const budget_id = made.budget.budget_configuration_id;
    const { json } = await at.call('update_budget', { budget_id, ...budget('EMAIL_NOTIFICATION') });
    assert.deepEqual([json.outcome, json.error?.code], ['not_applied', 'DECLINED'], JSON.stringify(json));
    assert.equal(at.asked.length, 1);
    assert.deepEqual(place.effects(), []);
    await at.close();
  });

  it('is not even asked about where the redactor would mask a part of it', async () => {
    const place = await world();
    const at = await client(place, 'v1', approves);
    place.forget();
    const redirect_urls = ['https://password=login.example.com@evil.example/cb'];
    const { json } = await at.call('create_custom_app_integration', { name: 'reports', redirect_urls });
    assert.deepEqual([json.outcome, json.error.code], ['not_applied', 'ARGUMENT_NOT_SHOWN'], JSON.stringify(json));
    assert.equal(at.asked.length, 0);
    assert.deepEqual(place.effects(), []);
    await at.close();
  });

  it('is not even asked about where it is too long to be shown, and a dry run says so', async () => {
    const place = await world();
    const at = await client(place, 'legacy', approves);
    place.forget();
    const group = (await at.call('list_groups', { filter: 'displayName eq "contractors"' })).json.data[0];
    const filler = Array.from({ length: 200 }, (_, index) => ({
      op: 'add',
      path: 'members',
      value: `[{"value":"${9_000_000 + index}"}]`,
    }));
    const args = {
      id: group.id,
      Operations: [...filler, { op: 'add', path: 'roles', value: '[{"value":"account_admin"}]' }],
    };
    const { json } = await at.call('update_group', args);
    assert.deepEqual([json.outcome, json.error.code], ['not_applied', 'TOO_MUCH_TO_SHOW'], JSON.stringify(json));
    assert.match(json.error.next, /Split it/);
    const plan = await at.call('update_group', { ...args, dry_run: true });
    assert.equal(plan.json.data.refused.code, 'TOO_MUCH_TO_SHOW');
    assert.equal(at.asked.length, 0);
    assert.deepEqual(place.effects(), []);
    await at.close();
  });
});
