/** Whether the way to a host leads through a proxy: the one place that decides it, by the variables curl knows. Pure. */
import { failed } from '../core/errors.js';
import { isLoopback } from './hosts.js';

type Env = Readonly<Record<string, string | undefined>>;

export interface Way {
  /** Holds the user and password of the proxy: not to be shown. */
  readonly proxy?: URL;
  /** The variable that names a proxy, whether it is used or not. */
  readonly variable?: 'https_proxy' | 'HTTPS_PROXY';
  /** Why a proxy that is named is not used. */
  readonly past?: 'this machine' | 'listed';
}

/** Throws where a proxy is to be used and its address is none. */
export function wayTo(origin: string, env: Env): Way {
  const variable = env.https_proxy ? 'https_proxy' : 'HTTPS_PROXY';
  const address = env[variable];
  if (!address) return {};
  const target = new URL(origin);
  if (isLoopback(target.hostname)) return { variable, past: 'this machine' };
  if (isListed(target, env.no_proxy || env.NO_PROXY || '')) return { variable, past: 'listed' };
  return { variable, proxy: readProxy(address) };
}

/** Names, each with what lies below it and, if it has one, for its port alone; `*` for all. */
function isListed({ hostname, port }: URL, list: string): boolean {
  return list
    .split(/[,\s]+/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      const [, name = entry, ofPort] = entry.match(/^(.+):(\d+)$/) ?? [];
      if (ofPort !== undefined && ofPort !== (port || '443')) return false;
      const ending = name.replace(/^\*?\./, '').toLowerCase();
      return name === '*' || hostname === ending || hostname.endsWith(`.${ending}`);
    });
}

function readProxy(text: string): URL {
  // As curl has it, a proxy without a scheme is reached by http.
  const address = /^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url && /^https?:$/.test(url.protocol) && url.hostname !== '' && isDecodable(url)) return url;
  // The address may hold a password, so it is not repeated.
  throw failed('configuration', 'HTTPS_PROXY is not the address of a proxy.', {
    next: 'Give it as http://host:port; where it needs a user and a password, percent-encode them.',
  });
}

/** The header that tells a proxy who asks; none without a user. */
export function proxyAuthorization({ username, password }: URL): string | undefined {
  if (username === '') return undefined;
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return `Basic ${Buffer.from(pair).toString('base64')}`;
}

function isDecodable(url: URL): boolean {
  try {
    proxyAuthorization(url);
    return true;
  } catch {
    return false;
  }
}
