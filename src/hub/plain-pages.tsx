/** Pages that only tell something: what is missing, what went wrong, where it goes on. */
import type { Child } from 'hono/jsx';
import { html, Layout, type Visitor } from './layout.js';

export interface Told {
  readonly title: string;
  readonly path: string;
  readonly visitor?: Visitor | undefined;
  readonly children: Child;
}

export const telling = ({ title, path, visitor, children }: Told): string =>
  html(
    <Layout title={title} path={path} visitor={visitor}>
      <h1>{title}</h1>
      <div class="stack prose">{children}</div>
    </Layout>,
  );

/**
 * Goes on at once, and by a link. A browser that comes from another site sends no cookie of ours, not even where that
 * redirects; from this page it does.
 */
export const goingOn = (to: string): string =>
  html(
    <Layout title="One moment" path="" head={<meta http-equiv="refresh" content={`0;url=${to}`} />}>
      <h1>One moment</h1>
      <p>
        <a href={to}>Go on to the page</a>
      </p>
    </Layout>,
  );
