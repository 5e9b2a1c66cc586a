/** What each MCP client has to be told to use a linked account: ready to paste, and the command that writes it. */
import type { Hono } from 'hono';
import { type Client, clients } from '../clients/catalogue.js';
import { type HttpEntry, type ServerEntry, type StdioEntry, serverName } from '../clients/server-entry.js';
import { usualFile } from '../clients/usual-file.js';
import { isOwnMachine } from '../http/settings.js';
import type { AccountBook } from '../link/accounts.js';
import { html, Layout } from './layout.js';
import { Code } from './parts.js';
import type { HubEnv, Visiting } from './visit.js';

export interface UseParts {
  readonly book: AccountBook;
  /** How a client starts this program for a profile, with further options. */
  readonly entryOf: (profile: string, options: readonly string[]) => StdioEntry;
  /** How it reaches it where MCP is served here for that profile. */
  readonly remoteOf?: ((profile: string) => HttpEntry | undefined) | undefined;
  /** What writes the configuration of a client. */
  readonly initCommand: (client: string, profile: string, options: readonly string[]) => string;
  /** Where a client on this machine has its servers. */
  readonly fileOf: (client: Client) => Promise<string | undefined>;
}

export function addUse(app: Hono<HubEnv>, { book, entryOf, remoteOf, initCommand, fileOf }: UseParts): void {
  app.get('/hub/use/:profile', async (c) => {
    const account = (await book.list()).find(({ name }) => name === c.req.param('profile'));
    if (account === undefined) return c.notFound();
    const { name } = account;
    const remote = remoteOf?.(name);
    const path = `/hub/use/${encodeURIComponent(name)}`;
    const keepsToReads = c.req.query('read_only') === '1';
    const options = keepsToReads ? ['--read-only'] : [];
    const isHere = isOnThisMachine(c);
    const files = new Map<string, string | undefined>();
    for (const client of clients) files.set(client.id, isHere ? await fileOf(client) : usualFile(client));
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
              {keepsToReads ? (
                <p>
                  The server keeps to reads, whatever the account may do. <a href={path}>Let it write as well</a>
                </p>
              ) : (
                <p>
                  The server does what the account may do. <a href={`${path}?read_only=1`}>Keep the server to reads</a>
                </p>
              )}
              <Blocks
                of="here"
                entry={entryOf(name, options)}
                profile={name}
                files={files}
                command={(id) => initCommand(id, name, options)}
              />
            </section>
            {remote !== undefined && (
              <section class="stack">
                <h2>Over HTTP</h2>
                <p>This server answers MCP at {remote.url}. Callers need a token of their own.</p>
                <Blocks of="http" entry={remote} profile={name} files={files} />
              </section>
            )}
          </div>
        </Layout>,
      ),
    );
  });
}

/** By the address it comes from and the one it asked for: a proxy on this machine comes from here as well. */
const isOnThisMachine = (c: Visiting): boolean =>
  [c.env.address, new URL(c.req.url).hostname].every((host) => isOwnMachine(host));

interface BlocksProps {
  of: string;
  entry: ServerEntry;
  profile: string;
  /** By the client's id. */
  files: ReadonlyMap<string, string | undefined>;
  command?: (client: string) => string;
}

const Blocks = ({ of, entry, profile, files, command }: BlocksProps) => (
  <div class="folds">
    {clients.map(({ id, title, block, fields, afterwards }) => (
      <details class="fold" id={`${of}-${id}`} name={of}>
        <summary>
          <h3 class="fold-title">{title}</h3>
        </summary>
        <div class="stack prose">
          {files.get(id) !== undefined && fields(serverName(profile), entry) !== undefined && (
            <p>
              Goes into the file <code>{files.get(id)}</code>
            </p>
          )}
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
