/** The frame of every page: head, skip link, navigation, main part, foot. */

import { raw } from 'hono/html';
import type { Child } from 'hono/jsx';
import { product } from '../version.js';
import { asset } from './assets.js';
import { Mark } from './icons.js';

/** Who is signed in. */
export interface Visitor {
  readonly name: string;
  /** Goes into every form as the field `csrf`. */
  readonly csrf: string;
  /** How many questions wait for an approval. */
  readonly waiting?: number;
}

export interface LayoutProps {
  /** Of the page; the product's name is added. */
  title: string;
  /** Of the page, without query: marks where the reader is. */
  path: string;
  visitor?: Visitor | undefined;
  /** Stands in for the links to styles and script, and leaves the navigation out: the file that is carried about alone. */
  alone?: Child;
  /** Further elements of the head. */
  head?: Child;
  children: Child;
}

const name = 'Databricks actions';

const places = [
  { path: '/hub/accounts', title: 'Accounts' },
  { path: '/hub/approvals', title: 'Approvals' },
  { path: '/hub/journal', title: 'Journal' },
  { path: '/hub/secrets', title: 'Secrets' },
];

/** A page as the text of a document. */
export const html = (page: Child): string => `<!doctype html>${String(page)}`;

export const Layout = ({ title, path, visitor, alone, head, children }: LayoutProps) => (
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      {/* Not where there are forms: browsers would send them without their Origin. A header says what holds there. */}
      {alone !== undefined && <meta name="referrer" content="no-referrer" />}
      {alone ?? <Linked />}
      {head}
      <title>{`${title} · ${name}`}</title>
    </head>
    <body>
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <header class="masthead">
        <div class="frame">
          {alone === undefined ? (
            <a class="brand" href="/hub">
              <Mark />
              {name}
            </a>
          ) : (
            <span class="brand">
              <Mark />
              {name}
            </span>
          )}
          {alone === undefined && <Navigation path={path} visitor={visitor} />}
        </div>
      </header>
      <main id="main" class="frame" tabindex={-1}>
        {children}
      </main>
      <footer class="colophon">
        <div class="frame">
          {product.name} {product.version}. Not a product of Databricks.
        </div>
      </footer>
      {/* What was copied or found is spoken from here. */}
      <div class="visually-hidden" role="status" id="spoken" />
    </body>
  </html>
);

const Linked = () => (
  <>
    <link rel="icon" href={asset('icon.svg').path} type="image/svg+xml" />
    <link rel="stylesheet" href={asset('styles.css').path} />
    <script type="module" src={asset('page.js').path} />
  </>
);

const Navigation = ({ path, visitor }: { path: string; visitor: Visitor | undefined }) => (
  <>
    <nav aria-label="Hub">
      <ul>
        <Place to="/hub" title="Guide" path={path} />
        {visitor === undefined ? (
          <Place to="/hub/sign-in" title="Sign in" path={path} />
        ) : (
          places.map((place) => (
            <Place to={place.path} title={place.title} path={path}>
              {place.path === '/hub/approvals' && <Waiting count={visitor.waiting ?? 0} />}
            </Place>
          ))
        )}
      </ul>
    </nav>
    {visitor !== undefined && (
      <form class="visitor" method="post" action="/hub/sign-out">
        <input type="hidden" name="csrf" value={visitor.csrf} />
        <span>{visitor.name}</span>
        <button type="submit" class="button is-quiet">
          Sign out
        </button>
      </form>
    )}
  </>
);

const Place = ({ to, title, path, children }: { to: string; title: string; path: string; children?: Child }) => (
  <li>
    <a href={to} {...current(to, path)}>
      {title}
      {children}
    </a>
  </li>
);

/** The page itself, or one below it: `/hub/accounts/prod` is under Accounts. Everything lies below the guide. */
function current(to: string, path: string) {
  if (to === path) return { 'aria-current': 'page' as const };
  return to !== '/hub' && path.startsWith(`${to}/`) ? { 'aria-current': 'true' as const } : {};
}

const Waiting = ({ count }: { count: number }) =>
  count > 0 && (
    <span class="badge is-warning">
      {count} <span class="visually-hidden">waiting</span>
    </span>
  );

/** Text of ours that is markup already, such as styles. */
export const verbatim = (text: string): Child => raw(text) as Child;
