/**
 * What is looked at before anything else on every route: is this request meant for this server, and does it come from no
 * web page that was not invited? Routes with pages of our own let those pages in, and nobody's else. Pure.
 */
import { type Refusal, refusal } from './refusal.js';

export interface GuardRules {
  /** `host[:port]` in lower case, as browsers and clients write it. */
  readonly hosts: ReadonlySet<string>;
  /** Web origins that may call MCP; none unless the operator says so. */
  readonly origins: ReadonlySet<string>;
  /** The server's own, as browsers write them. Only its pages hear of them. */
  readonly own?: ReadonlySet<string>;
}

export interface RequestHead {
  readonly method: string;
  readonly url: string;
  /** Name, value, name, value: as they came, repeated ones too. */
  readonly rawHeaders: readonly string[];
}

/** All values of a header, in the order they came. */
export const valuesOf = ({ rawHeaders }: Pick<RequestHead, 'rawHeaders'>, name: string): string[] =>
  rawHeaders.filter((_, at) => at % 2 === 1 && rawHeaders[at - 1]?.toLowerCase() === name);

export function whyNotMeantForUs(head: RequestHead, { hosts, origins }: GuardRules): Refusal | undefined {
  const strange = whyNotOurHost(head, hosts);
  if (strange !== undefined) return strange;
  const [origin, ...moreOrigins] = valuesOf(head, 'origin');
  if (moreOrigins.length > 0 || (origin !== undefined && !origins.has(origin))) {
    return refusal(403, 'origin', 'Requests from that Origin are not let in. The operator can add it.', {
      close: true,
    });
  }
  // Browsers leave Origin out of some requests, but not this.
  const [site] = valuesOf(head, 'sec-fetch-site');
  if (origin === undefined && isElsewhere(site)) return foreign();
  return whyNoPath(head);
}

/**
 * The same for pages. A link from anywhere leads to them, as long as it opens them in a window of their own; all else
 * comes from these very pages or from no page. What changes something has to prove the former.
 */
export function whyNotForPages(head: RequestHead, { hosts, own }: GuardRules): Refusal | undefined {
  const strange = whyNotOurHost(head, hosts);
  if (strange !== undefined) return strange;
  const [origin, ...moreOrigins] = valuesOf(head, 'origin');
  const [site] = valuesOf(head, 'sec-fetch-site');
  const isReading = head.method === 'GET' || head.method === 'HEAD';
  if (origin !== undefined) {
    // One and the same: another name of this server is another origin to a browser.
    const isSame = URL.canParse(origin) && new URL(origin).host === valuesOf(head, 'host')[0]?.toLowerCase();
    if (moreOrigins.length > 0 || own?.has(origin) !== true || !isSame) return foreign();
  } else if (!isReading && site !== 'same-origin') return foreign();
  const isNavigation =
    valuesOf(head, 'sec-fetch-mode').join() === 'navigate' && valuesOf(head, 'sec-fetch-dest').join() === 'document';
  if (isElsewhere(site) && !(isReading && isNavigation)) return foreign();
  return whyNoPath(head);
}

const isElsewhere = (site: string | undefined) => site === 'cross-site' || site === 'same-site';

const foreign = () => refusal(403, 'origin', 'Requests from other web sites are not let in.', { close: true });

function whyNotOurHost(head: RequestHead, hosts: ReadonlySet<string>): Refusal | undefined {
  const [host, ...moreHosts] = valuesOf(head, 'host');
  if (host === undefined || moreHosts.length > 0) {
    return refusal(400, 'host', 'A request has exactly one Host header.', { close: true });
  }
  if (!hosts.has(host.toLowerCase())) {
    return refusal(403, 'host', 'This server does not answer to that Host. Its operator can add it.', { close: true });
  }
  return undefined;
}

const whyNoPath = (head: RequestHead): Refusal | undefined =>
  head.url.startsWith('/') ? undefined : refusal(400, 'target', 'The request target is a path.', { close: true });

/** For requests with a body: JSON, said to be JSON, as it is. */
export const whyNotJson = (head: RequestHead): Refusal | undefined => whyNotOfType(head, 'application/json');

/** For the forms of pages: what a form sends that has no files. */
export const whyNotForm = (head: RequestHead): Refusal | undefined =>
  whyNotOfType(head, 'application/x-www-form-urlencoded');

function whyNotOfType(head: RequestHead, wanted: string): Refusal | undefined {
  const [type = '', ...more] = valuesOf(head, 'content-type');
  const [, given = ''] = /^([^ ;]*) *(; *charset="?utf-8"? *)?$/i.exec(type) ?? [];
  if (more.length > 0 || given.toLowerCase() !== wanted) {
    return refusal(415, 'type', `Send the body as ${wanted}.`, { close: true });
  }
  return valuesOf(head, 'content-encoding').some((encoding) => encoding.toLowerCase() !== 'identity')
    ? refusal(415, 'encoding', 'Send the body without Content-Encoding.', { close: true })
    : undefined;
}

/** For requests that have none. */
export function whyNotBodiless(head: RequestHead): Refusal | undefined {
  const hasBody =
    valuesOf(head, 'transfer-encoding').length > 0 || valuesOf(head, 'content-length').some((length) => length !== '0');
  return hasBody ? refusal(400, 'body', `${head.method} takes no body.`, { close: true }) : undefined;
}
