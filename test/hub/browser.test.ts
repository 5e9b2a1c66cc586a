/** The harness itself: what it is meant to notice, it notices. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { assertAccessible, hasChromium, withPage } from './browser.js';

const policy = "default-src 'none'; script-src 'self'; img-src *";
const pages: Record<string, string> = {
  '/quiet': '<!doctype html><html lang="en"><title>x</title><main><h1>x</h1></main>',
  '/inline': '<script>document.title = "ran"</script>',
  '/elsewhere': '<img alt="" src="http://localhost:9/x.png">',
  '/missing': '<script src="/nowhere.js"></script>',
  '/unnamed': '<!doctype html><html lang="en"><title>x</title><button></button>',
};
const server = createServer((request, response) => {
  const page = pages[request.url ?? ''];
  response.writeHead(page === undefined ? 404 : 200, {
    'content-type': 'text/html',
    'content-security-policy': policy,
  });
  response.end(page);
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
after(() => server.close());
const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const visit = (path: string) => withPage(async (page) => void (await page.goto(origin + path)));
const skip = hasChromium ? false : 'Chromium is not installed';

test('a page that minds its own business passes', { skip }, () => visit('/quiet'));

test('an inline script fails the test: the policy refuses it', { skip }, () =>
  assert.rejects(visit('/inline'), /Content Security Policy/),
);

test('a request to another origin fails the test', { skip }, () =>
  assert.rejects(visit('/elsewhere'), /localhost:9\/x\.png/),
);

test('a file that is not there fails the test', { skip }, () => assert.rejects(visit('/missing'), /404/));

test('a button without a name fails the test for access', { skip }, () =>
  assert.rejects(
    withPage(async (page) => {
      await page.goto(`${origin}/unnamed`);
      await assertAccessible(page, 'unnamed');
    }),
    /button-name/,
  ),
);
