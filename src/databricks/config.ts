// From flags, environment and .databrickscfg to one connection, or to everything that keeps us from one. Collects problems
// instead of throwing, and never holds or shows the client secret.

import { splitScopes } from '../core/scopes.js';
import { findClientSecret } from './client-secret.js';
import { abbreviateHome, type ConfigIo, errorCode, expandHome } from './config-io.js';
import { ConfigProblem, type Problem } from './config-problem.js';
import type { Cloud } from './hosts.js';
import type { ProfileInUse } from './profile-file.js';
import {
  credentialKinds,
  type Flags,
  gatherSettings,
  isForeign,
  type Setting,
  type Settings,
  whereToSet,
} from './settings.js';
import { type Findings, readAccountId, readAllowedHosts, readTarget } from './target.js';

export { type ConfigIo, nodeIo } from './config-io.js';
export { ConfigProblem, type Problem } from './config-problem.js';
export type { Cloud } from './hosts.js';
export type { Flags } from './settings.js';

/** How to sign in, in the words of the official SDKs. */
export const signInMethods = ['oauth-m2m', 'env-oidc', 'file-oidc', 'azure-client-secret'] as const;
export type SignInMethod = (typeof signInMethods)[number];

export interface Connection {
  /** An origin: https://accounts.cloud.databricks.com */
  readonly host: string;
  readonly cloud: Cloud;
  readonly accountId: string;
  readonly clientId: string;
  /** Reads the secret now: from its file at each call, so that rotation works. Throws ConfigProblem. */
  readSecret(): string;
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

const defaultScopes: readonly string[] = ['all-apis'];

export function loadConfiguration(flags: Flags, io: ConfigIo): Configuration {
  const settings = gatherSettings(flags, io);
  const sources = Object.fromEntries(
    [...settings.found].filter(([name]) => !isForeign(name)).map(([name, found]) => [name, found.source]),
  );
  const findings: Findings = {
    settings,
    io,
    problems: [...settings.problems],
    warnings: [...settings.warnings],
    sources,
  };

  checkSignInMethod(findings);
  const { host, cloud, accountId: accountIdOfUrl } = readTarget(findings, readAllowedHosts(findings, flags));
  const accountId = readAccountId(findings, accountIdOfUrl);
  const clientId = readClientId(findings);
  const readSecret = readClientSecret(findings);
  const scopes = readScopes(findings);
  const ca = readCaFile(findings);

  const { problems, warnings } = findings;
  if (settings.fileSkipped && [host, accountId, clientId, readSecret].includes(undefined)) {
    warnings.push(settings.fileSkipped);
  }
  const complete = problems.length === 0 && host && cloud && accountId && clientId && readSecret;
  const connection = complete ? { host, cloud, accountId, clientId, readSecret, scopes, ...ca } : undefined;
  const { profile, fileSkipped } = settings;
  const overridden = whatLost(settings, sources);
  const known = { scopes, cloud, host, accountId, clientId, ...ca, sources, overridden, profile, fileSkipped };
  return { connection, problems, warnings, ...known };
}

function whatLost({ found, lost }: Settings, sources: Findings['sources']): Configuration['overridden'] {
  const losers = [...lost]
    .filter(([setting]) => !isForeign(setting) && !isSecret(setting))
    .map(([setting, said]) => {
      const kept = found.get(setting)?.value;
      return [setting, said.map(({ source, value }) => ({ source, same: value === kept }))];
    });
  // A secret may be said in several ways; one of all these places wins. Whether two are the same is nobody's business.
  const secrets = [...found, ...[...lost].flatMap(([setting, said]) => said.map((each) => [setting, each] as const))]
    .filter(([setting, { source }]) => isSecret(setting) && source !== sources.client_secret)
    .map(([, { source }]) => ({ source, same: false }));
  return Object.fromEntries([...losers, ...(secrets.length > 0 ? [['client_secret', secrets]] : [])]);
}

const isSecret = (setting: Setting) => setting.startsWith('client_secret');

function checkSignInMethod({ settings: { found }, problems }: Findings): void {
  const authType = found.get('auth_type');
  const kinds = credentialKinds(found);
  const setting = 'auth_type';
  if (authType && authType.value !== 'oauth-m2m') {
    const message = `This server signs in by oauth-m2m only, but ${authType.source} chooses another auth_type.`;
    problems.push({ setting, message, fix: `Set oauth-m2m in ${whereToSet(setting)}, or nothing.` });
  } else if (!authType && kinds.length > 1) {
    const others = [...found].filter(([name]) => isForeign(name)).map(([, { source }]) => source);
    const message = `validate: more than one authorization method configured: ${kinds.join(' and ')}`;
    const fix = `Remove what you do not use (${others.join(', ')}), or choose oauth-m2m in ${whereToSet(setting)}.`;
    problems.push({ setting, message, fix });
  } else if (kinds.length > 0 && !kinds.includes('oauth')) {
    const message = `Only credentials of the kind ${kinds.join(' and ')} are configured; this server signs in by oauth-m2m only.`;
    problems.push({ setting, message, fix: 'Give the client id and an OAuth secret of a service principal.' });
  }
}

function readClientId({ settings: { found }, problems }: Findings): string | undefined {
  const setting = 'client_id';
  const fix = `Set ${whereToSet(setting)} to the application id of a service principal.`;
  if (!found.has(setting)) problems.push({ setting, message: 'No client id is set.', fix });
  return found.get(setting)?.value;
}

function readClientSecret({ settings, io, problems, sources }: Findings): (() => string) | undefined {
  const secret = findClientSecret(settings, io);
  if (!('read' in secret)) {
    problems.push(secret);
    return undefined;
  }
  sources.client_secret = secret.source;
  try {
    secret.read();
  } catch (error) {
    if (!(error instanceof ConfigProblem)) throw error;
    problems.push(error.problem);
  }
  return () => secret.read();
}

function readScopes({ settings: { found }, sources }: Findings): readonly string[] {
  const scopes = splitScopes(found.get('scopes')?.value ?? '');
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
