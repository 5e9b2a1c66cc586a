/**
 * Who is signed in to the hub: held in memory, found by what the cookie holds, of which only the digest is kept. A
 * session ends by itself when nobody uses it, and after some hours in any case.
 */
import { createHash, timingSafeEqual } from 'node:crypto';

/** Who is let in. */
export interface Operator {
  /** The same for the same person at every time: 'local', or `jwt:<iss>#<sub>` as MCP's callers are called. */
  readonly id: string;
  /** For people, and for the journal. */
  readonly name: string;
  /** Holds the server's files: came by a link that was printed for who has them. */
  readonly isOwner: boolean;
}

export interface Session {
  readonly operator: Operator;
  /** Goes into every form, and comes back with it. */
  readonly csrf: string;
}

export interface Sessions {
  /** What the cookie is to hold. */
  open(operator: Operator): string;
  /** Counts as use, unless a page asks that somebody has left open. */
  find(id: string, isUse?: boolean): Session | undefined;
  end(id: string): void;
}

export interface SessionsParts {
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  /** That many bytes nobody can foresee. */
  readonly random: (bytes: number) => Uint8Array;
  /** Milliseconds without use, and in all. */
  readonly idle?: number;
  readonly longest?: number;
  /** More than so many at once there are not; the one unused for longest makes way. */
  readonly most?: number;
}

interface Held extends Session {
  readonly digest: Buffer;
  readonly openedAt: number;
  usedAt: number;
}

export function createSessions(parts: SessionsParts): Sessions {
  const { now, random, idle = 30 * 60_000, longest = 8 * 3_600_000, most = 20 } = parts;
  let held: Held[] = [];

  const fresh = () => Buffer.from(random(32)).toString('base64url');

  const dropOver = () => {
    held = held.filter(({ openedAt, usedAt }) => now() - usedAt < idle && now() - openedAt < longest);
  };

  /** All are compared, each in constant time. */
  const withId = (id: string) => {
    const digest = digestOf(id);
    return held.filter((each) => timingSafeEqual(each.digest, digest))[0];
  };

  return {
    open(operator) {
      dropOver();
      held.sort((a, b) => a.usedAt - b.usedAt);
      held.splice(0, Math.max(0, held.length - most + 1));
      const id = fresh();
      held.push({ operator, csrf: fresh(), digest: digestOf(id), openedAt: now(), usedAt: now() });
      return id;
    },
    find(id, isUse = true) {
      dropOver();
      const session = withId(id);
      if (session !== undefined && isUse) session.usedAt = now();
      return session;
    },
    end(id) {
      const session = withId(id);
      held = held.filter((each) => each !== session);
    },
  };
}

/** Whether two texts are the same, in a time that does not depend on where they differ. */
export const isSame = (a: string, b: string): boolean => timingSafeEqual(digestOf(a), digestOf(b));

const digestOf = (text: string): Buffer => createHash('sha256').update(text).digest();
