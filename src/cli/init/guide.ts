/** What an administrator creates in the account console, for just these scopes. Pure. */
import type { SignInMethod } from '../../databricks/config.js';
import { accountHostOf, type CloudName } from '../../databricks/hosts.js';

export interface Wanted {
  readonly console: string;
  readonly scopes: readonly string[];
  readonly method: SignInMethod;
}

export const consoleOf = (cloud: CloudName): string => accountHostOf(cloud);

/** The last steps, which depend on what signs in. */
const signingIn: Readonly<Record<SignInMethod, (scopes: readonly string[]) => readonly string[]>> = {
  'oauth-m2m': (scopes) => [
    `On its Credentials & secrets tab, Generate secret: for 90 days, with the scopes ${scopes.join(' ')}.`,
    'Both client id and secret are shown there, the secret this once.',
  ],
  'env-oidc': () => federation,
  'file-oidc': () => federation,
  'azure-client-secret': () => [
    'That service principal is the Entra application itself: choose Microsoft Entra ID managed when adding it.',
    'In Entra, the application → Certificates & secrets → New client secret. Its token has no scopes: it may do all its role may.',
  ],
};

const federation = [
  'Give it a federation policy for the issuer, the audience and the subject of the token.',
  'Its application id is on its Configurations tab.',
];

export const guide = ({ console, scopes, method }: Wanted): string =>
  [
    'In the account console an account admin now does this:',
    ...[
      `${console} → User management → Service principals → Add service principal.`,
      'On its Roles tab, turn on Account admin. Most account actions need it, and scopes do not replace it.',
      ...signingIn[method](scopes),
    ].map((step, index) => `  ${index + 1}. ${step}`),
  ].join('\n');

/** Where the account id is. */
export const whereAccountId = (console: string): string =>
  `The account id is a UUID, at ${console} under your name, top right. You may paste the address of the console, too.`;
