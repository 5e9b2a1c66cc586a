/** Which part of the server an address means, and what of its path narrows the call. Pure. */

import { unnamedAccount } from './caller.js';

export type Door = '/mcp' | '/sse' | '/messages';

/** Streamable HTTP, and the two addresses of its predecessor. */
export const doorPaths: readonly Door[] = ['/mcp', '/sse', '/messages'];

const methods: Readonly<Record<Door, readonly string[]>> = {
  '/mcp': ['POST', 'GET', 'DELETE'],
  '/sse': ['GET'],
  '/messages': ['POST'],
};

export type Route =
  | { readonly to: Door; readonly allow: readonly string[]; readonly words: readonly string[] }
  | { readonly to: 'livez' | 'readyz' | 'metadata' | 'pages'; readonly allow: readonly string[] }
  | { readonly to: 'nowhere' };

const reading = ['GET', 'HEAD'];

/** `words`: what stands before the door in its path, such as `readonly` in `/readonly/mcp`. */
export function routeOf(path: string): Route {
  if (path === '/livez' || path === '/readyz') return { to: path === '/livez' ? 'livez' : 'readyz', allow: reading };
  if (path.startsWith('/.well-known/oauth-protected-resource')) return { to: 'metadata', allow: reading };
  if (path === '/' || path === '/hub' || path.startsWith('/hub/')) return { to: 'pages', allow: [...reading, 'POST'] };
  const words = path.split('/').slice(1);
  const door = doorPaths.find((each) => each === `/${words.at(-1)}`);
  const isPinned = ['readonly', 'search', 'x', 'account'].includes(words[0] ?? '');
  // The path comes back in addresses and headers: nothing but what pins are made of may stand in it.
  const isPlain = words.every((word) => /^[\w,-]{1,200}$/.test(word));
  if (door === undefined || !isPlain || (words.length > 1 && !isPinned)) return { to: 'nowhere' };
  return { to: door, allow: methods[door], words: words.slice(0, -1) };
}

/** Which account an address means, and what of it is left: `/account/prod/mcp` is `/mcp` of `prod`. */
export function splitAccount(path: string): { readonly account: string; readonly rest: string } {
  const [, account, rest] = /^\/account\/([^/]+)(\/.*)$/.exec(path) ?? [];
  return account === undefined || rest === undefined ? { account: unnamedAccount, rest: path } : { account, rest };
}

/** An address a client can be sent to, pins and all. */
export const isEntrance = (path: string): boolean => {
  const { to } = routeOf(path);
  return to === '/mcp' || to === '/sse';
};
