/** Where to go on to: pages of ours alone. */

/** After signing in: a page of ours, whatever was asked for. */
export const pathWithin = (path: string | undefined): string =>
  path !== undefined && /^\/hub(\/[\w./-]*)?$/.test(path) && !/\/\/|\.\./.test(path) ? path : '/hub';

/** The same page once more. By its parsed address: `/hub/..//other.example` is that of another site. */
export function hereWithin(url: string): string {
  const { pathname } = new URL(url);
  return pathname.startsWith('/hub/') ? pathname : '/hub';
}
