/**
 * What is looked at before anything else on every route: is this request meant for this server, and does it come from no
 * web page that was not invited? Pure.
 */
import { type Refusal, refusal } from './refusal.js';

export interface GuardRules {
  /** `host[:port]` in lower case, as browsers and clients write it. */
  readonly hosts: ReadonlySet<string>;
  /** Web origins that may call; none unless the operator says so. */
  readonly origins: ReadonlySet<string>;
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
  const [host, ...moreHosts] = valuesOf(head, 'host');
  if (host === undefined || moreHosts.length > 0) {
    return refusal(400, 'host', 'A request has exactly one Host header.', { close: true });
  }
  if (!hosts.has(host.toLowerCase())) {
    return refusal(403, 'host', 'This server does not answer to that Host. Its operator can add it.', { close: true });
  }
  const [origin, ...moreOrigins] = valuesOf(head, 'origin');
  if (moreOrigins.length > 0 || (origin !== undefined && !origins.has(origin))) {
    return refusal(403, 'origin', 'Requests from that Origin are not let in. The operator can add it.', {
      close: true,
    });
  }
  // Browsers leave Origin out of some requests, but not this.
  const [site] = valuesOf(head, 'sec-fetch-site');
  if (origin === undefined && (site === 'cross-site' || site === 'same-site')) {
    return refusal(403, 'origin', 'Requests from other web sites are not let in.', { close: true });
  }
  return head.url.startsWith('/')
    ? undefined
    : refusal(400, 'target', 'The request target is a path.', { close: true });
}

/** For requests with a body: JSON, said to be JSON, as it is. */
export function whyNotJson(head: RequestHead): Refusal | undefined {
  const [type = '', ...more] = valuesOf(head, 'content-type');
  if (more.length > 0 || !/^application\/json *(; *charset="?utf-8"? *)?$/i.test(type)) {
    return refusal(415, 'type', 'Send the body as application/json.', { close: true });
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
