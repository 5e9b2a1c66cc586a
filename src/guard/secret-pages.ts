/**
 * Minted secrets that wait on a page for the person they are for: at an address nobody can guess, for whoever made the
 * call and for the owner of this server, for a short time, once. Held in memory only; whoever serves the page asks here.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { failed } from '../core/errors.js';
import { fingerprint, type SecretSink } from './secrets.js';

export interface SecretPagesParts {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** That many bytes nobody can foresee. */
  readonly random: (bytes: number) => Uint8Array;
  /** The page's address; the person signs in there, so that it alone opens nothing. */
  readonly url: (token: string) => string;
  /** Milliseconds a page waits. */
  readonly lifetime?: number;
  /** Pages that may wait at the same time. */
  readonly capacity?: number;
}

/** Whoever holds the files of this server, and so could read its memory as well. */
export const owner = Symbol('owner');

/** As MCP's callers are called. */
export type Reader = string | typeof owner;

/** What is known of a secret without its value. */
export interface PageFacts {
  readonly name: string;
  /** Who made the call. */
  readonly caller: string;
  /** Milliseconds since 1970. */
  readonly expires: number;
  readonly length: number;
  readonly sha256_8: string;
  readonly accountId?: string;
}

/** Never there, opened before, or too late: the three are not told apart. Or another caller's. */
export type NotOpened = 'gone' | 'forbidden';

export interface SecretPages {
  readonly sink: SecretSink;
  /** Leaves it where it is. */
  look(token: string, reader: Reader): { readonly facts: PageFacts } | NotOpened;
  open(token: string, reader: Reader): { readonly facts: PageFacts; readonly value: string } | NotOpened;
  /** What waits for this reader, the newest last. */
  waiting(reader: Reader): readonly PageFacts[];
  /** Forgets all that wait. */
  close(): void;
}

interface Page {
  readonly token: Buffer;
  readonly facts: PageFacts;
  readonly value: string;
  readonly timer: NodeJS.Timeout;
}

export function createSecretPages(parts: SecretPagesParts): SecretPages {
  const { now, random, url, lifetime = 300_000, capacity = 100 } = parts;
  const pages = new Set<Page>();

  const drop = (page: Page) => {
    clearTimeout(page.timer);
    pages.delete(page);
  };

  const dropExpired = () => {
    for (const page of pages) if (page.facts.expires <= now()) drop(page);
  };

  const checkRoom = (most: number) => {
    dropExpired();
    if (pages.size < most) return;
    throw failed('storage', 'Too many secrets wait on their pages.', {
      next: `Open them, or wait ${Math.ceil(lifetime / 1_000)} s until they are gone, then call again.`,
    });
  };

  const add = (facts: PageFacts, value: string): string => {
    const token = Buffer.from(random(32)).toString('base64url');
    const page: Page = {
      token: digest(token),
      facts,
      value,
      // What nobody opens leaves the memory as well, though nobody asks. The clock decides; this only tidies up.
      timer: setTimeout(() => pages.delete(page), lifetime).unref(),
    };
    pages.add(page);
    return token;
  };

  const isFor = ({ facts }: Page, reader: Reader) => reader === owner || reader === facts.caller;

  const find = (token: string, reader: Reader): Page | NotOpened => {
    dropExpired();
    const wanted = digest(token);
    // All are compared, each in constant time: how long it takes tells nothing about the tokens there are.
    const [page] = [...pages].filter((each) => timingSafeEqual(each.token, wanted));
    if (page === undefined) return 'gone';
    // It stays: another caller must not be able to take it away from the one it is for.
    return isFor(page, reader) ? page : 'forbidden';
  };

  return {
    sink: {
      prepare: async () => checkRoom(capacity),
      async store(name, value, { account_id }, caller = '') {
        // Room beyond what `prepare` allows: secrets being made at this moment have nowhere else to go.
        checkRoom(2 * capacity);
        const expires = now() + lifetime;
        const known = { name, caller, expires, ...fingerprint(value) };
        const token = add({ ...known, ...(typeof account_id === 'string' && { accountId: account_id }) }, value);
        return {
          stored_in: 'page',
          url: url(token),
          expires_at: new Date(expires).toISOString(),
          ...fingerprint(value),
        };
      },
    },
    look(token, reader) {
      const page = find(token, reader);
      return typeof page === 'string' ? page : { facts: page.facts };
    },
    open(token, reader) {
      const page = find(token, reader);
      if (typeof page === 'string') return page;
      drop(page);
      return { facts: page.facts, value: page.value };
    },
    waiting(reader) {
      dropExpired();
      return [...pages].filter((page) => isFor(page, reader)).map(({ facts }) => facts);
    },
    close() {
      for (const page of pages) drop(page);
    },
  };
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
