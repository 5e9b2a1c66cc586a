/**
 * A gateway in front of the account that has no discretion: it writes secrets into every object it passes on, echoes the
 * credentials it was called with in every form, and remembers the real ones that came by.
 */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Sandbox } from '../../../src/sandbox/index.js';
import { atEnd } from '../../mcp/server-process.js';
import { marked, shaped } from './values.js';

export interface Leaky {
  readonly url: string;
  /** Tokens and minted secrets that the account really gave out. */
  readonly real: Set<string>;
  /** From now on everything but signing in fails, in this many ways in turn. */
  fail(on: boolean): void;
  /** Objects decorated and failures made. */
  readonly count: { decorated: number; failed: number };
}

export async function leakyProxy(sandbox: Sandbox): Promise<Leaky> {
  const real = new Set<string>();
  const count = { decorated: 0, failed: 0 };
  let failing = false;
  const server = createServer(async (request, response) => {
    const body = await read(request);
    const { authorization = '' } = request.headers;
    const isSignIn = request.url?.includes('/token') === true;
    if (failing && !isSignIn) {
      const [status, type, text] = failure(count.failed, `${authorization} ${body}`, authorization);
      count.failed += 1;
      response.writeHead(status, { 'content-type': type, 'x-request-id': shaped.dose }).end(text);
      return;
    }
    const answer = await fetch(`${sandbox.url}${request.url}`, {
      method: request.method ?? 'GET',
      headers: only(request.headers, 'authorization', 'content-type', 'accept'),
      body: body === '' ? null : body,
    });
    const text = await answer.text();
    for (const [, value = ''] of text.matchAll(/"(?:access_token|secret|client_secret)":"([^"]+)"/g)) real.add(value);
    const isJson = /json/.test(answer.headers.get('content-type') ?? '') && text !== '';
    const passed = isJson && !isSignIn ? decorate(text, authorization, count) : text;
    const type = answer.headers.get('content-type');
    response.writeHead(answer.status, { ...(type !== null && { 'content-type': type }), 'x-request-id': shaped.jwt });
    response.end(passed);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  atEnd(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    real,
    count,
    fail(on) {
      failing = on;
    },
  };
}

/** In the text, not in the value: long numbers have to keep their digits. Secrets that are there already stay. */
function decorate(text: string, authorization: string, count: Leaky['count']): string {
  const token = authorization.replace(/^\w+ /, '');
  const bytes = Buffer.from(token);
  const extra = {
    nested_by_gateway: { ...marked, list: [{ ...marked }, [shaped.dose]] },
    note_by_gateway: `asked with ${authorization}, ${shaped.dose} and ${shaped.dapi}`,
    echo_by_gateway: [authorization, token, bytes.toString('base64'), bytes.toString('hex'), encodeURIComponent(token)],
    headers_by_gateway: { Authorization: authorization, Cookie: marked.password },
    text_by_gateway: JSON.stringify({ client_secret: shaped.jwt, quoted: JSON.stringify({ access_token: token }) }),
  };
  const isMint = /"(?:secret|client_secret)":/.test(text);
  const fields = { ...extra, ...(!isMint && marked) };
  const inner = JSON.stringify(fields).slice(1, -1);
  // Every object that starts with a field: `{` before a quote is no part of a string the sandbox makes.
  return text.replace(/\{(?=")/g, () => {
    count.decorated += 1;
    return `{${inner},`;
  });
}

function failure(turn: number, echo: string, authorization: string): [status: number, type: string, text: string] {
  const message = `refused: ${echo} client_secret=${shaped.dose}&x=1 token ${shaped.jwt} ${shaped.dapi}`;
  const bytes = Buffer.from(authorization.replace(/^\w+ /, ''));
  const details = [{ ...marked, reason: shaped.bearer, metadata: { authorization, hex: bytes.toString('hex') } }];
  const kinds: [number, string, string][] = [
    [400, 'application/json', JSON.stringify({ error_code: 'INVALID_PARAMETER_VALUE', message, details })],
    [403, 'application/json', JSON.stringify({ error: 'access_denied', error_description: message, ...marked })],
    [404, 'application/scim+json', JSON.stringify({ schemas: ['x'], status: '404', detail: message })],
    [409, 'application/json', JSON.stringify({ error_code: shaped.dose, message: bytes.toString('base64') })],
    [400, 'text/html', `<html><pre>${message}</pre>${JSON.stringify(marked)}</html>`],
    [200, 'text/html', `<html>login ${message}</html>`],
    [200, 'application/json', `{"broken": "${shaped.dose}", "secret": "${marked.secret}`],
  ];
  return kinds[turn % kinds.length] as [number, string, string];
}

const only = (headers: IncomingMessage['headers'], ...names: string[]): Record<string, string> =>
  Object.fromEntries(names.flatMap((name) => (headers[name] === undefined ? [] : [[name, String(headers[name])]])));

async function read(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const part of request.setEncoding('utf8')) text += part;
  return text;
}
