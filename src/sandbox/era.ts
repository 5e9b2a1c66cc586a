// One life of the account, from a seed to the next reset: answers requests and remembers, when asked to, what it was like before.
// Opens no socket.

import type { Account } from './account.js';
import { type Api, answer } from './api.js';
import { createIds } from './ids.js';
import type { Inbound, Reply } from './reply.js';
import { copyOf } from './snapshot.js';

const MOST_REMEMBERED = 32;

export class Era {
  readonly #api: Api;
  readonly #ending = new AbortController();
  /** The account as it was before each of the latest writes, oldest first. */
  readonly #past: Account[] = [];

  constructor(api: Api) {
    this.#api = api;
  }

  get account(): Account {
    return this.#api.account;
  }

  /** Aborted when this era is over: what still waits in it must not act on a later one. */
  get signal(): AbortSignal {
    return this.#ending.signal;
  }

  end(): void {
    this.#ending.abort();
  }

  answer(inbound: Inbound, skewMs = 0): Reply {
    if (skewMs === 0) return answer(this.#api, inbound);
    const { account } = this;
    return answer({ ...this.#api, account: { ...account, now: () => account.now() + skewMs } }, inbound);
  }

  /** To be called before a write. */
  remember(): void {
    this.#past.push(copyOf(this.account));
    if (this.#past.length > MOST_REMEMBERED) this.#past.shift();
  }

  /** What this GET was answered before the last remembered change that shows in its answer. */
  older(inbound: Inbound): Reply | undefined {
    if (this.#past.length === 0) return undefined;
    const current = written(this.#ask(this.account, inbound));
    for (const account of this.#past.toReversed()) {
      const reply = this.#ask(account, inbound);
      // A caller that did not exist yet, or could not do this yet, is no stale read.
      if (reply.status === 401 || reply.status === 403) continue;
      if (written(reply) !== current) return reply;
    }
    return undefined;
  }

  /** On a copy, since even reads leave traces, and with ids of its own, so that only real differences show. */
  #ask(account: Account, inbound: Inbound): Reply {
    return answer({ ...this.#api, account: { ...copyOf(account), ids: createIds('past') } }, inbound);
  }
}

const written = ({ status, body }: Reply): string =>
  `${status} ${typeof body === 'string' ? body : [...body].join('')}`;
