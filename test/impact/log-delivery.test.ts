/** Impacts of log delivery: whose logs go where, what stops, and that a configuration is there for good. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLogDeliveryConfig, updateLogDeliveryConfig } from '../../tools/log-delivery.js';
import { getCredential, getStorageConfiguration } from '../../tools/provisioning.js';
import { type Account, hugeWorkspace, v20 } from '../end-to-end/account.js';
import { told, withBench } from './writing.js';

const config = async (account: Account, name: string) =>
  account.one(await account.all(`${v20}/log-delivery`, 'log_delivery_configurations'), 'config_name', name);

/** A new one on the credential and storage the seeded ones use. */
async function audit(account: Account, more: object = {}) {
  const { credentials_id, storage_configuration_id } = await config(account, 'audit-account');
  const of = { log_type: 'AUDIT_LOGS', output_format: 'JSON', credentials_id, storage_configuration_id };
  return { ...of, ...more };
}

const nothingElse = { closed: [getCredential, getStorageConfiguration] };

test('a new configuration cannot be deleted, and tells whose logs go into which bucket as which role', () =>
  withBench(async ({ account, impact }) => {
    const args = await audit(account, { config_name: 'audit-account', delivery_path_prefix: 'logs' });
    const create = await impact(createLogDeliveryConfig, args);
    assert.deepEqual(
      [create.reversible, create.reversal],
      ['no', 'A log delivery configuration cannot be deleted, only disabled.'],
    );
    assert.deepEqual(told(create), {
      Name: 'audit-account',
      Logs: 'AUDIT_LOGS',
      'Logs of': 'the whole account',
      Format: 'JSON',
      Credential: `lumen-cross-account (${args.credentials_id})`,
      Role: 'arn:aws:iam::123456789012:role/lumen-cross-account',
      Storage: `lumen-root-us (${args.storage_configuration_id})`,
      Bucket: 'lumen-root-us-bucket',
      Path: 'logs',
      Status: 'ENABLED',
      'Enabled already': ['audit-account'],
      'Same name': [(await config(account, 'audit-account')).config_id],
    });
  }));

test('without the scopes for names the ids are told, and what is not there is told as such', () =>
  withBench(async ({ account, impact }) => {
    const args = await audit(account);
    const blind = told(await impact(createLogDeliveryConfig, args, nothingElse));
    assert.deepEqual([blind.Credential, blind.Storage], [args.credentials_id, args.storage_configuration_id]);
    assert.deepEqual([blind.Role, blind.Bucket], [undefined, undefined]);
    const gone = told(await impact(createLogDeliveryConfig, { ...args, credentials_id: 'gone' }));
    assert.equal(gone.Credential, 'gone (not found)');
  }));

test('a third enabled one for the account is an obstacle, a disabled one and one for a workspace are not', () =>
  withBench(async ({ account, impact, write }) => {
    const args = await audit(account);
    assert.equal((await impact(createLogDeliveryConfig, args)).obstacle, undefined);
    await write(createLogDeliveryConfig, { ...args, config_name: 'second' });
    assert.match((await impact(createLogDeliveryConfig, args)).obstacle?.message ?? '', /^2 log delivery .* the most/);
    assert.equal((await impact(createLogDeliveryConfig, { ...args, status: 'DISABLED' })).obstacle, undefined);
    const one = { ...args, workspace_ids_filter: [hugeWorkspace] };
    assert.equal((await impact(createLogDeliveryConfig, one)).obstacle, undefined);
    const { config_id } = await config(account, 'audit-old-bucket');
    const enable = { log_delivery_configuration_id: config_id, status: 'ENABLED' };
    const third = await impact(updateLogDeliveryConfig, enable);
    assert.match(third.obstacle?.message ?? '', /the most/);
    assert.deepEqual(told(third)['Enabled already'], ['audit-account', 'second']);
  }));

test('a workspace may have two of a kind as well', () =>
  withBench(async ({ account, impact, write }) => {
    const one = await audit(account, { workspace_ids_filter: [hugeWorkspace] });
    for (const config_name of ['first', 'second']) {
      assert.equal((await impact(createLogDeliveryConfig, one)).obstacle, undefined);
      await write(createLogDeliveryConfig, { ...one, config_name });
    }
    const third = await impact(createLogDeliveryConfig, one);
    assert.match(third.obstacle?.message ?? '', /the most/);
    assert.deepEqual(told(third)['Logs of'], [hugeWorkspace]);
    assert.deepEqual(told(third)['Enabled already'], ['first', 'second']);
    const usage = { ...one, log_type: 'BILLABLE_USAGE', output_format: 'CSV' };
    assert.equal((await impact(createLogDeliveryConfig, usage)).obstacle, undefined, 'another kind');
  }));

test('disabling tells that the logs stop, and keeps the configuration without its last delivery', () =>
  withBench(async ({ account, impact }) => {
    const { config_id, log_delivery_status, update_time, ...kept } = await config(account, 'usage-finance');
    const change = await impact(updateLogDeliveryConfig, {
      log_delivery_configuration_id: config_id,
      status: 'DISABLED',
    });
    assert.deepEqual(change.target, { kind: 'log delivery configuration', id: config_id, name: 'usage-finance' });
    const facts = told(change);
    assert.deepEqual(
      [facts.Effect, facts.Logs, facts['Logs of'], facts.Bucket],
      ['these logs stop', 'BILLABLE_USAGE', [hugeWorkspace], 'lumen-root-us-bucket'],
    );
    assert.deepEqual([facts['Status now'], facts['Status then']], ['ENABLED', 'DISABLED']);
    const before = { config_id, ...kept, workspace_ids_filter: [hugeWorkspace] };
    assert.deepEqual(change.before, before);
    assert.deepEqual(change.after, { ...before, status: 'DISABLED' });
    assert.equal(change.reversible, 'partly');
  }));

test('a status that is there already changes nothing and needs no undo', () =>
  withBench(async ({ account, impact }) => {
    const { config_id } = await config(account, 'audit-account');
    const same = { log_delivery_configuration_id: config_id, status: 'ENABLED' };
    const change = await impact(updateLogDeliveryConfig, same, nothingElse);
    assert.deepEqual([told(change).Effect, change.undo], ['none: it is so already', undefined]);
    await assert.rejects(
      impact(updateLogDeliveryConfig, { ...same, log_delivery_configuration_id: 'gone' }),
      /log delivery configuration gone/,
    );
  }));
