/** What `doctor` says about the configuration: each problem, each warning, where each setting comes from and what it won over. */
import { abbreviateHome } from '../../core/paths.js';
import type { Configuration } from '../../databricks/config.js';
import { type Finding, fail, ok, warn } from './finding.js';

export function checkSettings(configuration: Configuration, home: string): Finding[] {
  const { problems, warnings } = configuration;
  const broken = new Set(problems.map(({ setting }) => setting));
  return [
    ...aboutProfile(configuration, home),
    ...known(configuration)
      .filter(([setting]) => !broken.has(setting))
      .map(([setting, value]) => ok(setting, `${value}${origin(configuration, setting)}`)),
    ...problems.map(({ setting, message, fix }) => fail(setting, message, fix)),
    ...warnings.map(({ setting, message, fix }) => warn(setting, message, fix)),
  ];
}

function aboutProfile(configuration: Configuration, home: string): Finding[] {
  const { profile, fileSkipped, warnings } = configuration;
  if (profile !== undefined) {
    const file = abbreviateHome(profile.path, { home });
    return [ok('profile', `${profile.name} in ${file}${origin(configuration, 'profile')}`)];
  }
  if (fileSkipped === undefined || warnings.includes(fileSkipped)) return [];
  return [ok('profile', `none: ${fileSkipped.message}`)];
}

/** What is set, never the secret itself. */
function known({
  host,
  cloud,
  accountId,
  clientId,
  method,
  scopes,
  sources,
}: Configuration): [setting: string, value: string][] {
  const values: [string, string | undefined][] = [
    ['host', host],
    ['cloud', cloud],
    ['account_id', accountId],
    ['auth_type', method],
    ['client_id', clientId],
    ['client_secret', sources.client_secret && 'set'],
    ['oidc_token', sources.oidc_token && 'set'],
    ['scopes', scopes.join(' ')],
  ];
  return values.filter((each): each is [string, string] => each[1] !== undefined);
}

/** ' (flag --host; wins over environment DATABRICKS_HOST)' */
function origin({ sources, overridden }: Configuration, setting: string): string {
  const source = sources[setting];
  if (source === undefined) return '';
  const lost = overridden[setting] ?? [];
  const places = (same: boolean) => lost.filter((each) => each.same === same).map((each) => each.source);
  const [others, echoes] = [places(false), places(true)];
  return ` (${[
    source,
    ...(others.length > 0 ? [`wins over ${others.join(' and ')}`] : []),
    ...(echoes.length > 0 ? [`the same in ${echoes.join(' and ')}`] : []),
  ].join('; ')})`;
}
