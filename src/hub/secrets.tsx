/** New secrets that wait for whoever made the call, each to be seen once; and where those that are kept in files are. */
import type { Hono } from 'hono';
import { plain } from '../core/visible.js';
import { type NotOpened, owner, type PageFacts, type Reader, type SecretPages } from '../guard/secret-pages.js';
import type { SecretShelf, ShelvedSecret } from '../guard/secret-shelf.js';
import type { Log } from '../log.js';
import { html, Layout, type Visitor } from './layout.js';
import { Code, Notice } from './parts.js';
import { telling } from './plain-pages.js';
import type { Operator } from './sessions.js';
import { type HubEnv, sessionOf, type Visiting } from './visit.js';

export interface SecretParts {
  /** Where new secrets wait for a person, where they do. */
  readonly pages?: SecretPages | undefined;
  /** What is kept in files, of real accounts and of the sandbox. */
  readonly shelves: readonly SecretShelf[];
  /** Told who has seen one. */
  readonly onShown?: ((facts: PageFacts, by: string) => Promise<void>) | undefined;
}

export interface SecretPageParts extends SecretParts {
  readonly log: Log;
  /** Milliseconds since 1970. */
  readonly date: () => number;
}

/** The owner may see all, as they could read it in the server's memory; others what they made themselves over MCP. */
const readerOf = ({ id, isOwner }: Operator): Reader => (isOwner ? owner : id);

export function addSecrets(app: Hono<HubEnv>, { pages, shelves, onShown, log, date }: SecretPageParts): void {
  app.get('/hub/secrets', async (c) => {
    const waiting = pages?.waiting(readerOf(sessionOf(c).operator)) ?? [];
    const kept = (await Promise.all(shelves.map((shelf) => shelf.list()))).flatMap(({ secrets }) => secrets);
    const props = { waiting, kept, now: date(), takes: pages !== undefined, visitor: c.get('visitor') };
    return c.html(html(<SecretsPage {...props} />));
  });

  const notOpened = (c: Visiting, why: NotOpened) => {
    const visitor = c.get('visitor');
    const told = { path: c.req.path, visitor };
    if (why === 'forbidden') {
      const children = <p>This secret is for whoever made the call. It still waits for them.</p>;
      return c.html(telling({ title: 'Not for you', ...told, children }), 403);
    }
    const children = (
      <p>
        There is no secret here: it was shown already, its time is over, or there never was one. If nobody has it,
        delete it in the account and have a new one made.
      </p>
    );
    return c.html(telling({ title: 'Gone', ...told, children }), 410);
  };

  app.get('/hub/secrets/:token', (c) => {
    const { operator, csrf } = sessionOf(c);
    const looked = pages?.look(c.req.param('token'), readerOf(operator)) ?? 'gone';
    if (typeof looked === 'string') return notOpened(c, looked);
    return c.html(html(<Sealed facts={looked.facts} now={date()} csrf={csrf} visitor={c.get('visitor')} />));
  });

  app.post('/hub/secrets/:token', async (c) => {
    const { operator } = sessionOf(c);
    const opened = pages?.open(c.req.param('token'), readerOf(operator)) ?? 'gone';
    const logged = { request_id: c.env.requestId, by: operator.id };
    if (typeof opened === 'string') {
      log.warn('hub_secret', { ...logged, ok: false, why: opened });
      return notOpened(c, opened);
    }
    const { facts, value } = opened;
    log.info('hub_secret', { ...logged, ok: true, name: facts.name, caller: facts.caller });
    await onShown?.(facts, operator.name);
    return c.html(html(<Shown facts={facts} value={value} visitor={c.get('visitor')} />));
  });
}

interface PageProps {
  waiting: readonly PageFacts[];
  kept: readonly ShelvedSecret[];
  now: number;
  takes: boolean;
  visitor: Visitor | undefined;
}

const SecretsPage = ({ waiting, kept, now, takes, visitor }: PageProps) => (
  <Layout title="Secrets" path="/hub/secrets" visitor={visitor}>
    <div class="stack is-loose">
      <header class="stack">
        <h1>Secrets</h1>
        <p class="lead">Secrets that were made through this program. No value is on this page.</p>
      </header>
      {takes && (
        <section class="stack" aria-labelledby="waiting">
          <h2 id="waiting">Waiting to be seen</h2>
          {waiting.length === 0 ? (
            <div class="empty">
              <p>None waits.</p>
            </div>
          ) : (
            <ul class="stack">
              {waiting.map((facts) => (
                <li class="card stack is-tight">
                  <p>
                    <span class="id">{plain(facts.name)}</span>
                  </p>
                  <p class="muted">
                    For {plain(facts.caller)}, {minutesTo(facts.expires, now)}. It is at the address the client was
                    told.
                  </p>
                </li>
              ))}
            </ul>
          )}
        </section>
      )}
      <section class="stack" aria-labelledby="kept">
        <h2 id="kept">Kept in files</h2>
        {kept.length === 0 ? (
          <div class="empty">
            <p>No secret is kept in a file here.</p>
          </div>
        ) : (
          <Kept secrets={kept} />
        )}
        <p class="muted small">
          <code>secrets show</code> prints one, <code>secrets remove</code> removes its file, on the server’s machine.
        </p>
      </section>
    </div>
  </Layout>
);

const Kept = ({ secrets }: { secrets: readonly ShelvedSecret[] }) => (
  <section class="table" tabindex={0} aria-label="Secrets kept in files">
    <table>
      <thead>
        <tr>
          {['Name', 'Account', 'Stored', 'Expires', 'SHA-256', 'File'].map((head) => (
            <th scope="col">{head}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {secrets.map(({ name, account_id, stored_at, expire_time, sha256_8, path }) => (
          <tr>
            <th scope="row">{plain(name)}</th>
            <td>{plain(account_id ?? '-')}</td>
            <td>{stored_at.replace(/\.\d+Z$/, 'Z')}</td>
            <td>{plain(expire_time ?? 'not known')}</td>
            <td>{sha256_8}</td>
            <td>{path}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </section>
);

interface SealedProps {
  facts: PageFacts;
  now: number;
  csrf: string;
  visitor: Visitor | undefined;
}

/** Opening the address shows nothing yet: programs open addresses, too. */
const Sealed = ({ facts, now, csrf, visitor }: SealedProps) => (
  <Layout title="A new secret" path="/hub/secrets/new" visitor={visitor}>
    <h1>A new secret</h1>
    <div class="stack prose">
      <p>
        It is shown once, and kept nowhere afterwards. Have the place ready where you want to put it. It waits{' '}
        {minutesTo(facts.expires, now)}.
      </p>
      <Facts facts={facts} />
      <form method="post">
        <input type="hidden" name="csrf" value={csrf} />
        <button type="submit" class="button is-primary">
          Show it
        </button>
      </form>
    </div>
  </Layout>
);

const Shown = ({ facts, value, visitor }: { facts: PageFacts; value: string; visitor: Visitor | undefined }) => (
  <Layout title="The secret" path="/hub/secrets/shown" visitor={visitor}>
    <h1>The secret</h1>
    <div class="stack prose">
      <Notice tone="warning" role="status">
        <p>This is the only time it is shown. Copy it now; whoever loads this page again finds nothing.</p>
      </Notice>
      <Code id="secret" title="Secret" wraps>
        {value}
      </Code>
      <Facts facts={facts} />
      <p>
        <a href="/hub/secrets">Done</a>
      </p>
    </div>
  </Layout>
);

const Facts = ({ facts: { name, caller, accountId, length, sha256_8 } }: { facts: PageFacts }) => (
  <dl class="facts">
    {(
      [
        ['What', plain(name)],
        ['Made by', plain(caller)],
        ['Account', plain(accountId ?? '-')],
        ['Length', String(length)],
        ['SHA-256', sha256_8],
      ] as const
    ).map(([term, fact]) => (
      <div>
        <dt>{term}</dt>
        <dd>{fact}</dd>
      </div>
    ))}
  </dl>
);

const minutesTo = (expires: number, now: number): string => {
  const minutes = Math.max(1, Math.ceil((expires - now) / 60_000));
  return `for ${minutes} more ${minutes === 1 ? 'minute' : 'minutes'}`;
};
