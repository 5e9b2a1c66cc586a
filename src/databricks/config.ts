// From flags, environment and .databrickscfg to one connection, or to everything that keeps us from one. Collects problems
// instead of throwing, and never holds or shows the client secret.

import { everything, splitScopes } from '../core/scopes.js';
import { abbreviateHome, type ConfigIo, errorCode, expandHome } from './config-io.js';
import type { Problem } from './config-problem.js';
import type { Cloud } from './hosts.js';
import type { ProfileInUse } from './profile-file.js';
import { type Flags, gatherSettings, type Setting, type Settings, whereToSet } from './settings.js';
import { chooseMethod, counts, type SignIn, type SignInMethod } from './sign-in/method.js';
import { readSignIn } from './sign-in/read.js';
import { type Findings, readAccountId, readAllowedHosts, readTarget } from './target.js';

export { type ConfigIo, nodeIo } from './config-io.js';
export { ConfigProblem, type Problem } from './config-problem.js';
export type { Cloud } from './hosts.js';
export type { Flags } from './settings.js';
export { type SignIn, type SignInMethod, signInMethods } from './sign-in/method.js';

export interface Connection {
  /** An origin: https://accounts.cloud.databricks.com */
  readonly host: string;
  readonly cloud: Cloud;
  readonly accountId: string;
  /** The service principal this server is: its application id. */
  readonly clientId: string;
  readonly signIn: SignIn;
  readonly scopes: readonly string[];
  readonly caFile?: string;
}

export interface Configuration {
  /** Undefined when there is any problem. */
  readonly connection: Connection | undefined;
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
  /** What follows is known as far as it goes, with or without a connection. */
  readonly scopes: readonly string[];
  readonly cloud: Cloud | undefined;
  readonly host: string | undefined;
  readonly accountId: string | undefined;
  readonly clientId: string | undefined;
  readonly method: SignInMethod | undefined;
  readonly caFile?: string;
  /** Setting -> 'flag --host', 'environment DATABRICKS_HOST', 'profile dev in ~/.databrickscfg' or 'default'. */
  readonly sources: Readonly<Record<string, string>>;
  /** Setting -> what was said elsewhere, too, and does not count. */
  readonly overridden: Readonly<Record<string, readonly Overridden[]>>;
  readonly profile: ProfileInUse | undefined;
  /** Why the profile file was left alone although it exists. */
  readonly fileSkipped: Problem | undefined;
}

export interface Overridden {
  readonly source: string;
  /** It says what counts anyway. */
  readonly same: boolean;
}

export function loadConfiguration(flags: Flags, io: ConfigIo): Configuration {
  const settings = gatherSettings(flags, io);
  const findings: Findings = {
    settings,
    io,
    problems: [...settings.problems],
    warnings: [...settings.warnings],
    sources: {},
  };
  const { sources, problems, warnings } = findings;
  const chosen = chooseMethod(settings, io);
  const method = typeof chosen === 'string' ? chosen : undefined;
  if (typeof chosen !== 'string') problems.push(chosen);
  const isUsed = (setting: Setting) => counts(setting, method ?? 'oauth-m2m');
  for (const [name, { source }] of settings.found) if (isUsed(name)) sources[name] = source;

  const { host, cloud, accountId: accountIdOfUrl } = readTarget(findings, readAllowedHosts(findings, flags));
  const accountId = readAccountId(findings, accountIdOfUrl);
  const { clientId, signIn } = readSignIn(findings, method ?? 'oauth-m2m', { host, cloud });
  const scopes = readScopes(findings, method);
  const ca = readCaFile(findings);

  if (settings.fileSkipped && [host, accountId, clientId, signIn].includes(undefined)) {
    warnings.push(settings.fileSkipped);
  }
  const complete = problems.length === 0 && host && cloud && accountId && clientId && signIn;
  const connection = complete ? { host, cloud, accountId, clientId, signIn, scopes, ...ca } : undefined;
  const { profile, fileSkipped } = settings;
  const overridden = whatLost(settings, sources, isUsed);
  const known = { scopes, cloud, host, accountId, clientId, method, ...ca, sources, overridden, profile, fileSkipped };
  return { connection, problems, warnings, ...known };
}

function whatLost(
  { found, lost }: Settings,
  sources: Findings['sources'],
  isUsed: (setting: Setting) => boolean,
): Configuration['overridden'] {
  const losers = [...lost]
    .filter(([setting]) => isUsed(setting) && !isSecret(setting))
    .map(([setting, said]) => {
      const kept = found.get(setting)?.value;
      return [setting, said.map(({ source, value }) => ({ source, same: value === kept }))];
    });
  // A secret may be said in several ways; one of all these places wins. Whether two are the same is nobody's business.
  const secrets = [...found, ...[...lost].flatMap(([setting, said]) => said.map((each) => [setting, each] as const))]
    .filter(([setting, { source }]) => isUsed(setting) && isSecret(setting) && source !== sources.client_secret)
    .map(([, { source }]) => ({ source, same: false }));
  return Object.fromEntries([...losers, ...(secrets.length > 0 ? [['client_secret', secrets]] : [])]);
}

const isSecret = (setting: Setting) => /^(azure_)?client_secret/.test(setting);

/** What is asked for where nothing else is said, and what an Entra token opens. */
const defaultScopes: readonly string[] = ['all-apis'];

function readScopes({ settings: { found }, sources, problems }: Findings, method: SignInMethod | undefined) {
  const scopes = splitScopes(found.get('scopes')?.value ?? '');
  if (method === 'azure-client-secret' && scopes.some((scope) => scope !== everything)) {
    const message = 'Scopes are set, but tokens of Microsoft Entra have no Databricks scopes: they open everything.';
    const fix = `Remove the scopes (${sources.scopes}); --areas, --read-only and --deny narrow what is on.`;
    problems.push({ setting: 'scopes', message, fix });
  }
  if (scopes.length > 0) return scopes;
  sources.scopes = 'default';
  return defaultScopes;
}

function readCaFile({ settings: { found }, io, problems }: Findings): { caFile?: string } {
  const said = found.get('ca_file');
  if (!said) return {};
  const caFile = expandHome(said.value, io);
  try {
    io.readFile(caFile);
  } catch (error) {
    const message = `The CA file ${abbreviateHome(caFile, io)} cannot be read (${errorCode(error)}).`;
    problems.push({ setting: 'ca_file', message, fix: `Name a readable PEM file in ${whereToSet('ca_file')}.` });
  }
  return { caFile };
}
