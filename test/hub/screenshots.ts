/**
 * `npm run screenshots [part of a name]`: a picture of each state of the pages, in both themes and on a phone, into
 * `screenshots/`. For people to look at; the tests hold what can be told without looking.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import type { BrowserContextOptions, Page } from 'playwright-core';
import type { Account } from '../cli/program.js';
import { hasChromium, withPage } from './browser.js';
import { serveGuide } from './guide-server.js';
import { startLivedIn } from './lived-in.js';

interface Scene {
  readonly name: string;
  readonly path: string;
  /** What is done on the page before the picture is taken. */
  readonly act?: (page: Page) => Promise<unknown>;
}

const guide: readonly Scene[] = [
  { name: 'guide', path: '/hub' },
  {
    name: 'guide-choosing',
    path: '/hub',
    act: async (page) => {
      for (const label of ['List Users', 'Create Group', 'Create Network Configuration'])
        await page.getByRole('checkbox', { name: label, exact: true }).check();
    },
  },
  { name: 'guide-nothing-found', path: '/hub', act: (page) => page.getByRole('searchbox').fill('nothing like it') },
  { name: 'guide-sent', path: '/hub?actions=list_users,create_group,list_budgets,create_network' },
  { name: 'guide-one-cloud', path: '/hub?actions=list_credentials,create_credential' },
  { name: 'guide-everything', path: '/hub?actions=all' },
  { name: 'guide-everything-open', path: '/hub?actions=all', act: unfold },
  { name: 'guide-by-scope', path: '/hub?by=scopes' },
  { name: 'guide-scopes', path: '/hub?scopes=scim:read,billing,made.up&sep=newline', act: unfold },
  { name: 'guide-unknown', path: '/hub?actions=list_user,lst_groups,whatever,get_user' },
];

/** In this order: the account is linked by the one before the pictures of it. */
const operator = (account: Account): readonly Scene[] => [
  { name: 'hub-approvals', path: '/hub/approvals' },
  { name: 'hub-journal', path: '/hub/journal' },
  { name: 'hub-secrets', path: '/hub/secrets' },
  { name: 'hub-guide-signed-in', path: '/hub?actions=list_users' },
  { name: 'hub-not-found', path: '/hub/nowhere' },
  {
    name: 'hub-approved',
    path: '/hub/approvals',
    act: (page) => page.getByRole('button', { name: 'Approve' }).first().click(),
  },
  { name: 'hub-accounts-none', path: '/hub/accounts?scopes=scim%20billing' },
  ...(
    [
      ['host', { host: 'https://dbc-1234.cloud.databricks.com' }],
      ['account', { account_id: '1234' }],
      ['secret', { client_secret: 'not-the-secret' }],
      ['scope', { scopes: 'scim unity-catalog' }],
      ['unreachable', { host: 'http://127.0.0.1:9' }],
    ] as const
  ).map(([what, over]) => ({
    name: `hub-connect-wrong-${what}`,
    path: '/hub/accounts',
    act: (page: Page) => connect(page, { ...answersFor(account), ...over }),
  })),
  { name: 'hub-connected', path: '/hub/accounts', act: (page) => connect(page, answersFor(account)) },
  { name: 'hub-account-open', path: '/hub/accounts/prod', act: unfold },
  {
    name: 'hub-account-tested',
    path: '/hub/accounts/prod',
    act: (page) => page.getByRole('button', { name: 'Test it again' }).click(),
  },
  { name: 'hub-accounts', path: '/hub/accounts' },
  { name: 'hub-use', path: '/hub/use/prod' },
  { name: 'hub-unlink', path: '/hub/accounts/prod/unlink' },
];

type Answers = Readonly<Record<string, string>>;

const answersFor = ({ url, account_id, client_id, client_secret }: Account): Answers => ({
  host: url,
  account_id,
  client_id,
  client_secret,
  scopes: 'scim billing',
  name: 'prod',
});

async function connect(page: Page, answers: Answers): Promise<void> {
  for (const [field, answer] of Object.entries(answers)) await page.locator(`[name="${field}"]`).fill(answer);
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await page.locator('[role=alert], [data-trial]').first().waitFor();
}

const visitor: readonly Scene[] = [
  { name: 'hub-sign-in', path: '/hub/sign-in' },
  { name: 'hub-sign-in-link', path: '/hub/sign-in?token=used-already' },
  {
    name: 'hub-sign-in-refused',
    path: '/hub/sign-in?token=used-already',
    act: (page) => page.getByRole('button', { name: 'Sign in' }).click(),
  },
];

function unfold(page: Page): Promise<unknown> {
  return page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true");
}

const wide = { width: 1280, height: 900 };
const looks = {
  light: { viewport: wide, colorScheme: 'light' },
  dark: { viewport: wide, colorScheme: 'dark' },
  phone: { viewport: { width: 360, height: 740 }, colorScheme: 'light' },
} as const;

const folder = join(import.meta.dirname, '../../../screenshots');
const wanted = process.argv[2] ?? '';

async function take(
  origin: string,
  scenes: readonly Scene[],
  storageState?: BrowserContextOptions['storageState'],
): Promise<void> {
  for (const { name, path, act } of scenes.filter((scene) => scene.name.includes(wanted))) {
    await withPage(
      async (page) => {
        await page.goto(origin + path);
        await act?.(page);
        for (const [look, { viewport, colorScheme }] of Object.entries(looks)) {
          await page.setViewportSize(viewport);
          await page.emulateMedia({ colorScheme });
          await page.screenshot({ path: join(folder, `${name}-${look}.png`), fullPage: true });
        }
      },
      { viewport: wide, expected: /status of 4/, ...(storageState !== undefined && { storageState }) },
    );
  }
}

async function signedIn(link: string): Promise<BrowserContextOptions['storageState']> {
  let state: BrowserContextOptions['storageState'];
  await withPage(async (page) => {
    await page.goto(link);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL(/\/hub$/);
    state = await page.context().storageState();
  });
  return state;
}

if (!hasChromium) {
  process.stderr.write('Chromium is needed: apt-get install chromium, or name it in CHROMIUM.\n');
  process.exit(1);
}
mkdirSync(folder, { recursive: true });
await take(await serveGuide(), guide);
const { origin, link, account } = await startLivedIn();
await take(origin, visitor);
await take(origin, operator(account), await signedIn(await link()));
process.stderr.write(`Taken: ${folder}\n`);
process.exit();
