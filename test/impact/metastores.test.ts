/** Impacts of metastores: which workspaces lose or change theirs, who gets control, what force destroys. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  assignMetastoreToWorkspace,
  createMetastore,
  deleteMetastore,
  deleteMetastoreFromWorkspace,
  updateMetastore,
} from '../../tools/metastores.js';
import { getWorkspace, listWorkspaces } from '../../tools/workspaces.js';
import { type Account, hugeWorkspace, v20 } from '../end-to-end/account.js';
import { NotFound } from './look.js';
import { told, withBench } from './writing.js';

const metastore = async (account: Account, name: string) =>
  account.one((await account.get(`${v20}/metastores`)).metastores, 'name', name);

const workspaceId = async (account: Account, name: string) =>
  String(account.one(await account.get(`${v20}/workspaces`), 'workspace_name', name).workspace_id);

const noWorkspaces = { closed: [getWorkspace, listWorkspaces] };

test('deleting with force and without are told plainly apart, and only force wants the name typed', () =>
  withBench(async ({ account, impact }) => {
    const { metastore_id } = await metastore(account, 'lumen-us-east-1');
    const plain = await impact(deleteMetastore, { metastore_id });
    const forced = await impact(deleteMetastore, { metastore_id, force: true });
    assert.equal(told(plain).Contents, 'kept: Databricks refuses while the metastore is not empty');
    assert.equal(told(forced).Contents, 'FORCED: all catalogs, schemas and tables in it are deleted with it');
    assert.deepEqual([plain.typed, forced.typed], [undefined, 'lumen-us-east-1']);
    assert.deepEqual([plain.reversible, forced.reversible], ['no', 'no']);
    assert.deepEqual([plain.undo, forced.undo], [undefined, undefined]);
    assert.notEqual(plain.reversal, forced.reversal);
  }));

test('a deletion names the workspaces that use the metastore; by id alone where their names cannot be read', () =>
  withBench(async ({ account, impact }) => {
    const { metastore_id } = await metastore(account, 'lumen-us-east-1');
    const { workspace_ids } = await account.get(`${v20}/metastores/${metastore_id}/workspaces`);
    const named = told(await impact(deleteMetastore, { metastore_id }));
    assert.equal(named.Workspaces, workspace_ids.length);
    assert.match(String((named['Used by'] as string[])[0]), /^lumen-prod-us \(\d+\)$/);
    const unnamed = await impact(deleteMetastore, { metastore_id }, noWorkspaces);
    assert.deepEqual(told(unnamed)['Used by'], workspace_ids.map(String));
    assert.deepEqual((unnamed.before as { workspace_ids: unknown }).workspace_ids, workspace_ids.map(String));
  }));

test('assigning another metastore tells which one it replaces; before it is the one there is', () =>
  withBench(async ({ account, impact }) => {
    const former = await metastore(account, 'lumen-us-east-1');
    const { metastore_id } = await metastore(account, 'lumen-eu-west-1');
    const workspace_id = await workspaceId(account, 'lumen-prod-us');
    const change = await impact(assignMetastoreToWorkspace, { workspace_id, metastore_id });
    assert.deepEqual(change.target, { kind: 'workspace', id: workspace_id, name: 'lumen-prod-us' });
    assert.equal(told(change).Metastore, `lumen-eu-west-1 (${metastore_id})`);
    assert.equal(told(change).Replaces, `lumen-us-east-1 (${former.metastore_id})`);
    assert.equal(told(change)['Metastore region'], 'eu-west-1');
    assert.equal(told(change)['Workspace region'], 'us-east-1');
    assert.deepEqual(change.before, {
      workspace_id,
      metastore_id: former.metastore_id,
      default_catalog_name: 'lumen',
    });
    assert.deepEqual(change.after, { workspace_id, metastore_id });
  }));

test('a first assignment replaces nothing, and the same one again changes nothing', () =>
  withBench(async ({ account, impact }) => {
    const { metastore_id } = await metastore(account, 'lumen-us-east-1');
    const first = await impact(assignMetastoreToWorkspace, { workspace_id: hugeWorkspace, metastore_id });
    assert.equal(told(first).Effect, 'the workspace gets Unity Catalog');
    assert.deepEqual([told(first).Replaces, first.before], [undefined, null]);
    const workspace_id = await workspaceId(account, 'lumen-prod-us');
    const again = told(await impact(assignMetastoreToWorkspace, { workspace_id, metastore_id }));
    assert.match(String(again.Effect), /^none but the default catalog/);
    assert.equal(again.Replaces, undefined);
  }));

test('unassigning tells what the workspace loses, also where its name cannot be read', () =>
  withBench(async ({ account, impact }) => {
    const { metastore_id } = await metastore(account, 'lumen-us-east-1');
    const workspace_id = await workspaceId(account, 'lumen-prod-us');
    const change = await impact(deleteMetastoreFromWorkspace, { workspace_id, metastore_id }, noWorkspaces);
    assert.deepEqual(change.target, { kind: 'workspace', id: workspace_id });
    assert.equal(told(change).Loses, `lumen-us-east-1 (${metastore_id})`);
    assert.equal(told(change)['Default catalog'], 'lumen');
  }));

test('a metastore, a workspace or an assignment that is not there is not found', () =>
  withBench(async ({ account, impact }) => {
    const { metastore_id } = await metastore(account, 'lumen-us-east-1');
    const gone = { metastore_id: 'gone' };
    await assert.rejects(impact(deleteMetastore, gone), /metastore gone/);
    await assert.rejects(impact(updateMetastore, { ...gone, owner: 'x' }), /metastore gone/);
    await assert.rejects(impact(assignMetastoreToWorkspace, { ...gone, workspace_id: '1' }), /metastore gone/);
    await assert.rejects(impact(assignMetastoreToWorkspace, { metastore_id, workspace_id: '1' }), /workspace 1/);
    const wrong = { metastore_id, workspace_id: hugeWorkspace };
    await assert.rejects(impact(deleteMetastoreFromWorkspace, wrong), NotFound);
  }));

test('an update tells each field that changes, now and then, and none that stays', () =>
  withBench(async ({ account, impact }) => {
    const { metastore_id, ...kept } = await metastore(account, 'lumen-us-east-1');
    const change = await impact(updateMetastore, { metastore_id, owner: 'new-team', external_access_enabled: true });
    assert.deepEqual(told(change), {
      'Owner now': 'data-engineering',
      'Owner then': 'new-team',
      Effect: 'the new owner controls the metastore and everything in it',
    });
    const { updated_at, updated_by, ...before } = kept;
    assert.deepEqual(change.before, { metastore_id, ...before });
    assert.deepEqual(change.after, { metastore_id, ...before, owner: 'new-team' });
    const none = await impact(updateMetastore, { metastore_id, owner: 'data-engineering' });
    assert.deepEqual(told(none), { Change: 'none: it is like this already' });
  }));

test('sharing outside the account is told when it begins and when it ends', () =>
  withBench(async ({ account, impact, write }) => {
    const { metastore_id } = await metastore(account, 'lumen-us-east-1');
    const open = {
      metastore_id,
      delta_sharing_scope: 'INTERNAL_AND_EXTERNAL',
      delta_sharing_recipient_token_lifetime_in_seconds: 0,
    };
    const opening = await impact(updateMetastore, open);
    assert.equal(told(opening)['Sharing effect'], 'data can be shared outside this account');
    assert.equal(told(opening)['Token effect'], 'tokens of recipients never expire');
    assert.equal(told(opening)['Token seconds now'], 'none');
    assert.equal(opening.reversible, 'partly');
    await write(updateMetastore, open);
    const closing = await impact(updateMetastore, { metastore_id, delta_sharing_scope: 'INTERNAL' });
    assert.equal(told(closing)['Sharing effect'], 'sharing outside this account ends');
    assert.deepEqual(closing.undo?.arguments, open, 'scope and lifetime are set back together');
  }));

test('a create tells its region and the metastores that are there; a name that is taken is an obstacle', () =>
  withBench(async ({ impact }) => {
    const create = await impact(createMetastore, { name: 'second', region: 'us-east-1' });
    assert.deepEqual(told(create)['In this region'], ['lumen-us-east-1']);
    assert.equal(told(create)['Storage root'], 'none: each catalog brings its own');
    assert.equal(create.obstacle, undefined);
    const taken = await impact(createMetastore, { name: 'lumen-us-east-1', region: 'us-east-1' });
    assert.match(taken.obstacle?.message ?? '', /name exists already/);
  }));
