/**
 * The one file that opens sockets to Databricks. It sends one request and returns one bounded answer, or throws an
 * `ActionError`; it repeats nothing, follows no redirect and knows no token.
 */
import zlib from 'node:zlib';
import { Agent, type Dispatcher, ProxyAgent } from 'undici';
import { ActionError, failed } from '../core/errors.js';
import type { WireRequest } from '../core/wire.js';
import { networkFailure } from './network-errors.js';
import { proxyAuthorization, wayTo } from './proxy.js';
import { currentRequestId } from './request-id.js';
import { trustOf } from './trust.js';

export interface HttpAnswer {
  readonly status: number;
  /** Lower-case names; of repeated headers the first value. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly text: string;
}

export interface HttpStream {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Decoded body. Reading it may throw `ActionError`. */
  readonly body: AsyncIterable<Uint8Array>;
}

/** All in milliseconds. */
export interface Limits {
  /** From sending to the first byte of the answer. */
  readonly firstByte: number;
  /** Between two parts of the body. */
  readonly idle: number;
  /** The whole attempt; none for downloads. */
  readonly attempt?: number;
  /** Bytes of the body after decompression. */
  readonly maxBytes: number;
}

export const callLimits: Limits = { firstByte: 30_000, idle: 10_000, attempt: 40_000, maxBytes: 10 * 1024 * 1024 };
export const downloadLimits: Limits = { firstByte: 300_000, idle: 60_000, maxBytes: 1024 ** 3 };

export interface Http {
  request(request: WireRequest, limits: Limits, signal?: AbortSignal): Promise<HttpAnswer>;
  /** As `request`, with the body as a stream. */
  open(request: WireRequest, limits: Limits, signal?: AbortSignal): Promise<HttpStream>;
  close(): Promise<void>;
}

export interface HttpOptions {
  /** Scheme, host and port. */
  readonly origin: string;
  readonly userAgent: string;
  /** PEM file of further certificate authorities. */
  readonly caFile?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export function createHttp(options: HttpOptions): Http {
  let dispatcher: Dispatcher | undefined;
  const open = async (request: WireRequest, limits: Limits, caller?: AbortSignal): Promise<HttpStream> => {
    if (caller?.aborted) throw failed('cancelled', 'The call was cancelled before anything was sent.');
    dispatcher ??= createDispatcher(options);
    const requestId = currentRequestId();
    const watch = watchdog(limits.attempt, caller);
    try {
      const answer = await dispatcher.request({
        origin: options.origin,
        path: request.path,
        method: request.method,
        headers: {
          ...request.headers,
          'user-agent': options.userAgent,
          'accept-encoding': 'gzip, deflate, br',
          ...(requestId !== undefined && { 'x-request-id': requestId }),
        },
        body: request.body ?? null,
        headersTimeout: limits.firstByte,
        bodyTimeout: limits.idle,
        signal: watch.signal,
      });
      // Whoever reads the body is told of its errors; without a listener one that nobody reads would end the process.
      answer.body.on('error', () => {});
      const headers = firstValues(answer.headers);
      const isEmpty = answer.statusCode === 204 || headers['content-length'] === '0';
      const encoding = isEmpty ? undefined : headers['content-encoding'];
      const body = decoded(answer.body, encoding, limits.maxBytes, watch);
      return { status: answer.statusCode, headers, body };
    } catch (error) {
      watch.stop();
      throw watch.failure(error);
    }
  };
  return {
    open,
    async request(request, limits, signal) {
      const { status, headers, body } = await open(request, limits, signal);
      const parts: Uint8Array[] = [];
      for await (const part of body) parts.push(part);
      return { status, headers, text: utf8.decode(Buffer.concat(parts)) };
    },
    close: async () => dispatcher?.destroy(),
  };
}

/** Drops a byte order mark; bytes that are no UTF-8 become U+FFFD. */
const utf8 = new TextDecoder('utf-8');

const connectTimeout = 5_000;
const maxHeaderSize = 16 * 1024;

function createDispatcher({ origin, caFile, env = process.env }: HttpOptions): Dispatcher {
  const tls = { timeout: connectTimeout, ...trustOf(caFile, env) };
  const { proxy } = wayTo(origin, env);
  const options = { connect: tls, maxHeaderSize };
  if (proxy === undefined) return new Agent(options);
  const token = proxyAuthorization(proxy);
  return new ProxyAgent({
    ...options,
    uri: proxy.origin,
    ...(token !== undefined && { token }),
    requestTls: tls,
    proxyTls: tls,
  });
}

interface Watch {
  readonly signal: AbortSignal;
  stop(): void;
  /** What an error of this attempt means, given who ended it. */
  failure(error: unknown): ActionError;
}

/** Ends the attempt when its time is up or the caller gives up, and remembers which it was. */
function watchdog(milliseconds: number | undefined, caller: AbortSignal | undefined): Watch {
  const controller = new AbortController();
  let late = false;
  const timer =
    milliseconds === undefined
      ? undefined
      : setTimeout(() => {
          late = true;
          controller.abort();
        }, milliseconds);
  const giveUp = () => {
    clearTimeout(timer);
    controller.abort();
  };
  caller?.addEventListener('abort', giveUp, { once: true });
  return {
    signal: controller.signal,
    stop() {
      clearTimeout(timer);
      caller?.removeEventListener('abort', giveUp);
    },
    failure(error) {
      if (error instanceof ActionError) return error;
      if (late) return failed('timeout', 'Databricks did not answer in time.', { retryable: true, sent: 'maybe' });
      if (caller?.aborted) return failed('cancelled', 'The call was cancelled.', { sent: 'maybe' });
      return networkFailure(error);
    },
  };
}

const decoders: Record<string, () => NodeJS.ReadWriteStream> = {
  gzip: () => zlib.createGunzip(),
  'x-gzip': () => zlib.createGunzip(),
  deflate: () => zlib.createInflate(),
  br: () => zlib.createBrotliDecompress(),
};

/** The body after decompression, cut off where it exceeds the cap: a small answer can unpack to gigabytes. */
async function* decoded(
  body: Dispatcher.ResponseData['body'],
  encoding: string | undefined,
  maxBytes: number,
  watch: Watch,
): AsyncGenerator<Uint8Array> {
  let received = 0;
  try {
    for await (const part of unpacked(body, encoding)) {
      received += part.byteLength;
      if (received > maxBytes) {
        throw failed('unreadable', 'The answer is larger than this server reads.', {
          code: 'RESPONSE_TOO_LARGE',
          sent: 'maybe',
          next: 'Ask for less: a filter, fewer attributes, a smaller page or a shorter range of months.',
        });
      }
      yield part;
    }
  } catch (error) {
    throw watch.failure(error);
  } finally {
    watch.stop();
    body.destroy();
  }
}

function unpacked(body: Dispatcher.ResponseData['body'], encoding: string | undefined): AsyncIterable<Uint8Array> {
  const name = encoding?.trim().toLowerCase() ?? '';
  if (name === '' || name === 'identity') return body;
  const decoder = Object.hasOwn(decoders, name) ? decoders[name]?.() : undefined;
  if (decoder === undefined) {
    throw failed('unreadable', 'The answer uses an encoding this server does not read.', {
      code: 'BAD_ENCODING',
      sent: 'maybe',
    });
  }
  body.on('error', (error) => (decoder as unknown as zlib.Gunzip).destroy(error));
  return body.pipe(decoder) as unknown as AsyncIterable<Uint8Array>;
}

function firstValues(headers: Record<string, string | string[] | undefined>): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]),
  );
}
