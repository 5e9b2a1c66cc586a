/** The sandbox account as one to serve: its configuration, without a person having to write one. */
import { splitScopes } from './core/scopes.js';
import type { Configuration, Connection, Flags } from './databricks/config.js';

/** An account in this process, reached over loopback like a real one. Loaded only when asked for. */
export async function embeddedSandbox(flags: Flags) {
  const { startSandbox } = await import('./sandbox/index.js');
  const scopes = splitScopes(flags.scopes ?? '');
  const cloud = flags.cloud === 'azure' || flags.cloud === 'gcp' ? flags.cloud : 'aws';
  const account = await startSandbox({ cloud, scopes });
  const asked = scopes.length === 0 ? ['all-apis'] : scopes;
  const { url: host, accountId, clientId, clientSecret } = account;
  const signIn = { method: 'oauth-m2m', readSecret: async () => clientSecret } as const;
  const connection: Connection = { host, cloud, accountId, clientId, scopes: asked, signIn };
  const configuration: Configuration = {
    connection,
    problems: [],
    warnings: [],
    scopes: asked,
    cloud,
    host,
    accountId,
    clientId,
    method: signIn.method,
    sources: { host: 'flag --sandbox' },
    overridden: {},
    profile: undefined,
    fileSkipped: undefined,
  };
  return { configuration, close: () => account.close() };
}
