/**
 * The hub as its command serves it, with what an assistant has left there, in Chromium. What each page does is held in
 * `private-browser.test.ts`; here they are full, and the person has no mouse.
 */
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { assertAccessible, browserTest, hasChromium, type Visit, withPage } from './browser.js';
import { type LivedIn, startLivedIn } from './lived-in.js';

/** At the top, as what is started in a hook ends with it. */
const hub = (hasChromium ? await startLivedIn() : undefined) as LivedIn;
const storageState = hasChromium ? await signedIn() : undefined;

/** Signed in once, by a link; refusals are answers of 4xx, which the console tells. */
const operator = (more: Visit = {}): Visit => ({
  ...(storageState !== undefined && { storageState }),
  expected: /status of 4/,
  ...more,
});

async function open(page: Page, path: string): Promise<void> {
  await page.goto(hub.origin + path);
  assert.equal(new URL(page.url()).pathname, path.split('?')[0], 'sent to sign in');
}

const said = (page: Page, text: string | RegExp) => page.locator('main').getByText(text).first().waitFor();

/** By a link, with an account linked. */
async function signedIn() {
  let state: Visit['storageState'];
  await withPage(async (page) => {
    await page.goto(await hub.link());
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL(/\/hub$/);
    await page.goto(`${hub.origin}/hub/accounts?scopes=scim%20billing`);
    await page.getByLabel('Account host').fill(hub.account.url);
    await page.getByLabel('Account ID').fill(hub.account.account_id);
    await page.getByLabel('Client ID').fill(hub.account.client_id);
    await page.getByLabel('Client Secret').fill(hub.account.client_secret);
    await page.getByLabel('Name of the profile').fill('prod');
    await page.getByRole('button', { name: 'Connect', exact: true }).click();
    await page.waitForURL(/\/hub\/accounts\/prod$/);
    state = await page.context().storageState();
  });
  return state;
}

browserTest(
  'a client’s configuration is folded out and copied, and starts this program for the profile',
  async (page) => {
    await open(page, '/hub/use/prod');
    await page.getByRole('heading', { name: 'Claude Desktop' }).click();
    await page.getByRole('heading', { name: 'Cursor' }).click();
    await page.getByRole('button', { name: 'Copy Configuration for Cursor' }).click();
    await page.getByRole('status').filter({ hasText: 'Copied' }).waitFor({ state: 'attached' });
    const copied = JSON.parse(String(await page.evaluate('navigator.clipboard.readText()')));
    assert.deepEqual(copied.mcpServers['dbx-prod'].args.slice(1, 3), ['--profile', 'prod']);
    assert.ok(await page.getByText('Configuration for Claude Desktop').first().isHidden());
  },
  operator({ permissions: ['clipboard-read', 'clipboard-write'] }),
);

browserTest(
  'a question shows its facts, and is approved by keyboard alone',
  async (page) => {
    await open(page, '/hub/approvals');
    const question = page.getByRole('article', { name: /^Delete User: user "/ });
    assert.match(await question.innerText(), /Risk: destructive.*Can it be taken back: partly/s);
    const focused = () => page.evaluate('document.activeElement.textContent.trim()');
    await page.locator('button[value=approve]:not([aria-disabled])').first().waitFor();
    for (let step = 0; step < 20 && (await focused()) !== 'Approve'; step += 1) await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await said(page, /^Approved\. Have the client make the call again/);
    assert.equal(await question.count(), 0);
  },
  operator(),
);

browserTest(
  'a question is declined, and the journal tells of both',
  async (page) => {
    await open(page, '/hub/approvals');
    const question = page.getByRole('article', { name: /^Delete Group: group "/ });
    await question.getByRole('button', { name: 'Decline' }).click();
    await said(page, /^Declined\. Nothing happens/);
    assert.equal(await question.count(), 0);
    await open(page, '/hub/journal');
    const row = (name: RegExp) => page.getByRole('row').filter({ hasText: name });
    assert.ok((await row(/approval_decided.*approved|approval_decided.*databricks_delete_user/).count()) > 0);
    assert.ok(
      (await row(/databricks_create_group/)
        .filter({ hasText: 'applied' })
        .count()) > 0,
    );
    await said(page, /^Whole/);
  },
  operator(),
);

const pages = ['/hub', '/hub/accounts', '/hub/accounts/prod', '/hub/accounts/prod/unlink', '/hub/use/prod'];
const others = ['/hub/approvals', '/hub/journal', '/hub/secrets', '/hub/nowhere'];

for (const colorScheme of ['light', 'dark'] as const) {
  browserTest(
    `axe finds nothing serious on any page of the operator, ${colorScheme}`,
    async (page) => {
      for (const path of [...pages, ...others]) {
        await open(page, path);
        await page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true");
        await assertAccessible(page, path);
      }
    },
    operator({ colorScheme }),
  );
}
