/** Serves the public page and what it loads, under the strict policy the hub serves it with. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after } from 'node:test';
import { assetAt } from '../../src/hub/assets.js';
import { type GuideContext, renderGuide } from '../../src/hub/pages/guide.js';

const policy =
  "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/** The origin it is served at. */
export async function serveGuide(context: GuideContext = {}): Promise<string> {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const asset = assetAt(url.pathname);
    if (asset === undefined && url.pathname !== '/hub') response.writeHead(404).end();
    else {
      const type = asset?.type ?? 'text/html; charset=utf-8';
      response.writeHead(200, { 'content-type': type, 'content-security-policy': policy });
      response.end(asset?.text ?? renderGuide(url.searchParams, context));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  after(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
