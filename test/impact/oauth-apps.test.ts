/** Impacts of custom OAuth apps: where codes go, what may be asked for, and whether a secret is minted. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  createCustomAppIntegration,
  deleteCustomAppIntegration,
  updateCustomAppIntegration,
} from '../../tools/oauth-apps.js';
import { type Account, v20 } from '../end-to-end/account.js';
import { told, withBench } from './writing.js';

const app = async (account: Account, name: string) =>
  account.one(await account.all(`${v20}/oauth2/custom-app-integrations`, 'apps'), 'name', name);

test('only a confidential app is a matter of secrets', () => {
  const { riskOf } = createCustomAppIntegration;
  assert.equal(riskOf?.({ confidential: true }), 'secret');
  assert.equal(riskOf?.({ confidential: false }), 'privilege');
  assert.equal(riskOf?.({}), 'privilege');
  assert.equal(createCustomAppIntegration.risk, 'secret', 'the worst of them');
});

test('a new app tells where it redirects, what it may ask for and how long its tokens live', () =>
  withBench(async ({ account, impact }) => {
    const create = await impact(createCustomAppIntegration, {
      name: 'Data portal',
      redirect_urls: ['https://a.example/cb'],
      confidential: true,
      scopes: ['sql'],
      user_authorized_scopes: ['openid'],
      token_access_policy: { access_token_ttl_in_minutes: 30 },
    });
    assert.deepEqual(told(create), {
      Name: 'Data portal',
      Client: 'confidential, gets a secret',
      'Redirect URLs': ['https://a.example/cb'],
      Scopes: ['sql'],
      'Scopes to consent': ['openid'],
      'Access token minutes': 30,
      'Same name': [(await app(account, 'Data portal')).integration_id],
    });
    const plain = told(await impact(createCustomAppIntegration, { name: 'x', redirect_urls: ['https://a.example'] }));
    assert.deepEqual([plain.Client, plain.Scopes], ['public, no secret, PKCE', 'not given: Databricks decides']);
  }));

test('a redirect that is not https is told, unless it stays on the machine', () =>
  withBench(async ({ impact }) => {
    const fine = ['https://a.example/cb', 'http://localhost:8020', 'http://127.0.0.1/cb', 'http://[::1]:80/cb'];
    const odd = ['http://a.example/cb', 'http://localhost.a.example', 'myapp://cb', 'ftp://localhost', 'no url'];
    const urls = (redirect_urls: string[]) => impact(createCustomAppIntegration, { name: 'x', redirect_urls });
    assert.equal(told(await urls(fine))['Not https'], undefined);
    assert.deepEqual(told(await urls([...fine, ...odd]))['Not https'], odd);
  }));

test('an update tells what comes and what goes, and warns of a new redirect that is not https', () =>
  withBench(async ({ account, impact }) => {
    const { integration_id } = await app(account, 'Data portal');
    const change = await impact(updateCustomAppIntegration, {
      integration_id,
      redirect_urls: ['https://apps.lumenfreight.example/oauth/callback/4', 'http://evil.example/cb'],
      scopes: ['openid'],
      token_access_policy: { access_token_ttl_in_minutes: 15 },
    });
    assert.deepEqual(change.target, { kind: 'custom OAuth app', id: integration_id, name: 'Data portal' });
    assert.deepEqual(told(change), {
      'Redirect URLs added': ['http://evil.example/cb'],
      'Not https': ['http://evil.example/cb'],
      'Scopes removed': ['all-apis'],
      'Access token minutes now': 60,
      'Access token minutes then': 15,
      'Refresh token minutes now': 10080,
      'Refresh token minutes then': 'none',
    });
    const after = change.after as { scopes: unknown; name: unknown };
    assert.deepEqual([after.scopes, after.name], [['openid'], 'Data portal']);
    const none = await impact(updateCustomAppIntegration, { integration_id, scopes: ['all-apis', 'openid'] });
    assert.deepEqual(told(none), { Change: 'none: it is like this already' });
    assert.equal(none.undo, undefined);
  }));

test('deleting an app cannot be taken back: it would have another client id', () =>
  withBench(async ({ account, impact }) => {
    const { integration_id, client_id } = await app(account, 'Tableau Cloud');
    const change = await impact(deleteCustomAppIntegration, { integration_id });
    assert.equal(told(change)['Client id'], client_id);
    assert.deepEqual([change.reversible, change.undo], ['no', undefined]);
    assert.match(change.reversal, /another client id/);
    assert.equal((change.before as { client_id: string }).client_id, client_id);
  }));

test('an app that is not there is not found', () =>
  withBench(async ({ impact }) => {
    const gone = { integration_id: 'gone' };
    await assert.rejects(impact(deleteCustomAppIntegration, gone), /custom OAuth app gone/);
    await assert.rejects(impact(updateCustomAppIntegration, { ...gone, scopes: [] }), /custom OAuth app gone/);
  }));
