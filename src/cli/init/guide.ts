/** What an administrator creates in the account console, for just these scopes. Pure. */
import { accountHostOf, type CloudName } from '../../databricks/hosts.js';

export interface Wanted {
  readonly console: string;
  readonly scopes: readonly string[];
}

export const consoleOf = (cloud: CloudName): string => accountHostOf(cloud);

export const guide = ({ console, scopes }: Wanted): string =>
  [
    'In the account console an account admin now does this:',
    `  1. ${console} → User management → Service principals → Add service principal.`,
    '  2. On its Roles tab, turn on Account admin. Most account actions need it, and scopes do not replace it.',
    `  3. On its Credentials & secrets tab, Generate secret: for 90 days, with the scopes ${scopes.join(' ')}.`,
    '  4. Both client id and secret are shown there, the secret this once.',
  ].join('\n');

/** Where the account id is. */
export const whereAccountId = (console: string): string =>
  `The account id is a UUID, at ${console} under your name, top right. You may paste the address of the console, too.`;
