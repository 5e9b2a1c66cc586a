/**
 * The sessions that the revisions before 2026-07-28 need. Each belongs to the caller and the rights it was opened with:
 * under another caller, or with other rights, it does not exist.
 */
import { randomBytes } from 'node:crypto';

export interface Session {
  readonly door: 'http' | 'sse';
  readonly caller: string;
  /** Key of the visit that opened it. */
  readonly owner: string;
  /** Answers a request of the client. `message`: what was posted. */
  serve(request: Request, message: unknown): Promise<Response>;
  close(): Promise<void>;
}

/** What a session is known by where several processes serve it. */
export interface Remembered {
  readonly door: Session['door'];
  readonly owner: string;
  /** The client's `initialize` request, where any process can open the session again with it. */
  readonly hello?: unknown;
}

/** How a process serves a session that another one opened. */
export interface Reopening {
  readonly caller: string;
  open(hello: unknown): Promise<Session>;
}

/** Where sessions are kept. In one process here; with many, a store that knows which of them holds a session. */
export interface SessionTable {
  /** Name of this process, where requests to a client have to tell whose they are. */
  readonly replica?: string;
  /** Keeps a session under an id that nobody can guess. Undefined where there is no room for it. */
  add(open: (id: string) => Promise<Session>, caller: string, remembered: Remembered): Promise<string | undefined>;
  /** The session of this owner at this door; undefined where there is none. */
  find(id: string, door: Session['door'], owner: string, again?: Reopening): Promise<Session | undefined>;
  /** Marks a session as used until the returned function is called. One that nobody uses ends after a while. */
  use(id: string): () => void;
  remove(id: string): Promise<void>;
  /** Ends all sessions. */
  close(): Promise<void>;
}

export interface SessionLimits {
  readonly all: number;
  readonly perCaller: number;
  /** Milliseconds after which a session ends that nobody uses. */
  readonly idleTime: number;
}

export const defaultSessionLimits: SessionLimits = { all: 1_000, perCaller: 50, idleTime: 1_800_000 };

interface Kept {
  readonly caller: string;
  /** Undefined while it is being opened. */
  session: Session | undefined;
  /** Requests and streams under way. */
  uses: number;
  usedAt: number;
}

/** The sessions of this process. */
export interface OwnSessions extends SessionTable {
  add(open: (id: string) => Promise<Session>, caller: string): Promise<string | undefined>;
  /** Keeps a session under this id. False where there is no room for it. */
  keep(id: string, open: (id: string) => Promise<Session>, caller: string): Promise<boolean>;
  /** Whose session it is. */
  callerOf(id: string): string | undefined;
}

export const newSessionId = (): string => randomBytes(32).toString('base64url');

/** `now`: milliseconds that only ever grow. */
export function createSessionTable(limits: SessionLimits, now: () => number): OwnSessions {
  const sessions = new Map<string, Kept>();

  const remove = async (id: string) => {
    const kept = sessions.get(id);
    sessions.delete(id);
    await kept?.session?.close();
  };

  const unused = () =>
    [...sessions].filter(([, { uses }]) => uses === 0).sort(([, one], [, other]) => one.usedAt - other.usedAt);

  /**
   * A client that was restarted leaves its session behind: the oldest that nobody uses makes room for the caller's next.
   * Decided in one step, so that many at once do not find the same room.
   */
  const makeRoom = (caller: string): boolean => {
    const own = [...sessions.values()].filter((kept) => kept.caller === caller).length;
    if (own < limits.perCaller && sessions.size < limits.all) return true;
    const [oldest] = unused().filter(([, kept]) => kept.caller === caller);
    if (oldest !== undefined) void remove(oldest[0]);
    return oldest !== undefined;
  };

  const sweep = setInterval(
    () => {
      for (const [id, { usedAt }] of unused()) if (now() - usedAt >= limits.idleTime) void remove(id);
    },
    Math.min(limits.idleTime, 60_000),
  ).unref();

  const keep: OwnSessions['keep'] = async (id, open, caller) => {
    if (!makeRoom(caller)) return false;
    const kept: Kept = { caller, session: undefined, uses: 1, usedAt: now() };
    sessions.set(id, kept);
    try {
      kept.session = await open(id);
    } catch (error) {
      sessions.delete(id);
      throw error;
    }
    kept.uses -= 1;
    return true;
  };

  return {
    keep,
    callerOf: (id) => sessions.get(id)?.caller,
    async add(open, caller) {
      const id = newSessionId();
      return (await keep(id, open, caller)) ? id : undefined;
    },
    async find(id, door, owner) {
      const session = sessions.get(id)?.session;
      return session?.door === door && session.owner === owner ? session : undefined;
    },
    use(id) {
      const kept = sessions.get(id);
      if (kept === undefined) return () => {};
      kept.uses += 1;
      let over = false;
      return () => {
        if (over) return;
        over = true;
        kept.uses -= 1;
        kept.usedAt = now();
      };
    },
    remove,
    async close() {
      clearInterval(sweep);
      await Promise.allSettled([...sessions.keys()].map(remove));
    },
  };
}
