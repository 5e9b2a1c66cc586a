/** The User-Agent header in the convention of the Databricks SDKs, so that an admin finds our requests in audit logs. */

export interface AgentFacts {
  readonly product: { readonly name: string; readonly version: string };
  readonly node: string;
  readonly platform: string;
  /** How it signs in, in the words of the SDKs. */
  readonly auth: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Variables by which agents make themselves known, as the official SDKs read them. */
const agents: readonly (readonly [variable: string, name: string])[] = [
  ['CLAUDECODE', 'claude-code'],
  ['CURSOR_AGENT', 'cursor'],
  ['CODEX_CI', 'codex'],
  ['GEMINI_CLI', 'gemini-cli'],
  ['VSCODE_AGENT', 'vscode-agent'],
];

const ciSystems: readonly (readonly [variable: string, name: string])[] = [
  ['GITHUB_ACTIONS', 'github'],
  ['GITLAB_CI', 'gitlab'],
  ['JENKINS_URL', 'jenkins'],
  ['TF_BUILD', 'azure-devops'],
  ['CIRCLECI', 'circle'],
  ['TRAVIS', 'travis'],
  ['BITBUCKET_BUILD_NUMBER', 'bitbucket'],
];

export function userAgent({ product, node, platform, auth, env }: AgentFacts): string {
  const upstream = token(env.DATABRICKS_SDK_UPSTREAM);
  const upstreamVersion = token(env.DATABRICKS_SDK_UPSTREAM_VERSION);
  const parts = [
    `${product.name}/${product.version}`,
    `node/${node.replace(/^v/, '')}`,
    `os/${platform}`,
    ...(upstream !== undefined && upstreamVersion !== undefined
      ? [`upstream/${upstream}`, `upstream-version/${upstreamVersion}`]
      : []),
    ...named('cicd', ciSystems, env).slice(0, 1),
    `auth/${auth}`,
    ...agent(env),
  ];
  return parts.join(' ');
}

function named(key: string, table: typeof agents, env: AgentFacts['env']): string[] {
  return table
    .filter(([variable]) => env[variable] !== undefined && env[variable] !== '')
    .map(([, name]) => `${key}/${name}`);
}

function agent(env: AgentFacts['env']): string[] {
  const found = named('agent', agents, env);
  if (found.length > 1) return ['agent/multiple'];
  if (found.length === 1) return found;
  const other = token(env.AGENT || env.AI_AGENT);
  return other === undefined ? [] : [`agent/${other}`];
}

/** A value from the environment, fit to stand in a header. */
function token(value: string | undefined): string | undefined {
  const clean = value?.replace(/[^\w.+-]/g, '-').slice(0, 64);
  return clean === '' ? undefined : clean;
}
