/** The fields clients have in common, and the one sentence for those without a remote form. Pure. */
import type { HttpEntry, StdioEntry } from './server-entry.js';

/** How a client writes a variable of its environment. */
export type Reference = (variable: string) => string;

/** Without a reference the client has no way to hand a variable on. */
export function stdioFields({ command, args, env, handOn = [] }: StdioEntry, reference?: Reference) {
  const references = reference === undefined ? [] : handOn.map((name) => [name, reference(name)] as const);
  const all = { ...env, ...Object.fromEntries(references) };
  return { command, args: [...args], ...(Object.keys(all).length > 0 && { env: all }) };
}

export const bearer = (token: string) => `Bearer ${token}`;

export const httpFields = (field: string, { url, token }: HttpEntry, reference: Reference) => ({
  [field]: url,
  ...(token !== undefined && {
    headers: { Authorization: bearer('variable' in token ? reference(token.variable) : token.value) },
  }),
});

/** https://support.claude.com/en/articles/11503834-building-custom-integrations-via-remote-mcp-servers */
export const remoteNeedsConnector = (url: string) =>
  `Claude Desktop reads servers on other machines from no file. Add ${url} under Settings → Connectors → ` +
  'Add custom connector; it has to be reachable from the internet and sign in by OAuth.';
