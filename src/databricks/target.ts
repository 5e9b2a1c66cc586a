// Which account, on which host of which cloud: weighs what a person set against what the host itself says. Adds what is wrong
// to the findings; whether a host may have credentials is decided in hosts.ts.

import type { ConfigIo } from './config-io.js';
import type { Problem } from './config-problem.js';
import { accountHostOf, type Cloud, type CloudName, cloudOf, parseCloud, parseHostName, resolveHost } from './hosts.js';
import { type Flags, type Settings, whereToSet } from './settings.js';

/** What loading the configuration has found so far; each reader adds to it. */
export interface Findings {
  readonly settings: Settings;
  readonly io: ConfigIo;
  readonly problems: Problem[];
  readonly warnings: Problem[];
  readonly sources: Record<string, string>;
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Flags and environment add up here: both are the operator's word. A profile cannot allow hosts. */
export function readAllowedHosts({ io, problems }: Findings, flags: Flags): ReadonlySet<string> {
  const texts = [...(flags.allowHosts ?? []), io.env.DATABRICKS_MCP_ALLOWED_HOSTS ?? '']
    .flatMap((text) => text.split(','))
    .map((text) => text.trim())
    .filter((text) => text !== '');
  const names = texts.map(parseHostName);
  if (names.includes(undefined)) {
    problems.push({
      setting: 'allowed_hosts',
      message: 'An allowed host is not a plain host name.',
      fix: 'Give names only (no https://, port, path or *) in DATABRICKS_MCP_ALLOWED_HOSTS or --allow-host.',
    });
  }
  return new Set(names.filter((name) => name !== undefined));
}

interface Target {
  readonly host: string | undefined;
  readonly cloud: Cloud | undefined;
  readonly accountId?: string | undefined;
}

export function readTarget(findings: Findings, allowed: ReadonlySet<string>): Target {
  const { problems, sources, settings } = findings;
  const wanted = readCloud(findings);
  const host = settings.found.get('host');
  const cloud = wanted && cloudOf(wanted);
  if (!host) {
    if (wanted) return { host: accountHostOf(wanted), cloud };
    const fix = `Set ${whereToSet('host')}, such as https://accounts.cloud.databricks.com; or only the cloud (aws, azure, gcp, govcloud) in ${whereToSet('cloud')}.`;
    if (!settings.found.has('cloud')) problems.push({ setting: 'host', message: 'No account host is set.', fix });
    return { host: undefined, cloud };
  }

  const resolved = resolveHost(host.value, allowed);
  if ('refused' in resolved) {
    const fix = `${resolved.hint} It is set by ${host.source}.`;
    problems.push({ setting: 'host', message: resolved.refused, fix });
    return { host: undefined, cloud };
  }
  const { origin, cloud: known, accountId } = resolved;
  if (!known) {
    if (!wanted) sources.cloud = 'default';
    return { host: origin, cloud: cloud ?? 'aws', accountId };
  }
  // The cloud "aws" does not contradict GovCloud, which is part of it; "govcloud" contradicts every other host.
  if (wanted && wanted !== known && wanted !== cloudOf(known)) {
    const message = `The host ${new URL(origin).hostname} belongs to ${known}, but the cloud is set to ${wanted}.`;
    const fix = `Remove the cloud (${settings.found.get('cloud')?.source}) or correct the host (${host.source}).`;
    problems.push({ setting: 'cloud', message, fix });
  }
  if (!wanted) sources.cloud = host.source;
  return { host: origin, cloud: cloudOf(known), accountId };
}

function readCloud({ settings: { found }, problems, sources }: Findings): CloudName | undefined {
  const cloud = found.get('cloud');
  const name = cloud && parseCloud(cloud.value);
  if (cloud && !name) {
    const fix = `Set aws, azure, gcp or govcloud in ${whereToSet('cloud')}.`;
    problems.push({ setting: 'cloud', message: `The cloud set by ${cloud.source} is not known.`, fix });
  }
  if (name && !found.has('host')) sources.host = 'default';
  return name;
}

export function readAccountId(
  { settings: { found }, problems, warnings, sources }: Findings,
  ofUrl: string | undefined,
) {
  const setting = 'account_id';
  const said = found.get(setting);
  const accountId = (said?.value ?? ofUrl)?.toLowerCase();
  const where = 'The account console shows the id when you click your name at the top right.';
  if (accountId === undefined) {
    problems.push({ setting, message: 'No account id is set.', fix: `Set ${whereToSet(setting)}. ${where}` });
    return undefined;
  }
  if (!said && found.has('host')) sources[setting] = found.get('host')?.source ?? 'default';
  if (!uuid.test(accountId)) {
    const message = `The account id set by ${sources[setting]} is not a UUID (hexadecimal digits, 8-4-4-4-12).`;
    problems.push({ setting, message, fix: `Correct it in ${whereToSet(setting)}. ${where}` });
    return undefined;
  }
  if (said && ofUrl && ofUrl.toLowerCase() !== accountId) {
    const message = `The address in the host names another account than ${said.source}, which is used.`;
    warnings.push({ setting, message, fix: 'Use the account host alone as host.' });
  }
  return accountId;
}
