/**
 * The issuer's public keys: read from the one address the operator named, kept while it is down, and never asked for
 * more than once a minute because of what callers send.
 */
import { createLocalJWKSet, errors, type JWTVerifyGetKey, type LocalJWKSet } from 'jose';
import { isObject } from '../../core/json.js';
import { createIssuerHttp, type IssuerHttp } from './issuer-http.js';

export interface KeySource {
  /** Throws `KeysUnavailable` while no keys are known, and jose's own error where none fits. */
  readonly key: JWTVerifyGetKey;
  close(): Promise<void>;
}

export class KeysUnavailable extends Error {
  override readonly name = 'KeysUnavailable';
}

export interface KeySourceParts {
  readonly url: URL;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  readonly onProblem: (message: string) => void;
  /** Reads the document; throws where it cannot. Default: over the network. */
  readonly read?: (url: URL) => Promise<unknown>;
  readonly times?: Partial<typeof defaultTimes>;
}

const defaultTimes = {
  /** Keys older than this are read anew; the old ones serve meanwhile. */
  maxAge: 600_000,
  /** The least time between two readings, whatever the reason. */
  pause: 60_000,
  /** For one reading from start to end. */
  patience: 5_000,
};

export function createKeySource(parts: KeySourceParts): KeySource {
  const { url, now, onProblem } = parts;
  const times = { ...defaultTimes, ...parts.times };
  const http = parts.read === undefined ? createIssuerHttp(times.patience) : undefined;
  const read = parts.read ?? ((from: URL) => readDocument(from, http));
  let keys: LocalJWKSet | undefined;
  let readAt = Number.NEGATIVE_INFINITY;
  let triedAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | undefined;

  const renew = (): Promise<void> => {
    if (reading === undefined && now() - triedAt < times.pause) return Promise.resolve();
    reading ??= readKeys().finally(() => {
      reading = undefined;
    });
    return reading;
  };

  const readKeys = async () => {
    triedAt = now();
    try {
      keys = createLocalJWKSet(asKeySet(await read(url)));
      readAt = now();
    } catch (error) {
      onProblem(
        `The keys of the token issuer could not be read: ${error instanceof Error ? error.message : 'unknown'}`,
      );
    }
  };

  return {
    async key(header, token) {
      if (keys === undefined) await renew();
      else if (now() - readAt >= times.maxAge) void renew();
      if (keys === undefined) throw new KeysUnavailable();
      try {
        return await keys(header, token);
      } catch (error) {
        if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
        await renew();
        return await keys(header, token);
      }
    },
    close: async () => http?.close(),
  };
}

/** Issuers have a handful of keys; a document of thousands would cost every check. */
const mostKeys = 100;

function asKeySet(document: unknown) {
  if (!isObject(document) || !Array.isArray(document.keys)) throw new Error('it is no key set');
  if (document.keys.length > mostKeys) throw new Error('it has too many keys');
  return { keys: document.keys.filter(isObject) };
}

/** The keys come from where the operator said, or not at all. */
async function readDocument(url: URL, http: IssuerHttp | undefined): Promise<unknown> {
  const answer = await http?.ask(url, { headers: { accept: 'application/json, application/jwk-set+json' } });
  if (answer?.status !== 200) throw new Error(`HTTP ${answer?.status}`);
  return answer.json();
}
