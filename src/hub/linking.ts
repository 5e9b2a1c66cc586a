/** The form that links an account: what it asks, and what may be wrong with the answers. */
import { usualProfile } from '../clients/server-entry.js';
import type { CloudName } from '../databricks/hosts.js';
import type { SecretPlace } from '../link/accounts.js';
import type { Trial } from '../link/trial.js';

/** Without the secret, so that it cannot get into a page. */
export interface Answers {
  readonly name: string;
  readonly cloud: CloudName;
  /** Where it is not the cloud's own. */
  readonly host: string;
  readonly accountId: string;
  readonly clientId: string;
  readonly scopes: string;
  readonly place: SecretPlace;
  readonly replace: boolean;
  /** Link it although it was refused after the sign-in. */
  readonly despite: boolean;
}

export const emptyAnswers: Answers = {
  name: usualProfile,
  cloud: 'aws',
  host: '',
  accountId: '',
  clientId: '',
  scopes: '',
  place: 'file',
  replace: false,
  despite: false,
};

export interface Problem {
  readonly message: string;
  readonly next: string;
  /** Of a trial: its kind. */
  readonly kind?: string;
  readonly field?: 'name' | 'host' | 'client_secret';
  readonly trial?: Trial;
  readonly canReplace?: boolean;
  readonly canDespite?: boolean;
}

export const clouds: readonly { readonly id: CloudName; readonly title: string }[] = [
  { id: 'aws', title: 'AWS' },
  { id: 'azure', title: 'Azure' },
  { id: 'gcp', title: 'Google Cloud' },
  { id: 'govcloud', title: 'AWS GovCloud' },
];

export const secretPlaces: readonly { readonly id: SecretPlace; readonly title: string; readonly hint: string }[] = [
  { id: 'file', title: 'A file only you can read', hint: 'in the state folder of this program' },
  { id: 'profile', title: 'The profile itself', hint: 'where the official tools look for it as well' },
  { id: 'keychain', title: 'The keychain', hint: 'of the operating system; needs an optional package' },
];
