/** What anybody may see who reaches the port: the files of the pages, and the guide. */
import type { Hono } from 'hono';
import { assetAt } from './assets.js';
import { exportGuide } from './export.js';
import { renderGuide } from './pages/guide.js';
import type { HubEnv } from './visit.js';

export function addPublicPages(app: Hono<HubEnv>): void {
  app.get('/', (c) => c.redirect('/hub', 303));
  app.get('/hub', (c) => c.html(renderGuide(new URL(c.req.url).searchParams, { visitor: c.get('visitor') })));
  app.get('/hub/guide.html', (c) => {
    c.header('content-disposition', 'attachment; filename="databricks-guide.html"');
    return c.html(exportGuide(new URL(c.req.url).searchParams));
  });
  app.get('/hub/assets/:name', (c) => {
    const found = assetAt(c.req.path);
    if (found === undefined) return c.notFound();
    // Its name changes with its content.
    c.header('cache-control', 'public, max-age=31536000, immutable');
    return c.body(found.text, 200, { 'content-type': found.type });
  });
}
