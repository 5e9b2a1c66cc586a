// The request bodies of custom app integrations.

import { invalid } from '../errors.js';
import { flag, integer, list, oneOf, type Reader, shape, text } from '../readers.js';
import type { TokenAccessPolicy } from '../records.js';

const redirectUrl: Reader<string> = (value, name) => {
  const url = text()(value, name);
  if (!URL.canParse(url)) throw invalid(`Field '${name}' must be a URL.`);
  return url;
};

export const changeable = {
  redirect_urls: list(redirectUrl, { min: 1 }),
  scopes: list(oneOf('all-apis', 'sql', 'offline_access', 'openid', 'profile', 'email')),
  user_authorized_scopes: list(text()),
  token_access_policy: shape(
    {},
    {
      access_token_ttl_in_minutes: integer(5, 1_440),
      refresh_token_ttl_in_minutes: integer(5, 129_600),
      absolute_session_lifetime_in_minutes: integer(1),
      enable_single_use_refresh_tokens: flag(),
    },
  ),
};
const { redirect_urls, ...optional } = changeable;
export const newApp = shape(
  { name: text({ min: 1 }), redirect_urls },
  { ...optional, confidential: flag(), is_agent: flag() },
);

export function checkPolicy(policy: TokenAccessPolicy | undefined): void {
  if (policy?.absolute_session_lifetime_in_minutes !== undefined && !policy.enable_single_use_refresh_tokens) {
    throw invalid('absolute_session_lifetime_in_minutes needs enable_single_use_refresh_tokens to be true.');
  }
}
