/** What this server says of itself, and its list, for whoever asks: the same with and without the SDK. */
import type { App } from '../app.js';
import type { ToolDefinition } from '../listing.js';
import { product } from '../version.js';
import { instructions } from './instructions.js';
import { searchListFor } from './search-tools.js';
import { createToolLists } from './tools.js';
import type { Visit } from './visit.js';

export const serverInfo = { name: product.name, title: 'Databricks account actions', version: product.version };

export const capabilities = { tools: { listChanged: true } };

export const identityOf = (front: Pick<App, 'configuration' | 'sandbox'>, { search }: Visit) => ({
  capabilities,
  serverInfo,
  instructions: instructions(front, search),
});

/** The list of a visit, as it is now. */
export function createLists({ access }: Pick<App, 'access'>): (visit: Visit) => readonly ToolDefinition[] {
  const toolList = createToolLists();
  return ({ policy, search }) => (search ? searchListFor : toolList)(access.under(policy).permitted);
}
