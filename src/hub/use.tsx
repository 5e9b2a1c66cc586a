/** What each MCP client has to be told to use a linked account: ready to paste, and the command that writes it. */
import type { Hono } from 'hono';
import { clients } from '../clients/catalogue.js';
import { type HttpEntry, type ServerEntry, type StdioEntry, serverName } from '../clients/server-entry.js';
import type { AccountBook } from '../link/accounts.js';
import { html, Layout } from './layout.js';
import { Code } from './parts.js';
import type { HubEnv } from './visit.js';

export interface UseParts {
  readonly book: AccountBook;
  /** How a client starts this program for a profile. */
  readonly entryOf: (profile: string) => StdioEntry;
  /** How it reaches it where MCP is served here for that profile. */
  readonly remoteOf?: ((profile: string) => HttpEntry | undefined) | undefined;
  /** What writes the configuration of a client. */
  readonly initCommand: (client: string, profile: string) => string;
}

export function addUse(app: Hono<HubEnv>, { book, entryOf, remoteOf, initCommand }: UseParts): void {
  app.get('/hub/use/:profile', async (c) => {
    const account = (await book.list()).find(({ name }) => name === c.req.param('profile'));
    if (account === undefined) return c.notFound();
    const { name } = account;
    const remote = remoteOf?.(name);
    const path = `/hub/use/${encodeURIComponent(name)}`;
    return c.html(
      html(
        <Layout title={`Use ${name}`} path={path} visitor={c.get('visitor')}>
          <div class="stack is-loose">
            <header class="stack">
              <h1>Use {name}</h1>
              <p class="lead">
                Each block goes into the configuration of a client. None of them holds a secret: the profile says where
                it is.
              </p>
              <p>
                <a href={`/hub/accounts/${encodeURIComponent(name)}`}>Back to the account</a>
              </p>
            </header>
            <section class="stack">
              <h2>On this machine</h2>
              <Blocks of="here" entry={entryOf(name)} profile={name} command={(id) => initCommand(id, name)} />
            </section>
            {remote !== undefined && (
              <section class="stack">
                <h2>Over HTTP</h2>
                <p>This server answers MCP at {remote.url}. Callers need a token of their own.</p>
                <Blocks of="http" entry={remote} profile={name} />
              </section>
            )}
          </div>
        </Layout>,
      ),
    );
  });
}

interface BlocksProps {
  of: string;
  entry: ServerEntry;
  profile: string;
  command?: (client: string) => string;
}

const Blocks = ({ of, entry, profile, command }: BlocksProps) => (
  <div class="folds">
    {clients.map(({ id, title, block, afterwards }) => (
      <details class="fold" id={`${of}-${id}`} name={of}>
        <summary>
          <h3 class="fold-title">{title}</h3>
        </summary>
        <div class="stack prose">
          <Code id={`${of}-${id}-block`} title={`Configuration for ${title}`}>
            {block(serverName(profile), entry)}
          </Code>
          {command !== undefined && (
            <Code id={`${of}-${id}-command`} title={`Or have it written for ${title}`} wraps>
              {command(id)}
            </Code>
          )}
          <p class="muted small">{afterwards}</p>
        </div>
      </details>
    ))}
  </div>
);
