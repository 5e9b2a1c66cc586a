/** The frame of the hub's pages, and the files they load. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { asset, assetAt } from '../../src/hub/assets.js';
import { html, Layout } from '../../src/hub/layout.js';

const page = (props: Partial<Parameters<typeof Layout>[0]> = {}) =>
  html(
    <Layout title="Accounts" path="/hub/accounts" {...props}>
      <h1>Accounts</h1>
    </Layout>,
  );

test('a page is a whole document in English, with its own title', () => {
  assert.match(page(), /^<!doctype html><html lang="en">.*<title>Accounts · Databricks actions<\/title>.*<\/html>$/s);
});

test('the first link of a page leads to its main part', () => {
  assert.equal(page().match(/<a [^>]*href="([^"]*)"/)?.[1], '#main');
  assert.match(page(), /<main id="main"[^>]*><h1>Accounts<\/h1><\/main>/);
});

test('what a visitor is called cannot become markup', () => {
  const text = page({ title: '</title><b>', visitor: { name: '<script>x</script>', csrf: '"><b>' } });
  assert.doesNotMatch(text, /<script>x|<b>/);
  assert.match(text, /&lt;script&gt;x/);
});

test('nobody signed in sees the guide and where to sign in; a visitor the other pages and the way out', () => {
  const links = (text: string) => [...text.matchAll(/<nav.*?<\/nav>/gs)].flatMap(([nav]) => nav.match(/\/hub[\w/-]*/g));
  assert.deepEqual(links(page()), ['/hub', '/hub/sign-in']);
  const visited = page({ visitor: { name: 'operator', csrf: 'token', waiting: 2 } });
  assert.deepEqual(links(visited), ['/hub', '/hub/accounts', '/hub/approvals', '/hub/journal', '/hub/secrets']);
  assert.match(visited, /action="\/hub\/sign-out"><input type="hidden" name="csrf" value="token"/);
  assert.match(visited, /Approvals<span class="badge is-warning">2 /);
});

test('the navigation marks the page, and the place a page lies under', () => {
  const visitor = { name: 'operator', csrf: 'token' };
  const marked = (path: string) => page({ path, visitor }).match(/<a href="([^"]*)" aria-current="([^"]*)"/g);
  assert.deepEqual(marked('/hub/accounts'), ['<a href="/hub/accounts" aria-current="page"']);
  assert.deepEqual(marked('/hub/accounts/prod'), ['<a href="/hub/accounts" aria-current="true"']);
  assert.deepEqual(marked('/hub'), ['<a href="/hub" aria-current="page"']);
  assert.equal(marked('/hub/elsewhere'), null);
});

test('what a page loads is there under exactly that name, with the hash of its content', () => {
  const paths = [...page().matchAll(/(?:href|src)="(\/hub\/assets\/[^"]*)"/g)].map(([, path]) => path ?? '');
  assert.equal(paths.length, 3);
  for (const path of paths) {
    const found = assetAt(path) ?? assert.fail(path);
    assert.ok(path.includes(createHash('sha256').update(found.text).digest('hex').slice(0, 12)), path);
  }
});

test('other names below the assets are not there: no other file, no other hash', () => {
  const { path } = asset('styles.css');
  for (const other of [
    path.replace('styles', '../layout'),
    path.replace(/-.*\./, '.'),
    path.replace('.css', '.js'),
    '',
  ])
    assert.equal(assetAt(other), undefined, other);
});

test('a page has nothing inline that a strict content security policy forbids, and loads nothing from elsewhere', () => {
  const text = page({ visitor: { name: 'operator', csrf: 'token' } });
  assert.doesNotMatch(text, /<style|\sstyle=|\son\w+=|<script(?![^>]*src=)|javascript:|https?:\/\/(?!www\.w3\.org)/);
  for (const name of ['styles.css', 'icon.svg'] as const) {
    assert.doesNotMatch(asset(name).text, /@import|url\(|https?:\/\/(?!www\.w3\.org\/2000\/svg)/, name);
  }
  // What it may ask of its own origin, and nobody else, is the policy's business and tried in Chromium.
  assert.doesNotMatch(asset('page.js').text, /XMLHttpRequest|\bimport\(|WebSocket|sendBeacon|\beval\(/);
});
