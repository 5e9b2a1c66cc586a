/** The guide for an administrator, reduced to what a selection needs. Drawn by server and browser. */
import type { Child } from 'hono/jsx';
import { everything } from '../../core/scopes.js';
import { accountHostOf } from '../../databricks/hosts.js';
import type { Needs } from '../guide/needs.js';
import { Copy, Notice } from '../parts.js';
import { cloudNames, count, Id, Named } from './named.js';

/** `alone`: the page is a file, so there is no hub behind it. */
export const Steps = ({ needs, alone }: { needs: Needs; alone: boolean }) => (
  <ol class="steps">
    <Step title="Find the account ID">
      <p>Sign in to the account console as an account admin:</p>
      <ul>
        {needs.clouds.map(({ cloud }) => (
          <li>
            {cloudNames[cloud]}:{' '}
            <a href={accountHostOf(cloud)} rel="noreferrer">
              {accountHostOf(cloud).replace('https://', '')}
            </a>
          </li>
        ))}
      </ul>
      <p>
        Open the menu behind your avatar, at the top right. The account ID is the UUID under the heading of the account.
      </p>
      <Clouds needs={needs} />
    </Step>
    <Step title="Create a service principal">
      <p>
        In the account console go to <b>User management</b>, <b>Service principals</b>, <b>Add service principal</b>.
        Give it a name that tells what it is for, such as <i>assistant for account administration</i>.
      </p>
      <Role needs={needs} />
      {needs.setUps.length > 0 && <SetUps needs={needs} />}
    </Step>
    <Step title="Generate the OAuth secret">
      <p>
        Open the service principal, then <b>Credentials &amp; secrets</b>, <b>Generate secret</b>.
      </p>
      <ul>
        <li>
          <b>Lifetime:</b> 90 days is a good choice; Databricks allows up to 730. Note the day on which it ends.
        </li>
        <li>
          <b>Scopes:</b> bind the secret to those of the next step. One that is not bound to the secret cannot be asked
          for later.
        </li>
        <li>
          <b>Client ID and secret</b> are shown this once. Keep the dialog open until step 5, or put them into a
          password manager. They do not belong into a chat or a mail.
        </li>
      </ul>
    </Step>
    <Step title="Set the scopes">
      <Scopes needs={needs} />
    </Step>
    <Step title="Connect">
      <p>
        {alone ? (
          <>
            Run <Id>databricks-actions-mcp hub</Id> on the machine the assistant's server runs on, open <b>Accounts</b>{' '}
            and fill in:
          </>
        ) : (
          <>
            Open <a href={accountsFor(needs)}>Accounts</a> in this hub and fill in:
          </>
        )}
      </p>
      <ul>
        <li>Cloud, or the host of the account console</li>
        <li>Account ID, of step 1</li>
        <li>Client ID and Client Secret, of step 3</li>
        <li>Scopes, of step 4; may stay empty</li>
      </ul>
      <p>
        <b>Connect</b> signs in for real. It shows what was granted and which actions that opens, or names what is
        wrong: the host, the secret, a scope the secret is not bound to, the missing role. When all is well the account
        is kept as a profile only you can read; the secret is not shown again.
      </p>
    </Step>
    <Step title="Use it">
      <p>
        {alone ? 'The hub has' : <>Signed in, the hub has</>} the configuration ready to copy for Claude Desktop, Claude
        Code, Cursor, VS Code, Windsurf, Codex, Gemini CLI and any other client, over stdio and HTTP. Or let{' '}
        <Id>databricks-actions-mcp init</Id> write it; it shows the change first and keeps what else is in the file.
      </p>
    </Step>
  </ol>
);

/** The form there takes the scopes along. */
const accountsFor = ({ scopes }: Needs) =>
  `/hub/accounts?scopes=${encodeURIComponent(scopes.map(({ scope }) => scope).join(' '))}`;

const Step = ({ title, children }: { title: string; children: Child }) => (
  <li>
    <h3>{title}</h3>
    <div class="stack is-tight prose">{children}</div>
  </li>
);

const Clouds = ({ needs: { clouds, choices, isOpen } }: { needs: Needs }) => {
  const lacking = clouds.filter(({ lacks }) => lacks.length > 0);
  if (choices.length === 0 || lacking.length + (3 - clouds.length) === 0) return null;
  const [only] = clouds;
  return (
    <Notice>
      {clouds.length === 1 && only !== undefined && <p>What you chose exists on {cloudNames[only.cloud]} alone.</p>}
      {clouds.length === 2 && (
        <p>
          What you chose exists on {clouds.map(({ cloud }) => cloudNames[cloud]).join(' and ')}, not on the third cloud.
        </p>
      )}
      {lacking.map(({ cloud, lacks }) => (
        <>
          <p>
            Not on {cloudNames[cloud]}
            {isOpen ? '' : ', of what you chose'}:
          </p>
          <Named choices={lacks} fold={`lacks ${cloud}`} />
        </>
      ))}
    </Notice>
  );
};

const Role = ({ needs: { admins, choices, isOpen } }: { needs: Needs }) => {
  const others = choices.length - admins.length;
  if (admins.length === 0) {
    return (
      <p>
        None of these actions is known to need a role. Databricks may still refuse some without <b>Account admin</b>. In
        that case turn it on in the <b>Roles</b> tab of the service principal. A scope does not replace a role.
      </p>
    );
  }
  return (
    <>
      <p>
        On its <b>Roles</b> tab turn on <b>Account admin</b>. A scope does not replace it.{' '}
        {isOpen ? 'Of all actions it is needed for' : 'Of what you chose it is needed for'}
        {others === 0 ? ' every one:' : ':'}
      </p>
      <Named choices={admins} fold="admins" />
      {others > 0 && (
        <p class="small muted">
          {count(others)} {others === 1 ? 'is' : 'are'} not known to need it; Databricks may ask for it all the same.
        </p>
      )}
    </>
  );
};

const SetUps = ({ needs: { setUps } }: { needs: Needs }) => (
  <>
    <p>Look at what some of these actions need besides:</p>
    <ul>
      {setUps.map(({ text, choices }) => (
        <li>
          {text}
          <div class="muted">
            <Named choices={choices} fold={`set-up ${text}`} />
          </div>
        </li>
      ))}
    </ul>
  </>
);

const Scopes = ({ needs: { text, scopes, isOpen } }: { needs: Needs }) => {
  const list = scopes.map(({ scope }) => scope).join(' ');
  return (
    <>
      <div class="row">
        <Id>{list}</Id>
        <Copy what="scopes, separated by spaces" text={list} />
      </div>
      <p>
        The secret is bound to these scopes and the server asks for the same, separated by spaces.{' '}
        {text === everything ? (
          <>
            Leave the field empty: that means <Id>all-apis</Id>
            {isOpen ? ', unless you choose actions above' : ''}.
          </>
        ) : (
          <>
            An empty field would ask for <Id>all-apis</Id>, which this secret does not have.
          </>
        )}
      </p>
    </>
  );
};
