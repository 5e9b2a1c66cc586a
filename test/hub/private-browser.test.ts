/** The private pages in Chromium: signing in, linking an account, approving, a secret that is shown once, both themes. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, type TestContext } from 'node:test';
import type { Page } from 'playwright-core';
import { createApprovalStore } from '../../src/app-guard.js';
import type { AskedQuestion } from '../../src/guard/approvals.js';
import { createSecretPages } from '../../src/guard/secret-pages.js';
import { linkTo } from '../../src/hub/links.js';
import { startSandbox } from '../../src/sandbox/index.js';
import { Client } from '../sandbox/client.js';
import { assertAccessible, browserTest, fitsWidth, phone } from './browser.js';
import { openPlace } from './place.js';

const ends: (() => unknown)[] = [];
after(async () => {
  for (const end of ends.reverse()) await end();
});
/** One place for the whole file: it outlives every test. */
const whole = { after: (end: () => unknown) => void ends.push(end) } as unknown as TestContext;

const sandbox = await startSandbox({ scopes: ['scim'] });
ends.push(() => sandbox.close());
/** One whose principal may make principals and secrets. */
const wide = await startSandbox();
ends.push(() => wide.close());
const tokens: string[] = [];
const secrets = createSecretPages({
  now: Date.now,
  random: randomBytes,
  url: (token) => {
    tokens.push(token);
    return token;
  },
});
const place = await openPlace(whole, () => ({ secrets: { pages: secrets, shelves: [] } }));
const store = createApprovalStore(place.state, place.keys);

const canary = 'dosecafecafecafecafecafecafecafecafe';

/** As a person does: by the link and its button. */
async function signIn(page: Page): Promise<void> {
  await page.goto(linkTo(place.url, await place.links.make()));
  place.pass(10_000);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('Sign out').waitFor();
}

const ask = (over: Partial<AskedQuestion> = {}) =>
  store.add({
    id: randomId(),
    action: 'databricks_delete_group',
    label: 'Delete Group',
    risk: 'destructive',
    accountId: sandbox.accountId,
    sandbox: false,
    caller: 'stdio',
    client: 'a client',
    binding: 'b',
    snapshot: 's',
    lines: ['Delete Group: group "contractors" (12)', 'members   3', `note      "${'a long name '.repeat(12)}"`],
    askedAt: Date.now(),
    ...over,
  });

/** Ids are letters and digits of no two looks. */
const randomId = () => Array.from(randomBytes(10), (byte) => 'abcdefghjkmnpqrs'[byte % 16]).join('');

async function connect(page: Page, over: Readonly<Record<string, string>> = {}) {
  const answers: Record<string, string> = {
    'Account host': sandbox.url,
    'Account ID': sandbox.accountId,
    'Client ID': sandbox.clientId,
    'Client Secret': sandbox.clientSecret,
    'Scopes (optional)': 'scim',
    'Name of the profile': 'prod',
    ...over,
  };
  await page.goto(`${place.url}/hub/accounts`);
  for (const [label, answer] of Object.entries(answers)) await page.getByLabel(label, { exact: true }).fill(answer);
  await page.getByRole('button', { name: 'Connect' }).click();
  place.pass(30_000);
}

const refusals = /status of (403|410|422)/;

browserTest('a link signs in with its button alone, and the way out leads out', async (page) => {
  await page.goto(`${place.url}/hub/journal`);
  assert.match(page.url(), /\/hub\/sign-in\?next=/);
  await assertAccessible(page, 'how to sign in');
  await page.goto(linkTo(place.url, await place.links.make()));
  await assertAccessible(page, 'a link');
  place.pass(10_000);
  await page.keyboard.press('Tab');
  await page.getByRole('button', { name: 'Sign in' }).press('Enter');
  await page.getByText('Sign out').waitFor();
  await page.goto(`${place.url}/hub/journal`);
  await assertAccessible(page, 'the journal, empty');
  await page.getByText('Sign out').click();
  await page.waitForURL(/sign-in/);
  await page.goto(`${place.url}/hub/journal`);
  assert.match(page.url(), /sign-in/);
});

browserTest(
  'each problem of an account is named where it was typed, the secret is empty again',
  async (page) => {
    await signIn(page);
    const client = new Client(wide);
    const { json } = await client.get('/scim/v2/ServicePrincipals?filter=displayName%20eq%20%22ci-deploy%22');
    const [{ id, applicationId }] = json.Resources;
    const { secret } = (await client.post(`/servicePrincipals/${id}/credentials/secrets`, {})).json;
    const nobody = {
      'Account host': wide.url,
      'Client ID': String(applicationId),
      'Client Secret': String(secret),
      'Scopes (optional)': '',
    };
    for (const [told, over] of [
      ['Wrong host', { 'Account host': 'https://acme.example' }],
      ['Wrong account id', { 'Account ID': '1234' }],
      ['Wrong secret, client id or account id', { 'Client Secret': 'not-the-secret-it-was' }],
      ['The secret does not have these scopes', { 'Scopes (optional)': 'billing' }],
      ['No answer', { 'Account host': 'http://127.0.0.1:9' }],
      ['No account admin', nobody],
    ] as const) {
      await connect(page, over);
      const alert = page.getByRole('alert');
      await alert.waitFor();
      assert.ok((await alert.textContent())?.includes(told), `${told}: ${await alert.textContent()}`);
      assert.equal(await page.getByLabel('Client Secret', { exact: true }).inputValue(), '');
      assert.equal(
        await page.getByLabel('Account ID', { exact: true }).inputValue(),
        new Map(Object.entries(over)).get('Account ID') ?? sandbox.accountId,
      );
      await assertAccessible(page, told);
    }
  },
  { expected: refusals },
);

browserTest('an account is linked, shows what it opens, is ready to use, tested and unlinked', async (page) => {
  await signIn(page);
  await assertAccessible(page, 'the guide, signed in');
  await connect(page);
  await page.getByText('It signs in and reads.').waitFor();
  await page.getByText('What that opens').click();
  await assertAccessible(page, 'one account');
  await page.getByRole('link', { name: 'Use it in a client' }).click();
  await page.getByText('Claude Code', { exact: true }).first().waitFor();
  await assertAccessible(page, 'use it');
  assert.ok(!(await page.content()).includes(sandbox.clientSecret));
  await page.getByRole('link', { name: 'Back to the account' }).click();
  await page.getByRole('button', { name: 'Test it again' }).click();
  await page.getByText('It signs in and reads.').waitFor();
  place.pass(30_000);
  await page.goto(`${place.url}/hub/accounts`);
  await assertAccessible(page, 'accounts');
  await page.getByRole('link', { name: 'prod', exact: true }).click();
  await page.getByRole('link', { name: 'Unlink' }).click();
  await assertAccessible(page, 'unlink');
  await page.getByRole('button', { name: 'Unlink' }).click();
  await page.getByText('Unlinked: its profile is out of').waitFor();
});

browserTest(
  'a question appears by itself, is approved and declined; a typed name is not lost by another question',
  async (page) => {
    await signIn(page);
    await page.goto(`${place.url}/hub/approvals`);
    await page.getByText('Nothing waits for approval').waitFor();
    await assertAccessible(page, 'nothing waits');
    await ask();
    await page.getByRole('heading', { name: /Delete Group: group "contractors"/ }).waitFor();
    await assertAccessible(page, 'a question');
    assert.ok(await fitsWidth(page));
    await page.getByRole('button', { name: 'Approve' }).click();
    await page.getByText('Approved. Have the client make the call again now.').waitFor();

    await ask({ typed: 'prod', binding: 'c' });
    await page.goto(`${place.url}/hub/approvals`);
    const name = page.getByLabel('To approve it, type prod');
    await name.fill('pro');
    await ask({ binding: 'd' });
    await page.getByText('What waits has changed').waitFor();
    assert.equal(await name.inputValue(), 'pro');
    await page.getByRole('button', { name: 'Approve' }).first().click();
    await page.getByText('nothing was approved').waitFor();
    await assertAccessible(page, 'a slip');
    await page.getByRole('button', { name: 'Decline' }).first().click();
    await page.getByText('Declined. Nothing happens.').waitFor();
    await page.getByRole('button', { name: 'Decline' }).first().click();
    await page.getByText('Nothing waits for approval').waitFor();
  },
  { expected: refusals },
);

browserTest(
  'what comes to the front in the middle of a double click is not approved by it, and no question takes another’s place',
  async (page) => {
    await signIn(page);
    await ask({ binding: 'e' });
    await page.goto(`${place.url}/hub/approvals`);
    const approve = page.getByRole('button', { name: 'Approve' });
    const press = 'document.querySelector("button[value=approve]").click()';
    await page.evaluate(`window.dispatchEvent(new Event("focus")); ${press}`);
    await ask({ binding: 'f' });
    await page.getByText('What waits has changed').waitFor();
    assert.equal(await approve.count(), 1);
    assert.equal((await place.waiting.open()).length, 2);
    await approve.click();
    await page.getByText('Approved. Have the client').waitFor();
    assert.equal((await place.waiting.open()).length, 1);
    await page.getByRole('button', { name: 'Decline' }).click();
    await page.getByText('Nothing waits for approval').waitFor();
  },
);

browserTest(
  'a secret is shown once, copied, and gone',
  async (page) => {
    await signIn(page);
    await secrets.sink.store('service_principal_secret-1', canary, {}, 'token:ci');
    await page.goto(`${place.url}/hub/secrets`);
    await page.getByText('service_principal_secret-1').waitFor();
    await assertAccessible(page, 'secrets');
    await page.goto(`${place.url}/hub/secrets/${tokens.at(-1)}`);
    await assertAccessible(page, 'a secret, sealed');
    assert.ok(!(await page.content()).includes(canary));
    await page.getByRole('button', { name: 'Show it' }).click();
    await page.getByText(canary).waitFor();
    await assertAccessible(page, 'a secret, shown');
    await page.getByRole('button', { name: 'Copy Secret' }).click();
    assert.equal(await page.evaluate('navigator.clipboard.readText()'), canary);
    await page.goto(`${place.url}/hub/secrets/${tokens.at(-1)}`);
    await page.getByRole('heading', { name: 'Gone' }).waitFor();
    await assertAccessible(page, 'gone');
  },
  { expected: refusals, permissions: ['clipboard-read', 'clipboard-write'] },
);

for (const [what, visit] of [
  ['in the dark', { colorScheme: 'dark' as const }],
  ['on a phone', phone],
  ['without scripts', { javaScriptEnabled: false }],
] as const) {
  browserTest(
    `every private page works ${what}`,
    async (page) => {
      await signIn(page);
      await ask({ typed: 'prod' });
      for (const path of ['accounts', 'approvals', 'journal', 'secrets']) {
        await page.goto(`${place.url}/hub/${path}`);
        await page.getByRole('heading', { level: 1 }).waitFor();
        if (what !== 'without scripts') {
          await assertAccessible(page, `${path} ${what}`);
          assert.ok(await fitsWidth(page), path);
        }
      }
      await page.goto(`${place.url}/hub/approvals`);
      await page.getByLabel('To approve it, type prod').first().fill('prod');
      await page.getByRole('button', { name: 'Approve' }).first().click();
      await page.getByText('Approved. Have the client').waitFor();
    },
    visit,
  );
}
