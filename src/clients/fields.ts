/** The fields clients have in common, and the one sentence for those without a remote form. Pure. */
import type { HttpEntry, StdioEntry } from './server-entry.js';

export const stdioFields = ({ command, args, env }: StdioEntry) => ({
  command,
  args: [...args],
  ...(env !== undefined && { env: { ...env } }),
});

export const bearer = (token: string) => `Bearer ${token}`;

/** `reference`: how the client writes a variable of its environment. */
export const httpFields = (field: string, { url, token }: HttpEntry, reference: (variable: string) => string) => ({
  [field]: url,
  ...(token !== undefined && {
    headers: { Authorization: bearer('variable' in token ? reference(token.variable) : token.value) },
  }),
});

/** https://support.claude.com/en/articles/11503834-building-custom-integrations-via-remote-mcp-servers */
export const remoteNeedsConnector = (url: string) =>
  `Claude Desktop reads servers on other machines from no file. Add ${url} under Settings → Connectors → ` +
  'Add custom connector; it has to be reachable from the internet and sign in by OAuth.';
