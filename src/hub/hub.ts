/**
 * The hub: every page and what each needs, as one web-standard handler. Whom requests come from and whether they are
 * meant for this server was decided in front of it.
 */
import { Hono } from 'hono';
import type { Pages } from '../http/pages.js';
import type { FoundJournal } from '../link/journals.js';
import type { Waiting } from '../link/waiting.js';
import type { Log } from '../log.js';
import { type AccountParts, addAccounts } from './accounts.js';
import { addApprovals } from './approvals.js';
import { addJournal } from './journal.js';
import { addPublicPages } from './public-pages.js';
import { addRefusals, signInFirst, staleForm } from './refusals.js';
import { addSecrets, type SecretParts } from './secrets.js';
import { createSessions } from './sessions.js';
import { addSignIn, type SignInParts } from './sign-in.js';
import { addUse, type UseParts } from './use.js';
import { guarding, type HubEnv } from './visit.js';

export interface HubParts {
  readonly signIn: Pick<SignInParts, 'links' | 'owner' | 'command' | 'provider'>;
  readonly waiting: Waiting;
  readonly accounts: AccountParts & Omit<UseParts, 'book'>;
  readonly secrets: SecretParts;
  readonly journals: () => readonly FoundJournal[];
  readonly log: Log;
  /** Milliseconds of a clock that never goes back, and since 1970. */
  readonly now: () => number;
  readonly date: () => number;
  /** That many bytes nobody can foresee. */
  readonly random: (bytes: number) => Uint8Array;
}

export function createHub(parts: HubParts): Pages {
  const { waiting, log, now, date, random } = parts;
  const sessions = createSessions({ now, random });
  const app = new Hono<HubEnv>();
  app.use(guarding({ sessions, waiting: async () => (await waiting.open()).length, signInFirst, staleForm }));
  addPublicPages(app);
  addSignIn(app, { ...parts.signIn, sessions, log, now });
  addAccounts(app, { ...parts.accounts, log, now });
  addUse(app, parts.accounts);
  addApprovals(app, { waiting, date });
  addJournal(app, parts.journals);
  addSecrets(app, { ...parts.secrets, log, date });
  addRefusals(app, log);
  return { fetch: async (request, from) => app.fetch(request, from) };
}
