// The answers faults make up, and what they make of real ones. Plain replies; how a damaged one travels is in senders.ts.

import type { FaultRule } from '../contract.js';
import type { Reply } from '../reply.js';

const PLANNED = JSON.stringify({ error_code: 'INTERNAL_ERROR', message: 'Planned fault of the sandbox.' });
const JSON_TYPE = { 'content-type': 'application/json' };
const HTML_TYPE = { 'content-type': 'text/html; charset=utf-8' };

export const failure = (rule: FaultRule): Reply => overridden(rule, { status: 500, headers: JSON_TYPE, body: PLANNED });

export const page = (rule: FaultRule): Reply =>
  overridden(
    rule,
    rule.page === 'gateway'
      ? { status: 502, headers: HTML_TYPE, body: GATEWAY_PAGE }
      : { status: 200, headers: HTML_TYPE, body: LOGIN_PAGE },
  );

export const redirect = (rule: FaultRule): Reply =>
  overridden(rule, { status: 302, headers: { location: rule.location ?? '', 'content-length': '0' }, body: '' });

export const badJson = (rule: FaultRule, real: Reply | undefined): Reply => {
  const { status, headers } = damaged(rule, real);
  return { status, headers: { ...headers, ...JSON_TYPE }, body: rule.body ?? '{"id":"1","items":[{"name":"cut of' };
};

/** What an action that damages answers works on: the real one or, where no handler ran, a made-up one. Never without a body. */
export function damaged(rule: FaultRule, real: Reply | undefined): Reply {
  const { status, headers, body } = overridden(rule, real ?? { status: 200, headers: JSON_TYPE, body: PLANNED });
  if (body !== '' && status !== 204) return { status, headers, body };
  return { status: status === 204 ? 200 : status, headers: { ...JSON_TYPE, ...headers }, body: body || PLANNED };
}

function overridden({ status, headers = {}, body }: FaultRule, reply: Reply): Reply {
  const added = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  return { status: status ?? reply.status, headers: { ...reply.headers, ...added }, body: body ?? reply.body };
}

const LOGIN_PAGE = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Sign in - Databricks</title>
<script>window.__DATABRICKS_CONFIG__ = {"isAccountConsole":true};</script></head>
<body><h1>Sign in to Databricks</h1><form method="post" action="/login"><input name="email"><input name="password"
type="password"><button>Continue</button></form></body></html>
`;

const GATEWAY_PAGE = `<html>
<head><title>502 Bad Gateway</title></head>
<body><center><h1>502 Bad Gateway</h1></center><hr>
<pre>upstream connect error or disconnect/reset before headers. reset reason: connection termination</pre>
</body></html>
`;
