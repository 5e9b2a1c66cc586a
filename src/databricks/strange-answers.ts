/**
 * Recognises answers that do not come from the API at all: redirects, login pages, private link notices. An account
 * API never redirects and never answers HTML with 200. Pure.
 */
import { type ActionError, failed } from '../core/errors.js';
import type { HttpAnswer } from './http.js';

/** The failure, or undefined when the answer looks like one of the API. */
export function strangeAnswer(answer: Pick<HttpAnswer, 'status' | 'headers' | 'text'>): ActionError | undefined {
  const { status, headers, text } = answer;
  // Whoever redirects may have handled the request first; only a refusal (4xx) says that nobody did.
  const facts = { status, sent: status < 400 ? 'maybe' : 'no' } as const;
  const location = headers.location ?? '';
  if (status >= 300 && status < 400) {
    if (location.includes('private-link')) {
      return failed('unreadable', 'The account can be reached through private link only.', {
        ...facts,
        code: 'PRIVATE_LINK',
        next: 'Run this server inside the network the private link belongs to.',
      });
    }
    if (/login|signin|oidc|oauth/i.test(location)) return wrongHost(facts);
    return failed('unreadable', 'The host answered with a redirect, which is not followed.', {
      ...facts,
      code: 'REDIRECT',
    });
  }
  const isPage = /^\s*<(!doctype|html|head|body)/i.test(text) || /text\/html/i.test(headers['content-type'] ?? '');
  if (status < 300 && isPage) return wrongHost(facts);
  return undefined;
}

const wrongHost = (facts: { status: number; sent: 'no' | 'maybe' }) =>
  failed('unreadable', 'The host answered with a login page instead of the API.', {
    ...facts,
    code: 'WRONG_HOST_OR_LOGIN',
    next: 'Check DATABRICKS_HOST (an account host such as https://accounts.cloud.databricks.com) and DATABRICKS_ACCOUNT_ID.',
  });
