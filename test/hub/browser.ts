/**
 * Real Chromium for the hub's pages. A test gets a page of its own and fails, whatever else it checks, when the console
 * shows an error, the content security policy refuses something, or anything is asked of another origin. Where Chromium
 * is not installed the tests are skipped, and say so in their names.
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import process from 'node:process';
import { after, test } from 'node:test';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

/** Debian's package; another place is named by CHROMIUM. */
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
export const hasChromium: boolean = existsSync(executablePath);

let launched: Promise<Browser> | undefined;

/** One browser for the whole file. */
export function browser(): Promise<Browser> {
  launched ??= chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  return launched;
}

after(async () => {
  await (await launched)?.close();
});

export interface Visit extends BrowserContextOptions {
  /** Console errors that belong to what is tested, such as the answer 403. */
  readonly expected?: RegExp;
}

/** `name` is a sentence about behaviour. */
export function browserTest(name: string, body: (page: Page) => Promise<void>, visit: Visit = {}): void {
  const skip = hasChromium ? false : `${executablePath} is not installed`;
  test(hasChromium ? name : `${name} (skipped: no Chromium)`, { skip, timeout: 60_000 }, () => withPage(body, visit));
}

export async function withPage(body: (page: Page) => Promise<void>, { expected, ...options }: Visit = {}) {
  const context = await (await browser()).newContext({ locale: 'en-GB', reducedMotion: 'reduce', ...options });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(10_000);
    const faults = watch(page, expected);
    await body(page);
    assert.deepEqual(faults, [], 'what the page did besides');
  } finally {
    await context.close();
  }
}

/** Collects what no page of the hub may do. The origin of the first page is its own. */
function watch(page: Page, expected: RegExp | undefined): string[] {
  const faults: string[] = [];
  let own: string | undefined;
  page.on('console', (message) => {
    if (message.type() === 'error' && expected?.test(message.text()) !== true) faults.push(message.text());
  });
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    if (protocol === 'data:') return;
    own ??= origin;
    // A file may ask for nothing but itself.
    if (origin !== own || (protocol === 'file:' && !request.isNavigationRequest())) faults.push(request.url());
  });
  return faults;
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Axe {
  run(options: {
    resultTypes: string[];
  }): Promise<{ violations: { id: string; impact: string | null; nodes: { html: string; target: unknown[] }[] }[] }>;
}

/** Holds the page as it stands against axe-core: nothing serious, nothing critical. */
export async function assertAccessible(page: Page, state: string): Promise<void> {
  await page.evaluate(axeSource);
  const { violations } = await page.evaluate(() =>
    (globalThis as unknown as { axe: Axe }).axe.run({ resultTypes: ['violations'] }),
  );
  const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  assert.deepEqual(
    grave.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`),
    [],
    state,
  );
}

/** True when nothing has to be scrolled sideways to be read, as far as the page as a whole goes. */
export const fitsWidth = (page: Page): Promise<boolean> =>
  page.evaluate('document.documentElement.scrollWidth <= document.documentElement.clientWidth');

export const phone: BrowserContextOptions = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };
