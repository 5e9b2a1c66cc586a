/** Which hosts are reached through the proxy that the environment names. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { proxyAuthorization, wayTo } from '../../src/databricks/proxy.js';

const host = 'https://accounts.cloud.databricks.com';
const HTTPS_PROXY = 'http://proxy.example:3128';
const HTTP_PROXY = 'http://other.example:3128';

test('without a proxy in the environment the way is direct; one for plain http does not count', () => {
  assert.deepEqual(wayTo(host, {}), {});
  assert.deepEqual(wayTo(host, { HTTPS_PROXY: '', HTTP_PROXY, all_proxy: HTTP_PROXY }), {});
});

test('the variable in lower case wins, as with curl', () => {
  const { proxy, variable } = wayTo(host, { HTTPS_PROXY, https_proxy: 'first.example:8080' });
  assert.deepEqual([proxy?.href, variable], ['http://first.example:8080/', 'https_proxy']);
});

test('this machine itself is never reached through a proxy', () => {
  for (const local of ['http://127.0.0.1:8400', 'https://localhost:1', 'http://[::1]:2']) {
    assert.deepEqual(wayTo(local, { HTTPS_PROXY }), { variable: 'HTTPS_PROXY', past: 'this machine' });
  }
});

test('NO_PROXY takes names, what lies below them, ports and *', () => {
  const listed = (NO_PROXY: string, origin = host) => wayTo(origin, { HTTPS_PROXY, NO_PROXY }).past === 'listed';
  for (const entry of [
    'accounts.cloud.databricks.com',
    'a.test, DATABRICKS.com',
    'a.test .databricks.com',
    '*.databricks.com',
    'accounts.cloud.databricks.com:443',
    '*',
    'a.test,*',
  ]) {
    assert.ok(listed(entry), entry);
  }
  for (const entry of [
    '',
    ',',
    'bricks.com',
    'x.accounts.cloud.databricks.com',
    'databricks.com:80',
    'databricks.com.',
  ]) {
    assert.ok(!listed(entry), entry);
  }
  assert.ok(listed('databricks.com:8443', `${host}:8443`));
  assert.ok(!listed('databricks.com:443', `${host}:8443`));
});

test('user and password of the proxy are decoded; a user alone will do', () => {
  const of = (text: string) => proxyAuthorization(new URL(text));
  const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
  assert.equal(of('http://ana:a%3Ab%21@p:1'), basic('ana:a:b!'));
  assert.equal(of('http://ana@p:1'), basic('ana:'));
  assert.equal(of('http://p:1'), undefined);
});
