/**
 * The one way to the token issuer and the identity provider: follows no redirect, waits so long, reads so much, and says
 * in an error what was wrong without quoting any of it.
 */
import { EnvHttpProxyAgent, request } from 'undici';

export interface IssuerHttp {
  readonly ask: (url: URL, asked?: Asked) => Promise<Response>;
  close(): Promise<void>;
}

export interface Asked {
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const mostBytes = 256 * 1024;

/** `patience`: milliseconds for one request from start to end. */
export function createIssuerHttp(patience: number): IssuerHttp {
  const dispatcher = new EnvHttpProxyAgent();
  return {
    async ask(url, { method = 'GET', headers = {}, body: sent } = {}) {
      const {
        statusCode,
        headers: said,
        body,
      } = await request(url, {
        method,
        headers,
        signal: AbortSignal.timeout(patience),
        dispatcher,
        ...(sent !== undefined && { body: sent }),
      });
      body.on('error', () => {});
      if (statusCode >= 300 && statusCode < 400) {
        body.destroy();
        throw new Error(`HTTP ${statusCode}`);
      }
      const parts: Buffer[] = [];
      let size = 0;
      for await (const part of body as AsyncIterable<Buffer>) {
        size += part.length;
        if (size > mostBytes) throw new Error('it is too large');
        parts.push(part);
      }
      const type = said['content-type'];
      return new Response(statusCode === 204 ? null : Buffer.concat(parts), {
        status: statusCode,
        ...(typeof type === 'string' && { headers: { 'content-type': type } }),
      });
    },
    close: () => dispatcher.close(),
  };
}
