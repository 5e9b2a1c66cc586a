/** The public page in Chromium: choosing, searching, copying, the address, the keyboard, both themes, a phone. */
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { reference } from '../catalogue/reference.js';
import { assertAccessible, browserTest, fitsWidth, phone } from './browser.js';
import { serveGuide } from './guide-server.js';

const origin = await serveGuide();
const open = (page: Page, query = '') => page.goto(`${origin}/hub${query}`);
const box = (page: Page, label: string) => page.getByRole('checkbox', { name: label, exact: true });
const scopes = (page: Page) => page.locator('#scopes-text').textContent();
const query = (page: Page) => page.evaluate('location.search');
const spoken = (page: Page, text: RegExp) =>
  page.getByRole('status').filter({ hasText: text }).waitFor({ state: 'attached' });
const clipboard = (page: Page) => page.evaluate('navigator.clipboard.readText()');
const copying = { permissions: ['clipboard-read', 'clipboard-write'] };

browserTest('ticking actions tells the least scopes, the count and the address at once', async (page) => {
  await open(page);
  assert.equal(await scopes(page), 'all-apis');
  await box(page, 'List Users').check();
  await box(page, 'List Budgets').check();
  assert.equal(await scopes(page), 'billing scim');
  assert.equal(await query(page), '?actions=list_budgets,list_users');
  await spoken(page, /^2 actions, scopes billing, scim$/);
  await box(page, 'List Users').uncheck();
  assert.equal(await scopes(page), 'billing');
});

browserTest('the search narrows by label, id and scope, and says when nothing matches', async (page) => {
  await open(page);
  const search = page.getByRole('searchbox', { name: /Search actions/ });
  const shown = () => page.locator('[data-choice]:visible').count();
  assert.equal(await shown(), reference.length);
  for (const [text, matching] of [
    ['Download Billable', (each) => each.label === 'Download Billable Usage'],
    ['databricks_list_metastores', (each) => each.id === 'databricks_list_metastores'],
    ['networking', (each) => each.scope === 'networking'],
  ] satisfies [string, (each: (typeof reference)[number]) => boolean][]) {
    await search.fill(text);
    assert.equal(await shown(), reference.filter(matching).length, text);
  }
  await search.fill('no such thing');
  assert.equal(await shown(), 0);
  await page.getByText('No action matches. Try another word').waitFor();
  await spoken(page, /No action matches/);
});

browserTest('select all takes what the search shows, clear takes everything back', async (page) => {
  await open(page);
  await box(page, 'List Users').check();
  await page.getByRole('searchbox').fill('networking');
  await page.getByRole('button', { name: 'Select all that are shown' }).click();
  await page.getByRole('searchbox').fill('');
  const networking = reference.filter(({ scope }) => scope === 'networking').length;
  assert.equal(await page.locator('[name=actions]:checked').count(), networking + 1);
  assert.equal(await scopes(page), 'networking scim');
  await page.getByRole('button', { name: 'Select all that are shown' }).click();
  assert.equal(await query(page), '?actions=all');
  assert.equal(await scopes(page), 'all-apis');
  await page.getByRole('button', { name: 'Clear' }).click();
  assert.equal(await page.locator('[name=actions]:checked').count(), 0);
  assert.equal(await query(page), '');
});

browserTest('one button takes an area whole, and gives it back', async (page) => {
  await open(page);
  const whole = page.getByRole('button', { name: 'All of Users' });
  await whole.click();
  assert.equal(await query(page), '?actions=users');
  await whole.click();
  assert.equal(await query(page), '');
});

browserTest(
  'scopes are copied with the separator that is chosen, each scope alone, and the address',
  async (page) => {
    await open(page, '?actions=list_users,list_budgets');
    for (const [name, text] of [
      ['Space', 'billing scim'],
      ['Comma', 'billing,scim'],
      ['Semicolon', 'billing;scim'],
      ['Pipe', 'billing|scim'],
      ['New line', 'billing\nscim'],
    ] as const) {
      await page.getByRole('radio', { name }).check();
      await page.locator('[data-copy-from=scopes-text]').click();
      await spoken(page, /Copied: scopes/);
      assert.equal(await clipboard(page), text);
    }
    await page.getByRole('button', { name: 'Copy scope billing' }).click();
    await spoken(page, /Copied: scope billing/);
    assert.equal(await clipboard(page), 'billing');
    await page.getByRole('button', { name: 'Copy address' }).click();
    await spoken(page, /Copied: address/);
    assert.equal(await clipboard(page), `${origin}/hub?actions=list_budgets,list_users&sep=newline`);
  },
  copying,
);

browserTest('where the clipboard is kept shut, copying still works', async (page) => {
  await page.addInitScript("Object.defineProperty(navigator, 'clipboard', { value: undefined })");
  await open(page, '?actions=list_users');
  await page.getByRole('button', { name: 'Copy scopes', exact: true }).click();
  await spoken(page, /^Copied: scopes/);
  assert.equal(await page.evaluate('document.activeElement.dataset.copyWhat'), 'scopes');
});

browserTest('an address that was sent shows the same selection and the guide reduced to it', async (page) => {
  await open(page);
  await box(page, 'List Credential Configurations').check();
  await page.getByRole('radio', { name: 'Comma' }).check();
  const sent = page.url();
  await page.goto('about:blank');
  await page.goto(sent);
  assert.ok(await page.locator('[name=actions][value=list_credentials]').isChecked());
  assert.ok(await page.getByRole('radio', { name: 'Comma' }).isChecked());
  const guide = page.locator('#steps');
  assert.equal(await guide.getByRole('link', { name: 'accounts.azuredatabricks.net' }).count(), 0);
  assert.match(
    (await guide.textContent()) ?? '',
    /exists on AWS alone.*None of these actions is known to need a role/s,
  );
  await page.getByText('Change the choice').click();
  await box(page, 'List Users').check();
  assert.match((await guide.textContent()) ?? '', /Azure.*Roles tab turn on Account admin.*List Users/s);
});

browserTest('scopes can be chosen instead, and show which actions they open', async (page) => {
  await open(page);
  await page.getByRole('radio', { name: 'By scope' }).check();
  assert.ok(await page.getByText('The default, and the widest choice').isVisible());
  assert.ok(await page.getByRole('searchbox').isHidden());
  await page.getByRole('checkbox', { name: 'networking' }).check();
  await page.getByRole('textbox', { name: 'Other scopes' }).fill('made.up');
  assert.equal(await scopes(page), 'made.up networking');
  assert.equal(await query(page), '?scopes=made.up,networking');
  const needed = page.locator('#scopes-needed');
  assert.match((await needed.textContent()) ?? '', /made\.up.*none of the actions here.*networking.*Create Network/s);
  await page.getByRole('checkbox', { name: 'all-apis' }).check();
  assert.equal(await scopes(page), 'all-apis');
  await page.getByRole('radio', { name: 'By action' }).check();
  assert.equal(await query(page), '');
});

browserTest('what is folded out stays so while choosing goes on', async (page) => {
  await open(page);
  await box(page, 'List Users').check();
  await page.getByText(/^Opens \d+ actions you did not choose/).click();
  await box(page, 'Get User').check();
  assert.ok(await page.getByText('A scope cannot be split').isVisible());
});

browserTest('everything can be done by keyboard: skip link, search, space, enter', async (page) => {
  await open(page);
  const focused = () => page.evaluate('document.activeElement.id || document.activeElement.textContent.trim()');
  await page.keyboard.press('Tab');
  assert.equal(await focused(), 'Skip to the content');
  await page.keyboard.press('Enter');
  assert.equal(await focused(), 'main');
  const path: unknown[] = [];
  for (let step = 0; step < 6; step += 1) {
    await page.keyboard.press('Tab');
    path.push(await focused());
  }
  assert.deepEqual(path.slice(2, 5), ['search', 'select-all', 'clear'], String(path));
  assert.equal(path[5], 'All of Billing and budgets');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Space');
  assert.equal(await query(page), '?actions=list_budgets');
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Enter');
  assert.equal(await query(page), '?actions=billing');
  assert.notEqual(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle'), 'none');
});

browserTest('a screen reader hears names, groups and where it is', async (page) => {
  await open(page);
  const main = await page.locator('main').ariaSnapshot();
  for (const part of [
    'heading "Connect an assistant to your Databricks account" [level=1]',
    'group "Users"',
    'checkbox "List Users"',
    'button "All of Users"',
    'group "Between scopes"',
    'button "Copy scopes"',
    'heading "Find the account ID" [level=3]',
  ])
    assert.ok(main.includes(part), part);
  for (const { label } of reference) assert.ok(main.includes(`checkbox "${label}"`), label);
  await page
    .getByRole('navigation', { name: 'Hub' })
    .getByRole('link', { name: 'Guide' })
    .and(page.locator('[aria-current=page]'))
    .waitFor();
});

browserTest(
  'without scripts the form does it all: tick, send, read',
  async (page) => {
    await open(page);
    await box(page, 'List Users').check();
    await page.getByRole('radio', { name: 'Comma' }).check();
    assert.equal(await page.getByRole('button', { name: /^Copy|^Select all|^All of/ }).count(), 0);
    await page.getByRole('button', { name: 'Show what this needs' }).click();
    assert.equal(await scopes(page), 'scim');
    assert.ok(await page.getByRole('radio', { name: 'Comma' }).isChecked());
    await page.getByText('Change the choice').click();
    await page.getByRole('radio', { name: 'By scope' }).check();
    await page.getByRole('button', { name: 'Show what this needs' }).click();
    await page.getByRole('checkbox', { name: 'networking' }).check();
    await page.getByRole('button', { name: 'Show what this needs' }).click();
    assert.equal(await scopes(page), 'networking');
  },
  { javaScriptEnabled: false },
);

browserTest(
  'on a phone nothing has to be scrolled sideways, and the count stays in sight',
  async (page) => {
    for (const each of ['', '?actions=all', '?scopes=scim,billing', '?actions=list_users,create_network']) {
      await open(page, each);
      assert.ok(await fitsWidth(page), each);
    }
    await open(page);
    await box(page, 'List Users').tap();
    assert.match((await page.locator('.tray').innerText()) ?? '', /1 action\s+scim/);
    await assertAccessible(page, 'phone');
  },
  phone,
);

for (const colorScheme of ['light', 'dark'] as const) {
  browserTest(
    `axe finds nothing serious in any state, ${colorScheme}`,
    async (page) => {
      await open(page);
      await assertAccessible(page, 'nothing chosen');
      const [red = 0] = ((await page.evaluate('getComputedStyle(document.body).backgroundColor')) as string)
        .match(/\d+/g)!
        .map(Number);
      assert.equal(red < 128, colorScheme === 'dark');
      await page.getByRole('button', { name: 'Select all that are shown' }).click();
      await page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true");
      await assertAccessible(page, 'everything chosen and folded out');
      await page.getByRole('searchbox').fill('zzz');
      await assertAccessible(page, 'nothing found');
      await open(page, '?scopes=scim,made.up,all-apis:read');
      await page.locator('.choosing > summary').click();
      await assertAccessible(page, 'by scope');
      await open(page, '?actions=list_users,lst_users');
      await assertAccessible(page, 'reduced, with an unknown name');
    },
    { colorScheme },
  );
}
