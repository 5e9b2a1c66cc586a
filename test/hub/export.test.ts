/** The guide as a file: it stands alone, opens from a disk, and asks nobody for anything. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { exportGuide } from '../../src/hub/export.js';
import { run } from '../cli/program.js';
import { assertAccessible, browserTest } from './browser.js';

const folder = mkdtempSync(join(tmpdir(), 'databricks-actions-mcp-hub-test-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const html = exportGuide(new URLSearchParams('actions=list_users'));
const file = join(folder, 'guide.html');
writeFileSync(file, html);
const address = pathToFileURL(file).href;

test('the file links to nothing but account consoles, and its policy lets only what is in it run', () => {
  const links = [...html.matchAll(/(?:href|src|action)="([^"]*)"/g)].map(([, to]) => to ?? '');
  assert.deepEqual(
    links.filter((to) => !/^(#|data:|https:\/\/accounts\.)/.test(to)),
    [],
  );
  const policy = html.match(/content-security-policy" content="([^"]*)"/)?.[1]?.replaceAll('&#39;', "'") ?? '';
  for (const element of ['style', 'script type="module"']) {
    const [name = ''] = element.split(' ');
    const inside = html.match(new RegExp(`<${element}>(.*?)</${name}>`, 's'))?.[1] ?? assert.fail(element);
    const hash = createHash('sha256').update(inside).digest('base64');
    assert.ok(policy.includes(`${name}-src 'sha256-${hash}'`), policy);
  }
  assert.match(policy, /^default-src 'none';/);
});

test('the command writes the file with what is chosen, and does not replace one unasked', async () => {
  const written = join(folder, 'written.html');
  const first = await run(['hub', 'export', written, '--actions', 'List Users', 'billing', '--separator', 'comma']);
  assert.deepEqual([first.code, first.stdout], [0, ''], first.stderr);
  assert.match(readFileSync(written, 'utf8'), /id="scopes-text"[^>]*>billing,scim</);
  const second = await run(['hub', 'export', written]);
  assert.equal(second.code, 2);
  assert.match(second.stderr, /is there already.*--force/s);
  assert.equal((await run(['hub', 'export', written, '--force', '--scopes', 'scim'])).code, 0);
  assert.match(readFileSync(written, 'utf8'), /id="scopes-text"[^>]*>scim</);
});

test('without a file the guide goes to stdout, and a wrong name writes nothing', async () => {
  const { code, stdout } = await run(['hub', 'export']);
  assert.equal(code, 0);
  assert.match(stdout, /^<!doctype html>.*<\/html>\n$/s);
  const never = join(folder, 'never.html');
  const wrong = await run(['hub', 'export', never, '--actions', 'list_user']);
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /Did you mean list_users/);
  assert.ok(!existsSync(never));
});

browserTest('opened from a disk it works without a request: choosing, address, scopes', async (page) => {
  await page.context().setOffline(true);
  await page.goto(address);
  assert.equal(await page.locator('#scopes-text').textContent(), 'scim');
  await page.getByText('Change the choice').click();
  await page.getByRole('checkbox', { name: 'List Budgets', exact: true }).check();
  assert.equal(await page.locator('#scopes-text').textContent(), 'billing scim');
  assert.equal(await page.evaluate('location.hash'), '#actions=list_budgets,list_users');
  await page.reload();
  assert.equal(await page.locator('#scopes-text').textContent(), 'billing scim');
  assert.equal(await page.getByRole('link', { name: /Sign in|Accounts|Save|Address/ }).count(), 0);
  await assertAccessible(page, 'a file');
});

browserTest(
  'without scripts the file shows what was chosen for it',
  async (page) => {
    await page.goto(address);
    assert.equal(await page.locator('#scopes-text').textContent(), 'scim');
    await page.getByText('Change the choice').click();
    assert.ok(await page.getByText('allow scripts').isVisible());
  },
  { javaScriptEnabled: false },
);
