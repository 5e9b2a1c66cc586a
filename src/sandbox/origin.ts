// Tells programs on this machine from web pages. A page can reach loopback, also through a rebound host name, but it
// cannot leave out its Origin on a write nor call the sandbox by a loopback name.

import type { Inbound } from './reply.js';

export function comesFromThisMachine({ headers: { host = '', origin } }: Pick<Inbound, 'headers'>): boolean {
  const name = host.replace(/:\d+$/, '');
  const loopback = name === 'localhost' || name === '[::1]' || /^127(\.\d{1,3}){3}$/.test(name);
  return loopback && origin === undefined;
}
