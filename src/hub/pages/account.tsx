/** One linked account: what is known of it, what its last try showed, and the way to use, try or unlink it. */
import type { LinkedAccount, Saved } from '../../link/accounts.js';
import type { Trial } from '../../link/trial.js';
import { Layout, type Visitor } from '../layout.js';
import { secretPlaces } from '../linking.js';
import { Notice } from '../parts.js';
import { TrialFacts } from './trial.js';

interface PageProps {
  account: LinkedAccount;
  visitor: Visitor | undefined;
  csrf: string;
  trial?: Trial;
  saved?: Saved;
  problem?: string | undefined;
}

export const AccountPage = ({ account, visitor, csrf, trial, saved, problem }: PageProps) => {
  const path = `/hub/accounts/${encodeURIComponent(account.name)}`;
  return (
    <Layout title={account.name} path={path} visitor={visitor}>
      <div class="stack is-loose">
        <header class="stack">
          <h1>{account.name}</h1>
          <p>
            <a href="/hub/accounts">All accounts</a>
          </p>
        </header>
        {problem !== undefined && (
          <Notice tone="warning" role="alert">
            <p>{problem}</p>
          </Notice>
        )}
        {saved !== undefined && <Stored saved={saved} />}
        {trial !== undefined && <TrialFacts trial={trial} />}
        <Facts account={account} />
        <div class="row">
          <a class="button is-primary" href={`/hub/use/${encodeURIComponent(account.name)}`}>
            Use it in a client
          </a>
          <form method="post" action={`${path}/test`}>
            <input type="hidden" name="csrf" value={csrf} />
            <button type="submit" class="button">
              Test it again
            </button>
          </form>
          <a class="button is-danger" href={`${path}/unlink`}>
            Unlink
          </a>
        </div>
      </div>
    </Layout>
  );
};

const Stored = ({ saved: { file, backup, secretAt, leftBehind } }: { saved: Saved }) => (
  <Notice tone="success" role="status">
    <p>
      Linked. The profile is in {file}
      {secretAt !== '' && `, its secret ${secretAt}`}.
      {backup !== undefined && ` What the file was before is in ${backup}.`}
    </p>
    {leftBehind !== undefined && <p>Left behind: {leftBehind}</p>}
  </Notice>
);

const Facts = ({ account }: { account: LinkedAccount }) => {
  const { host, accountId, clientId, scopes, method, secretPlace, problems } = account;
  const rests = secretPlaces.find(({ id }) => id === secretPlace)?.title;
  const facts: [string, string][] = [
    ['Host', host ?? '-'],
    ['Account id', accountId ?? '-'],
    ['Client id', clientId ?? '-'],
    ['Scopes', scopes.join(' ')],
    ['Signs in by', method],
    ...(rests === undefined ? [] : [['Secret', rests] as [string, string]]),
  ];
  return (
    <div class="stack">
      <dl class="facts">
        {facts.map(([name, fact]) => (
          <div>
            <dt>{name}</dt>
            <dd>{fact}</dd>
          </div>
        ))}
      </dl>
      {problems.map(({ message, fix }) => (
        <Notice tone="warning">
          <p>
            {message} {fix}
          </p>
        </Notice>
      ))}
    </div>
  );
};

interface UnlinkProps {
  account: LinkedAccount;
  configFile: string;
  visitor: Visitor | undefined;
  csrf: string;
}

export const UnlinkPage = ({ account: { name }, configFile, visitor, csrf }: UnlinkProps) => {
  const path = `/hub/accounts/${encodeURIComponent(name)}`;
  return (
    <Layout title={`Unlink ${name}`} path={`${path}/unlink`} visitor={visitor}>
      <h1>Unlink {name}?</h1>
      <div class="stack prose">
        <p>
          Its profile goes from {configFile}, and with it the secret that this program has stored for it. Clients that
          use the profile do not start any more. Nothing changes in Databricks: the secret works there until it is
          deleted or expires.
        </p>
        <form method="post" action={`${path}/unlink`} class="row">
          <input type="hidden" name="csrf" value={csrf} />
          <button type="submit" class="button is-danger" data-deliberate="">
            Unlink
          </button>
          <a class="button" href={path}>
            Keep it
          </a>
        </form>
      </div>
    </Layout>
  );
};
