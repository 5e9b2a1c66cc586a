/**
 * env-oidc and file-oidc: an identity token of the workload is exchanged for one of Databricks, at the account's token
 * endpoint. No secret of Databricks is involved; a federation policy of the service principal has to take the token.
 */
import { type ActionError, failed } from '../../core/errors.js';
import { isObject, parseJson } from '../../core/json.js';
import { oneLine } from '../../core/visible.js';
import type { Connection } from '../config.js';
import type { HttpAnswer } from '../http.js';
import type { Grant } from './grant.js';
import { lacksScopes, refusalFacts, undecided, wordsOf } from './refusals.js';
import { formRequest, tokenPath } from './secret-grant.js';

type Account = Pick<Connection, 'accountId' | 'clientId' | 'scopes' | 'signIn'>;

export function federationGrant(account: Account, idToken: string): Grant {
  return {
    credential: idToken,
    secrets: [idToken],
    request: formRequest(tokenPath(account.accountId), {
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token: idToken,
      subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
      scope: account.scopes.join(' '),
      client_id: account.clientId,
    }),
    refusal: (answer, retryAfter) => refusalOf(answer, account, idToken, retryAfter),
  };
}

function refusalOf(answer: HttpAnswer, account: Account, idToken: string, retryAfter: number | undefined): ActionError {
  const open = undecided(answer, retryAfter);
  if (open !== undefined) return open;
  const facts = refusalFacts(answer, retryAfter);
  if (lacksScopes(facts)) {
    return failed('sign_in', `The service principal may not ask for the scopes ${account.scopes.join(' ')}.`, {
      ...facts,
      next: 'Set --scopes or DATABRICKS_SCOPES to scopes it may have.',
    });
  }
  const claims = claimsOf(idToken);
  const said = wordsOf(facts);
  if (isOver(claims) || /\bexpired?\b/i.test(said)) {
    const renew =
      account.signIn.method === 'file-oidc'
        ? 'Have your platform renew the file; it is read again at each sign-in.'
        : 'A variable cannot be renewed while this server runs: restart it with a fresh one, or use a file (DATABRICKS_OIDC_TOKEN_FILEPATH).';
    return failed('sign_in', 'The identity token has expired.', { ...facts, next: renew });
  }
  const told = `issuer ${claim(claims.iss)}, audience ${claim(claims.aud)}, subject ${claim(claims.sub)}`;
  if (/audience|\baud\b/i.test(said)) {
    return failed('sign_in', `The identity token is for another audience than the federation policy takes (${told}).`, {
      ...facts,
      next: 'Have it issued for an audience of the policy. Where the policy names none, that is the account id.',
    });
  }
  return failed('sign_in', `Databricks does not take the identity token for this service principal (${told}).`, {
    ...facts,
    next:
      'The service principal needs a federation policy with exactly this issuer, audience and subject. Check DATABRICKS_CLIENT_ID ' +
      '(its application id) and DATABRICKS_ACCOUNT_ID as well; an account-wide policy is not enough.',
  });
}

/** What the token says of itself. Nobody vouches for it here; it only tells a person what to compare. */
function claimsOf(idToken: string): Record<string, unknown> {
  try {
    const claims = parseJson(Buffer.from(idToken.split('.')[1] ?? '', 'base64url').toString('utf8'));
    return isObject(claims) ? claims : {};
  } catch {
    return {};
  }
}

const isOver = ({ exp }: Record<string, unknown>) =>
  (typeof exp === 'number' || typeof exp === 'bigint') && Number(exp) * 1_000 <= Date.now();

function claim(value: unknown): string {
  const text = Array.isArray(value) ? value.join(' ') : value;
  return typeof text === 'string' && text !== '' ? oneLine(text, 120) : 'none';
}
