/** What a try of an account showed: what was granted, what that opens, and the problem, where there is one. */
import type { Trial, TrialProblem } from '../../link/trial.js';
import { Notice } from '../parts.js';

const titles: Readonly<Record<string, string>> = {
  wrong_host: 'Wrong host',
  wrong_account: 'Wrong account id',
  wrong_secret: 'Wrong secret, client id or account id',
  scope_not_assigned: 'The secret does not have these scopes',
  opens_nothing: 'These scopes open nothing',
  no_admin_role: 'No account admin',
  unreachable: 'No answer',
  configuration: 'Not complete',
  other: 'Refused',
};

export const titleOf = (kind: string | undefined): string => titles[kind ?? ''] ?? 'Not linked';

/** Where the usual advice names flags, what to do on the page instead. */
const onPage: Readonly<Record<string, string>> = {
  wrong_host:
    'Choose the cloud and leave the account host empty. A host of your own is allowed by name where this server is ' +
    'started, in DATABRICKS_MCP_ALLOWED_HOSTS.',
  wrong_account: 'The account id is the UUID in the menu at the top right of the account console.',
  scope_not_assigned: 'Name only scopes the secret is bound to, or generate a secret that is bound to these.',
};

export const nextOf = ({ kind, next }: Pick<TrialProblem, 'next'> & { readonly kind?: string | undefined }): string =>
  onPage[kind ?? ''] ?? next;

export const TrialFacts = ({ trial }: { trial: Trial }) => (
  <div class="stack" data-trial={trial.problem?.kind ?? 'ok'}>
    {trial.problem === undefined ? (
      <Notice tone="success" role="status">
        <p>
          <strong>It signs in and reads.</strong>
        </p>
      </Notice>
    ) : (
      <Notice tone={trial.signedIn ? 'warning' : 'danger'} role="status">
        <p>
          <strong>{titleOf(trial.problem.kind)}.</strong> {trial.problem.message}
        </p>
        <p>{nextOf(trial.problem)}</p>
      </Notice>
    )}
    {trial.signedIn && <Grant trial={trial} />}
  </div>
);

export const Grant = ({ trial: { granted, missing, opens } }: { trial: Trial }) => (
  <>
    <dl class="facts">
      <div>
        <dt>Granted</dt>
        <dd>
          <Scopes names={granted} />
        </dd>
      </div>
      {missing.length > 0 && (
        <div>
          <dt>Asked for, not granted</dt>
          <dd>
            <Scopes names={missing} />
          </dd>
        </div>
      )}
    </dl>
    <details class="fold">
      <summary>
        <span class="fold-title">What that opens</span>
        <span class="fold-note">{opens.reduce((sum, { open }) => sum + open.length, 0)} actions</span>
      </summary>
      <dl class="facts">
        {opens.map(({ title, open, all, off }) => (
          <div>
            <dt>{title}</dt>
            <dd>
              {off === undefined ? `${open.length} of ${all.length}` : off === 'cloud' ? 'not on this cloud' : 'off'}
            </dd>
          </div>
        ))}
      </dl>
    </details>
  </>
);

const Scopes = ({ names }: { names: readonly string[] }) => (
  <>
    {names.map((name, at) => (
      <>
        {at > 0 && ' '}
        <code class="id">{name}</code>
      </>
    ))}
  </>
);
