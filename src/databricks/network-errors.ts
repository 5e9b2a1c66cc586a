/** What an error of the network stack means: whether the request can have arrived and whether repeating helps. Pure. */
import { type ActionError, type FailureKind, failed } from '../core/errors.js';

interface Meaning {
  readonly codes: RegExp;
  readonly kind: FailureKind;
  readonly message: string;
  readonly retryable: boolean;
  readonly sent: 'no' | 'maybe';
  readonly next?: string;
}

/** First match wins. The codes are those of Node's net, dns and tls modules and of undici. */
const meanings: readonly Meaning[] = [
  {
    codes: /^ENOTFOUND$/,
    kind: 'network',
    message: 'The host of the Databricks account is not known to DNS.',
    retryable: false,
    sent: 'no',
    next: 'Check the host and, behind a proxy, HTTPS_PROXY.',
  },
  { codes: /^EAI_AGAIN$/, kind: 'network', message: 'DNS does not answer.', retryable: true, sent: 'no' },
  {
    codes: /^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ENETDOWN|EHOSTDOWN|EADDRNOTAVAIL)$/,
    kind: 'network',
    message: 'No connection to the Databricks host could be made.',
    retryable: true,
    sent: 'no',
  },
  {
    codes: /^UND_ERR_CONNECT_TIMEOUT$/,
    kind: 'timeout',
    message: 'Connecting to the Databricks host took too long.',
    retryable: true,
    sent: 'no',
  },
  {
    codes: /CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS_CERT|HOSTNAME_MISMATCH|INVALID_CA|ERR_OSSL/,
    kind: 'network',
    message: 'The TLS certificate or connection of the host is not trusted.',
    retryable: false,
    sent: 'no',
    next: 'Behind a proxy that inspects TLS, give its certificate with --ca-file or NODE_EXTRA_CA_CERTS.',
  },
  {
    // May come in the middle of a connection, when the request has left.
    codes: /^(EPROTO|ERR_SSL_|ERR_TLS_)/,
    kind: 'network',
    message: 'The TLS connection to the host failed.',
    retryable: false,
    sent: 'maybe',
    next: 'Check the host and, behind a proxy, what it does to TLS.',
  },
  {
    codes: /^UND_ERR_(HEADERS|BODY)_TIMEOUT$/,
    kind: 'timeout',
    message: 'Databricks did not answer in time.',
    retryable: true,
    sent: 'maybe',
  },
  {
    // The last ones are those of zlib and brotli.
    codes: /^(UND_ERR_HEADERS_OVERFLOW|HPE_|UND_ERR_RES_|Z_|ERR__ERROR_|ERR_BROTLI|ERR_.*ZLIB)/,
    kind: 'unreadable',
    message: 'The answer is not well-formed HTTP.',
    retryable: true,
    sent: 'maybe',
  },
];

/** The failure that an error thrown while sending or reading stands for. */
export function networkFailure(error: unknown): ActionError {
  const code = errorCode(error);
  const text = error instanceof Error ? error.message : '';
  const proxy = text.match(/Proxy response \((\d+)\)/i);
  if (proxy !== null) return proxyFailure(Number(proxy[1]));
  const meaning = meanings.find(({ codes }) => codes.test(code));
  if (meaning === undefined) {
    return failed(
      'network',
      'The connection to Databricks broke.',
      { retryable: true, sent: 'maybe', ...(code !== '' && { code }) },
      error,
    );
  }
  const { kind, message, retryable, sent, next } = meaning;
  // The parser's errors hold what was received, which may be a token.
  const cause = kind === 'unreadable' ? undefined : error;
  return failed(kind, message, { retryable, sent, code, ...(next !== undefined && { next }) }, cause);
}

function proxyFailure(status: number): ActionError {
  const asksForPassword = status === 407;
  return failed('network', `The proxy refused the connection (${status}).`, {
    code: asksForPassword ? 'PROXY_AUTHENTICATION' : 'PROXY_REFUSED',
    retryable: status >= 500,
    next: asksForPassword
      ? 'Put the user and password of the proxy into HTTPS_PROXY, or list the host in NO_PROXY.'
      : 'Check HTTPS_PROXY and NO_PROXY.',
  });
}

/** The code of the error or of what caused it. */
function errorCode(error: unknown): string {
  let current = error;
  for (let depth = 0; current instanceof Error && depth < 5; depth += 1) {
    const { code } = current as Error & { code?: unknown };
    if (typeof code === 'string') return code;
    // undici 7 forgets to say the parser's code.
    if (current.name === 'HTTPParserError') return 'HPE_INVALID';
    current = current.cause;
  }
  return '';
}
