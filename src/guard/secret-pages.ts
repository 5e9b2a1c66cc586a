/**
 * Minted secrets that wait on a page for the person they are for: at an address nobody can guess, for one caller, for a
 * short time, once. Held in memory only; whoever serves the page asks here.
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

/** `gone`: never there, opened before, or too late; the three are not told apart. `forbidden`: another caller's. */
export type Opened = { readonly value: string } | 'gone' | 'forbidden';

export interface SecretPages {
  /** A sink whose pages only this caller opens. */
  sinkFor(caller: string): SecretSink;
  open(token: string, caller: string): Opened;
  /** Forgets all that wait. */
  close(): void;
}

interface Page {
  readonly token: Buffer;
  readonly caller: Buffer;
  readonly value: string;
  readonly expires: number;
  readonly timer: NodeJS.Timeout;
}

export function createSecretPages(parts: SecretPagesParts): SecretPages {
  const { now, random, url, lifetime = 60_000, capacity = 100 } = parts;
  const pages = new Set<Page>();

  const drop = (page: Page) => {
    clearTimeout(page.timer);
    pages.delete(page);
  };

  const dropExpired = () => {
    for (const page of pages) if (page.expires <= now()) drop(page);
  };

  const checkRoom = (most: number) => {
    dropExpired();
    if (pages.size < most) return;
    throw failed('storage', 'Too many secrets wait on their pages.', {
      next: `Open them, or wait ${Math.ceil(lifetime / 1_000)} s until they are gone, then call again.`,
    });
  };

  const add = (caller: string, value: string): { token: string; expires: number } => {
    const token = Buffer.from(random(32)).toString('base64url');
    const expires = now() + lifetime;
    const page: Page = {
      token: digest(token),
      caller: digest(caller),
      value,
      expires,
      // What nobody opens leaves the memory as well, though nobody asks. The clock decides; this only tidies up.
      timer: setTimeout(() => pages.delete(page), lifetime).unref(),
    };
    pages.add(page);
    return { token, expires };
  };

  return {
    sinkFor: (caller) => ({
      prepare: async () => checkRoom(capacity),
      async store(_name, value) {
        // Room beyond what `prepare` allows: secrets being made at this moment have nowhere else to go.
        checkRoom(2 * capacity);
        const { token, expires } = add(caller, value);
        return {
          stored_in: 'page',
          url: url(token),
          expires_at: new Date(expires).toISOString(),
          ...fingerprint(value),
        };
      },
    }),
    open(token, caller) {
      dropExpired();
      const wanted = digest(token);
      // All are compared, each in constant time: how long it takes tells nothing about the tokens there are.
      const [page] = [...pages].filter((each) => timingSafeEqual(each.token, wanted));
      if (page === undefined) return 'gone';
      // It stays: another caller must not be able to take it away from the one it is for.
      if (!timingSafeEqual(page.caller, digest(caller))) return 'forbidden';
      drop(page);
      return { value: page.value };
    },
    close() {
      for (const page of pages) drop(page);
    },
  };
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
