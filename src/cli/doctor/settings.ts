/** What `doctor` says about the configuration: each problem, each warning, and where each setting comes from. */
import type { Configuration } from '../../databricks/config.js';
import { type Finding, fail, ok, warn } from './finding.js';

export function checkSettings(configuration: Configuration): Finding[] {
  const { problems, warnings } = configuration;
  const broken = new Set(problems.map(({ setting }) => setting));
  return [
    ...known(configuration)
      .filter(([setting]) => !broken.has(setting))
      .map(([setting, value]) => ok(setting, `${value}${source(configuration, setting)}`)),
    ...problems.map(({ setting, message, fix }) => fail(setting, message, fix)),
    ...warnings.map(({ setting, message, fix }) => warn(setting, message, fix)),
  ];
}

/** What is set, never the secret itself. */
function known({
  host,
  cloud,
  accountId,
  clientId,
  scopes,
  sources,
}: Configuration): [setting: string, value: string][] {
  const values: [string, string | undefined][] = [
    ['host', host],
    ['cloud', cloud],
    ['account_id', accountId],
    ['client_id', clientId],
    ['client_secret', sources.client_secret && 'set'],
    ['scopes', scopes.join(' ')],
  ];
  return values.filter((each): each is [string, string] => each[1] !== undefined);
}

const source = ({ sources }: Configuration, setting: string) =>
  sources[setting] === undefined ? '' : ` (${sources[setting]})`;
