// Which hosts may receive credentials, and what a person may have meant by a host. Pure, and the only such decision: whatever
// sends a secret takes its host from here.

export type Cloud = 'aws' | 'azure' | 'gcp';
/** What a person may say. GovCloud is a set of hosts of AWS, not a fourth cloud. */
export type CloudName = Cloud | 'govcloud';

const accountHosts: ReadonlyMap<string, CloudName> = new Map([
  ['accounts.cloud.databricks.com', 'aws'],
  ['accounts.cloud.databricks.us', 'govcloud'],
  ['accounts-dod.cloud.databricks.us', 'govcloud'],
  ['accounts.azuredatabricks.net', 'azure'],
  // For US Gov and China the Terraform documentation and the SDKs disagree; both zones are Databricks' own.
  ['accounts.azuredatabricks.us', 'azure'],
  ['accounts.databricks.azure.us', 'azure'],
  ['accounts.azuredatabricks.cn', 'azure'],
  ['accounts.databricks.azure.cn', 'azure'],
  ['accounts.gcp.databricks.com', 'gcp'],
]);

/** Where Entra applications sign in, by the names the official SDKs give to Azure's clouds. */
const loginHosts = {
  public: 'https://login.microsoftonline.com',
  usgovernment: 'https://login.microsoftonline.us',
  china: 'https://login.chinacloudapi.cn',
} as const;
export const azureEnvironments = Object.keys(loginHosts) as (keyof typeof loginHosts)[];

/** Undefined for a name that is none of them. Without a name the account's host tells. */
export function loginHostOf(environment: string | undefined, accountHost: string): string | undefined {
  const zone = new URL(accountHost).hostname.match(/\.(us|cn)$/)?.[1];
  const name = environment?.toLowerCase() ?? ({ us: 'usgovernment', cn: 'china' } as const)[zone ?? ''] ?? 'public';
  return azureEnvironments.includes(name as keyof typeof loginHosts)
    ? loginHosts[name as keyof typeof loginHosts]
    : undefined;
}

/** The origin, if it is one of this machine itself; for tests that have no Entra. */
export function loopbackLogin(text: string): string | undefined {
  const url = parseUrl(text);
  return url !== undefined && isLoopback(url.hostname) ? url.origin : undefined;
}

/** The account host of a cloud for somebody who names only the cloud: the first of it above. */
export const accountHostOf = (cloud: CloudName): string =>
  `https://${[...accountHosts].find(([, of]) => of === cloud)?.[0]}`;

export const cloudOf = (name: CloudName): Cloud => (name === 'govcloud' ? 'aws' : name);

export function parseCloud(text: string): CloudName | undefined {
  const name = text.toLowerCase();
  return name === 'aws' || name === 'azure' || name === 'gcp' || name === 'govcloud' ? name : undefined;
}

export interface Host {
  readonly origin: string;
  /** Undefined where the name does not tell: loopback, and hosts allowed by name. */
  readonly cloud: CloudName | undefined;
  /** Lifted from a pasted console address. */
  readonly accountId: string | undefined;
}

export interface Refusal {
  readonly refused: string;
  readonly hint: string;
}

const example = 'Use the account host alone, such as https://accounts.cloud.databricks.com.';

/** `allowed`: host names the operator vouches for, as `parseHostName` gives them. */
export function resolveHost(text: string, allowed: ReadonlySet<string>): Host | Refusal {
  const url = parseUrl(text);
  // The text itself is never quoted: it may carry a password.
  const name = url?.hostname.replace(/\.$/, '');
  if (!url || !name) return { refused: 'The host is not an address.', hint: example };
  if (url.username !== '' || url.password !== '') {
    return { refused: 'The host carries a user name or password.', hint: example };
  }
  const local = isLoopback(name);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && local)) {
    const refused = `The host would be reached by ${url.protocol.slice(0, -1)}, which does not protect credentials.`;
    return { refused, hint: 'Use https://. Only this machine itself (localhost) may be reached by http.' };
  }
  const cloud = accountHosts.get(name);
  if (!cloud && !local && !allowed.has(name)) return refuse(name);
  return {
    origin: `${url.protocol}//${name}${url.port && `:${url.port}`}`,
    cloud,
    accountId: url.searchParams.get('account_id') || url.searchParams.get('a') || undefined,
  };
}

/** A name for the list of allowed hosts; undefined for anything but a plain host name, so that no pattern slips in. */
export function parseHostName(text: string): string | undefined {
  const name = text.toLowerCase().replace(/\.$/, '');
  return /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(name) && !name.includes('..') ? name : undefined;
}

/** Zones of workspaces and what serves the accounts of each. */
const zones: readonly (readonly [zone: string, accountHost: string])[] = [...accountHosts.keys()]
  .filter((name) => name.startsWith('accounts.'))
  .map((name) => [name.slice('accounts'.length), name]);

/** True for the host of a workspace, in whatever way it is written. */
export function isWorkspaceHost(text: string): boolean {
  const name = parseUrl(text)?.hostname.replace(/\.$/, '') ?? '';
  return !accountHosts.has(name) && zones.some(([ending]) => name.endsWith(ending));
}

/** Domains of Databricks. A name outside of them belongs to somebody else, whatever it begins with. */
const databricks = /\.(databricks\.(com|us)|azuredatabricks\.(net|us|cn)|databricks\.azure\.(us|cn))$/;

function refuse(name: string): Refusal {
  const zone = zones.find(([ending]) => name.endsWith(ending));
  if (zone) {
    const refused = `${name} is a workspace host; account administration has a host of its own.`;
    return { refused, hint: `Use https://${zone[1]}.` };
  }
  if (name.includes('databricks') && !databricks.test(name)) {
    const refused = `${name} looks like a Databricks host but belongs to somebody else.`;
    return { refused, hint: `Check where you have it from. ${example}` };
  }
  // One word may be a secret in the wrong place, so it is not repeated.
  if (!name.includes('.')) {
    const hint = `${example} A host of your own is allowed by name in DATABRICKS_MCP_ALLOWED_HOSTS or --allow-host.`;
    return { refused: 'The host is one word and no known Databricks account host.', hint };
  }
  const allow = `If it is yours, allow it by name: DATABRICKS_MCP_ALLOWED_HOSTS=${name} or --allow-host ${name}.`;
  return { refused: `${name} is no known Databricks account host.`, hint: `${example} ${allow}` };
}

function parseUrl(text: string): URL | undefined {
  // `localhost:8080` would parse as the scheme "localhost:".
  const address = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`;
  return URL.canParse(address) ? new URL(address) : undefined;
}

/** Names that merely resolve to loopback do not count: a resolver's answer can change. */
export const isLoopback = (name: string): boolean =>
  name === 'localhost' || name === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(name);
