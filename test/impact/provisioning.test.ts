/** Impacts of credential and network configurations: what they let Databricks do, and who uses them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listLogDeliveryConfigs } from '../../tools/log-delivery.js';
import { createCredential, createNetwork, deleteCredential, deleteNetwork } from '../../tools/provisioning.js';
import { getWorkspace, listWorkspaces } from '../../tools/workspaces.js';
import { type Account, v20 } from '../end-to-end/account.js';
import { told, withBench } from './writing.js';

const credential = async (account: Account, name: string) =>
  account.one(await account.get(`${v20}/credentials`), 'credentials_name', name);
const network = async (account: Account, name: string) =>
  account.one(await account.get(`${v20}/networks`), 'network_name', name);

const role = (name: string) => `arn:aws:iam::123456789012:role/${name}`;
const newCredential = (name: string, of = name) => ({
  credentials_name: name,
  aws_credentials: { sts_role: { role_arn: role(of) } },
});

test('a credential in use is an obstacle and names the workspaces and the logs that use it', () =>
  withBench(async ({ account, impact }) => {
    const { credentials_id } = await credential(account, 'lumen-cross-account');
    const used = await impact(deleteCredential, { credentials_id });
    assert.deepEqual(used.target, {
      kind: 'credential configuration',
      id: credentials_id,
      name: 'lumen-cross-account',
    });
    assert.equal(told(used).Role, role('lumen-cross-account'));
    assert.match(String((told(used)['Used by'] as string[])[0]), /^lumen-prod-us \(\d+\)$/);
    // The disabled one is left out.
    assert.deepEqual(told(used)['Log delivery'], ['audit-account', 'audit-prod', 'usage-account', 'usage-finance']);
    assert.match(used.obstacle?.message ?? '', /A workspace uses this credential configuration/);
  }));

test('a credential that nobody uses is none, and that is told', () =>
  withBench(async ({ account, impact }) => {
    const unused = await credential(account, 'lumen-legacy-role');
    const change = await impact(deleteCredential, { credentials_id: unused.credentials_id });
    assert.deepEqual([told(change)['Used by'], change.obstacle], ['no workspace', undefined]);
    assert.deepEqual(change.before, unused);
  }));

test('where workspaces and logs cannot be read, that is not taken for none', () =>
  withBench(async ({ account, impact }) => {
    const { credentials_id } = await credential(account, 'lumen-cross-account');
    const closed = [listWorkspaces, listLogDeliveryConfigs];
    const blind = await impact(deleteCredential, { credentials_id }, { closed });
    assert.match(String(told(blind)['Used by']), /^not known/);
    assert.match(String(told(blind)['Log delivery']), /^not known/);
    assert.equal(blind.obstacle, undefined);
  }));

test('a new credential tells its role and who has the same; a name that is taken is an obstacle', () =>
  withBench(async ({ impact }) => {
    const create = await impact(createCredential, newCredential('fresh', 'lumen-legacy-role'));
    assert.equal(told(create).Role, role('lumen-legacy-role'));
    assert.deepEqual(told(create)['Same role'], ['lumen-legacy-role']);
    assert.equal(create.obstacle, undefined);
    const taken = await impact(createCredential, newCredential('lumen-legacy-role'));
    assert.match(taken.obstacle?.message ?? '', /name exists already/);
  }));

test('a network in use is an obstacle and names its workspace, by id where the name cannot be read', () =>
  withBench(async ({ account, impact }) => {
    const { network_id, workspace_id } = await network(account, 'lumen-vpc-us');
    const used = await impact(deleteNetwork, { network_id });
    assert.equal(told(used)['Used by'], `lumen-prod-us (${workspace_id})`);
    assert.match(used.obstacle?.message ?? '', /A workspace uses this network configuration/);
    const blind = await impact(deleteNetwork, { network_id }, { closed: [getWorkspace] });
    assert.equal(told(blind)['Used by'], String(workspace_id));
  }));

test('what Databricks finds out about a network by itself is not part of what it was', () =>
  withBench(async ({ account, impact }) => {
    const { network_id } = await network(account, 'lumen-vpc-staging');
    const { before } = await impact(deleteNetwork, { network_id });
    assert.deepEqual(
      Object.keys(before as object).filter((name) => /status|message/.test(name)),
      [],
    );
  }));

test('a new network tells what it is made of; a name that is taken is an obstacle', () =>
  withBench(async ({ account, impact }) => {
    const { vpc_id } = await network(account, 'lumen-vpc-spare');
    const parts = { vpc_id, subnet_ids: ['subnet-1', 'subnet-2'], security_group_ids: ['sg-1'] };
    const create = await impact(createNetwork, {
      network_name: 'fresh',
      ...parts,
      vpc_endpoints: { rest_api: ['vpce-1'], dataplane_relay: ['vpce-2'] },
    });
    assert.deepEqual(told(create), {
      Name: 'fresh',
      VPC: vpc_id,
      Subnets: ['subnet-1', 'subnet-2'],
      'Security groups': ['sg-1'],
      'REST endpoints': ['vpce-1'],
      'Relay endpoints': ['vpce-2'],
      'Same VPC': ['lumen-vpc-spare'],
    });
    const taken = await impact(createNetwork, { network_name: 'lumen-vpc-us', ...parts });
    assert.match(taken.obstacle?.message ?? '', /name exists already/);
  }));

test('on GCP a network cannot be registered again, and is not said to be', () =>
  withBench(
    async ({ account, impact }) => {
      const { network_id } = await network(account, 'lumen-vpc-spare');
      const change = await impact(deleteNetwork, { network_id });
      assert.deepEqual([change.reversible, change.undo], ['no', undefined]);
      assert.equal(told(change).VPC, 'lumen-shared-vpc');
    },
    { cloud: 'gcp' },
  ));

test('what is not there is not found', () =>
  withBench(async ({ impact }) => {
    await assert.rejects(impact(deleteCredential, { credentials_id: 'gone' }), /credential configuration gone/);
    await assert.rejects(impact(deleteNetwork, { network_id: 'gone' }), /network configuration gone/);
  }));
