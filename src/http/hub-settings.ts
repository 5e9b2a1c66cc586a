/** Whether the hub is served beside MCP, who may sign in to it besides the owner of this machine, and what goes there. */
import type { SettingsReader } from './settings-reader.js';

export interface HubFlags {
  readonly hub?: boolean;
  readonly hubOidcIssuer?: string;
  readonly hubClientId?: string;
  readonly hubClientSecretFile?: string;
  readonly hubOperator?: readonly string[];
  readonly secretsTo?: string;
}

export interface HubSettings {
  readonly provider?: ProviderSettings;
  /** New secrets wait on a page of the hub instead of going to files. */
  readonly takesSecrets: boolean;
}

export interface ProviderSettings {
  readonly issuer: URL;
  readonly clientId: string;
  readonly clientSecretFile?: string;
  /** E-mail addresses, or `sub:` and an id. */
  readonly operators: readonly string[];
}

/** `oauthIssuer`: of MCP's tokens, which serves where no other is named. `isMoving`: nobody knows the address before. */
export function readHubSettings(
  read: SettingsReader,
  oauthIssuer: string | undefined,
  isMoving: boolean,
): { readonly settings?: HubSettings; readonly problems: readonly string[] } {
  const problems: string[] = [];
  const isOn = read.yes('hub');
  const named = { clientId: read.text('hubClientId'), issuer: read.text('hubOidcIssuer') };
  const issuer = named.issuer !== undefined || oauthIssuer === undefined ? read.url('hubOidcIssuer') : undefined;
  const clientSecretFile = read.text('hubClientSecretFile');
  const operators = read.list(
    'hubOperator',
    /^(sub:\S+|[^\s@]+@[^\s@]+)$/,
    'such as ann@example.com or sub:248289761001: an e-mail address, or sub: and the id the identity provider has',
  );
  const to = read.text('secretsTo');
  const isNamed = named.clientId !== undefined || named.issuer !== undefined || clientSecretFile !== undefined;

  if (!isOn && (isNamed || operators.length > 0)) problems.push('--hub-… is of no use without --hub.');
  if (to !== undefined && !['file', 'page'].includes(to)) problems.push('--secrets-to is file or page.');
  if (to === 'page' && !isOn) problems.push('--secrets-to page needs --hub: the page is one of the hub.');
  if (isNamed || operators.length > 0) {
    if (named.clientId === undefined) problems.push('Signing in with an identity provider needs --hub-client-id.');
    if (operators.length === 0) problems.push('Nobody could sign in: name who may with --hub-operator.');
    if (named.issuer === undefined && oauthIssuer === undefined) {
      problems.push('Name the identity provider with --hub-oidc-issuer, or --oauth-issuer where it is the same.');
    }
    if (isMoving)
      problems.push('The identity provider sends people back to a known address. Set --port or --public-url.');
  }
  if (!isOn || problems.length > 0) return { problems };
  const from = issuer ?? (oauthIssuer !== undefined && URL.canParse(oauthIssuer) ? new URL(oauthIssuer) : undefined);
  const { clientId } = named;
  return {
    problems,
    settings: {
      takesSecrets: to === 'page',
      ...(clientId !== undefined &&
        from !== undefined && {
          provider: { issuer: from, clientId, operators, ...(clientSecretFile !== undefined && { clientSecretFile }) },
        }),
    },
  };
}
