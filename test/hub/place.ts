/** A hub behind its front on a free port, and visitors that keep cookies and send forms as browsers do. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import type { TestContext } from 'node:test';
import { request } from 'undici';
import { createKeys, type Keys } from '../../src/guard/keys.js';
import { createSecretShelf } from '../../src/guard/secret-shelf.js';
import { createFront } from '../../src/http/front.js';
import { frontLimits } from '../../src/http/limits.js';
import { noMeters } from '../../src/http/meters.js';
import type { Pages } from '../../src/http/pages.js';
import { createHub, type HubParts } from '../../src/hub/hub.js';
import { createSignInLinks, type SignInLinks } from '../../src/hub/links.js';
import { openAccountBook } from '../../src/link/accounts.js';
import { journalsIn } from '../../src/link/journals.js';
import { tryAccount } from '../../src/link/trial.js';
import { openWaiting, type Waiting } from '../../src/link/waiting.js';
import type { Log } from '../../src/log.js';

export interface Place {
  readonly url: string;
  readonly state: string;
  readonly keys: Keys;
  readonly links: SignInLinks;
  readonly waiting: Waiting;
  /** What answers, without its front. */
  readonly pages: Pages;
  /** What was logged: the event, and its facts as text. */
  readonly lines: string[];
  /** Milliseconds that pass for sessions, links and attempts. */
  pass(milliseconds: number): void;
  visitor(): Visitor;
  /** One who has signed in by a link. */
  operator(): Promise<Visitor>;
}

export interface Visitor {
  get(path: string, headers?: Record<string, string>): Promise<Page>;
  /** With the secret of the session, as the page's own form has it. */
  send(path: string, form: Record<string, string>, headers?: Record<string, string>): Promise<Page>;
  readonly cookies: Map<string, string>;
}

export interface Page {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Where it leads, where it does. */
  readonly to: string | null;
}

export async function openPlace(
  t: TestContext,
  more: (place: Place) => Partial<HubParts> = () => ({}),
  accounts: Partial<HubParts['accounts']> = {},
): Promise<Place> {
  const state = mkdtempSync(join(tmpdir(), 'databricks-actions-mcp-hub-test-'));
  const keys = createKeys(state);
  const lines: string[] = [];
  let passed = 0;
  let url = '';
  const links = createSignInLinks({ state, keys, date: () => Date.now() + passed });
  const waiting = openWaiting({
    state,
    keys,
    shared: undefined,
    channel: 'page',
    onProblem: (each) => lines.push(each),
  });
  const place: Place = {
    get url() {
      return url;
    },
    state,
    keys,
    links,
    waiting,
    get pages() {
      return hub;
    },
    lines,
    pass(milliseconds) {
      passed += milliseconds;
    },
    visitor: () => visitorOf(url),
    async operator() {
      const visitor = visitorOf(url);
      const { status } = await visitor.send('/hub/sign-in', { token: await links.make() });
      if (status !== 303) throw new Error(`Signing in was answered with ${status}.`);
      return visitor;
    },
  };
  const configFile = join(state, 'databrickscfg');
  const now = () => performance.now() + passed;
  const log = logInto(lines);
  const hub = createHub({
    signIn: { links, owner: 'ann', command: () => 'databricks-actions-mcp hub link', provider: undefined },
    accounts: {
      book: openAccountBook({ configFile, stateRoot: state, env: {}, platform: process.platform, home: state }),
      configFile,
      env: {},
      tryAccount,
      entryOf: (profile, options) => ({
        kind: 'stdio',
        command: 'node',
        args: ['main.js', '--profile', profile, ...options],
      }),
      initCommand: (client, profile, options) => ['init --client', client, '--profile', profile, ...options].join(' '),
      fileOf: async ({ id }) => (id === 'generic' ? undefined : `/home/ann/${id}`),
      ...accounts,
    },
    waiting,
    secrets: { shelves: [createSecretShelf(join(state, 'secrets'))] },
    journals: () => journalsIn(state, keys),
    log,
    now,
    date: () => Date.now() + passed,
    random: randomBytes,
    ...more(place),
  });
  const front = createFront({
    pages: hub,
    limits: { ...frontLimits, connectionsPerAddress: 256 },
    meters: noMeters,
    rules: (port) => ({
      hosts: new Set([`127.0.0.1:${port}`, `localhost:${port}`]),
      origins: new Set(),
      own: new Set([`http://127.0.0.1:${port}`, `http://localhost:${port}`]),
    }),
    isReady: () => true,
    log,
    // Pages ask for more than a person does here; the pace of the front has tests of its own.
    now: steps(),
  });
  const { port } = await front.listen('127.0.0.1', 0);
  url = `http://127.0.0.1:${port}`;
  t.after(async () => {
    await front.drain();
    rmSync(state, { recursive: true, force: true, maxRetries: 3 });
  });
  return place;
}

/** A clock in a hurry. */
function steps() {
  let at = 0;
  return () => {
    at += 1_000;
    return at;
  };
}

interface Asked {
  readonly method?: 'POST';
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

function visitorOf(url: string): Visitor {
  const cookies = new Map<string, string>();
  let csrf = '';

  // Not fetch, which says of itself where it comes from.
  const ask = async (path: string, init: Asked): Promise<Page> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await request(new URL(path, url), {
      ...init,
      headers: { ...(cookie !== '' && { cookie }), ...init.headers },
    });
    const headers = new Headers();
    for (const [name, value] of Object.entries(answer.headers))
      for (const each of [value ?? []].flat()) headers.append(name, each);
    for (const each of headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(each) ?? [];
      if (/Max-Age=0/.test(each)) cookies.delete(name);
      else cookies.set(name, value);
    }
    const text = await answer.body.text();
    csrf = csrfIn(text) ?? csrf;
    return { status: answer.statusCode, headers, text, to: headers.get('location') };
  };

  return {
    cookies,
    get: (path, headers = {}) => ask(path, { headers }),
    async send(path, form, headers = {}) {
      if (csrf === '' && cookies.size > 0) await ask('/hub', {});
      const body = new URLSearchParams({ csrf, ...form }).toString();
      const type = 'application/x-www-form-urlencoded';
      return ask(path, { method: 'POST', body, headers: { origin: url, 'content-type': type, ...headers } });
    },
  };
}

export const csrfIn = (text: string): string | undefined => /name="csrf" value="([\w-]+)"/.exec(text)?.[1];

const logInto = (lines: string[]): Log => {
  const at =
    (level: string) =>
    (event: string, facts: Readonly<Record<string, unknown>> = {}) =>
      void lines.push(`${level} ${event} ${JSON.stringify(facts)}`);
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
};
