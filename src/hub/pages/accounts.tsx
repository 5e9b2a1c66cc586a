/** The accounts that are linked, and the form that links another. */
import type { LinkedAccount, Removed } from '../../link/accounts.js';
import { Layout, type Visitor } from '../layout.js';
import { type Answers, clouds, type Problem, secretPlaces } from '../linking.js';
import { Notice } from '../parts.js';
import { Grant, nextOf, titleOf } from './trial.js';

interface PageProps {
  accounts: readonly LinkedAccount[];
  configFile: string;
  answers: Answers;
  problem: Problem | undefined;
  removed: Removed | undefined;
  visitor: Visitor | undefined;
  csrf: string;
}

export const AccountsPage = ({ accounts, configFile, answers, problem, removed, visitor, csrf }: PageProps) => (
  <Layout title="Accounts" path="/hub/accounts" visitor={visitor}>
    <div class="stack is-loose">
      <header class="stack">
        <h1>Accounts</h1>
        <p class="lead">
          Linked accounts are profiles in <code class="id">{configFile}</code>, which Databricks’ own tools read, too.
        </p>
      </header>
      {removed !== undefined && <Unlinked removed={removed} />}
      {accounts.length === 0 ? (
        <div class="empty">
          <p>No account is linked yet.</p>
        </div>
      ) : (
        <section class="table is-stacking" tabindex={0} aria-label="Linked accounts">
          <table>
            <thead>
              <tr>
                <th scope="col">Profile</th>
                <th scope="col">Account</th>
                <th scope="col">Host</th>
                <th scope="col">Scopes</th>
                <th scope="col">State</th>
              </tr>
            </thead>
            <tbody>
              {accounts.map((account) => (
                <Row account={account} />
              ))}
            </tbody>
          </table>
        </section>
      )}
      <Connect answers={answers} problem={problem} csrf={csrf} />
    </div>
  </Layout>
);

const Row = ({ account: { name, accountId, host, scopes, problems } }: { account: LinkedAccount }) => (
  <tr>
    <th scope="row">
      <a href={`/hub/accounts/${encodeURIComponent(name)}`}>{name}</a>
    </th>
    <td data-head="Account">{accountId ?? '-'}</td>
    <td data-head="Host">{host ?? '-'}</td>
    <td data-head="Scopes">{scopes.join(' ')}</td>
    <td data-head="State">
      {problems.length === 0 ? (
        <span class="badge is-success">complete</span>
      ) : (
        <span class="badge is-warning">not complete</span>
      )}
    </td>
  </tr>
);

const Unlinked = ({ removed: { file, backup, secrets, leftBehind } }: { removed: Removed }) => (
  <Notice tone={leftBehind === undefined ? 'success' : 'warning'} role="status">
    <p>
      Unlinked: its profile is out of {file}.{backup !== undefined && ` What the file was before is in ${backup}.`}
    </p>
    {secrets.length > 0 && <p>Taken away with it: {secrets.join(', ')}.</p>}
    {leftBehind !== undefined && <p>Left behind: {leftBehind}</p>}
    <p>The secret itself works until it is deleted in the account console or expires.</p>
  </Notice>
);

interface ConnectProps {
  answers: Answers;
  problem: Problem | undefined;
  csrf: string;
}

const Connect = ({ answers, problem, csrf }: ConnectProps) => (
  <section class="card stack prose" aria-labelledby="connect">
    <h2 id="connect">Connect an account</h2>
    <p class="muted">
      It signs in for real before anything is stored. Where to find each is in the <a href="/hub">guide</a>.
    </p>
    {problem !== undefined && (
      <div data-problem={problem.kind ?? 'form'}>
        <Notice tone="danger" role="alert">
          <p>
            <strong>{titleOf(problem.kind)}.</strong> {problem.message}
          </p>
          <p>{nextOf(problem)} Nothing was stored; the secret has to be given again.</p>
        </Notice>
        {problem.trial?.signedIn === true && <Grant trial={problem.trial} />}
      </div>
    )}
    <form method="post" action="/hub/accounts" class="stack" autocomplete="off">
      <input type="hidden" name="csrf" value={csrf} />
      <div class="field">
        <label for="cloud">Cloud</label>
        <select id="cloud" name="cloud">
          {clouds.map(({ id, title }) => (
            <option value={id} selected={id === answers.cloud}>
              {title}
            </option>
          ))}
        </select>
      </div>
      <Field
        name="host"
        label="Account host"
        value={answers.host}
        hint="Only where it is not the usual one of the cloud."
        at={problem}
      />
      <Field
        name="account_id"
        label="Account ID"
        value={answers.accountId}
        hint="A UUID, in the account console under your name."
        required
        at={problem}
      />
      <Field
        name="client_id"
        label="Client ID"
        value={answers.clientId}
        hint="The application id of the service principal."
        required
        at={problem}
      />
      <Field
        name="client_secret"
        label="Client Secret"
        value=""
        hint="Never shown again."
        kind="password"
        required
        at={problem}
      />
      <Field
        name="scopes"
        label="Scopes (optional)"
        value={answers.scopes}
        hint="As the guide tells them. Empty asks for all-apis, which opens everything."
        at={problem}
      />
      <fieldset class="stack is-tight">
        <legend>Where the secret shall rest</legend>
        {secretPlaces.map(({ id, title, hint }) => (
          <div>
            <label class="choice">
              <input type="radio" name="place" value={id} checked={id === answers.place} />
              <span>
                {title} <span class="muted">({hint})</span>
              </span>
            </label>
          </div>
        ))}
      </fieldset>
      <Field
        name="name"
        label="Name of the profile"
        value={answers.name}
        hint="DEFAULT is the one that is used when nothing else is said."
        required
        at={problem}
      />
      {(problem?.canReplace || answers.replace) && (
        <Choice name="replace" label="Replace the profile of this name" checked={answers.replace} />
      )}
      {(problem?.canDespite || answers.despite) && (
        <Choice name="despite" label="Link it all the same" checked={answers.despite} />
      )}
      <p>
        <button type="submit" class="button is-primary">
          Connect
        </button>
      </p>
    </form>
  </section>
);

const Choice = ({ name, label, checked }: { name: string; label: string; checked: boolean }) => (
  <div>
    <label class="choice">
      <input type="checkbox" name={name} checked={checked} />
      <span>{label}</span>
    </label>
  </div>
);

interface FieldProps {
  name: string;
  label: string;
  value: string;
  hint: string;
  kind?: 'text' | 'password';
  required?: boolean;
  at: Problem | undefined;
}

const Field = ({ name, label, value, hint, kind = 'text', required = false, at }: FieldProps) => (
  <div class="field">
    <label for={name}>{label}</label>
    <span class="hint" id={`${name}-hint`}>
      {hint}
    </span>
    <input
      id={name}
      name={name}
      type={kind}
      value={value}
      required={required}
      spellcheck={false}
      autocapitalize="off"
      autocomplete="off"
      aria-describedby={`${name}-hint`}
      {...(at?.field === name && { 'aria-invalid': 'true' as const })}
    />
  </div>
);
