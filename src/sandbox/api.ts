// From one request to one reply: discovery, token endpoint, then the API pipeline
// (find the route, admit the caller, read query and body, handle, word the refusal). Opens no socket.

import { admit } from './access.js';
import type { Account } from './account.js';
import { answerDiscovery } from './discovery.js';
import type { EffectLog } from './effects/log.js';
import { watch } from './effects/watch.js';
import { answerEntra } from './entra.js';
import { errorReply, malformed, Refusal } from './errors.js';
import { type Json, parseJson } from './json.js';
import { type Match, matchRoute } from './matching.js';
import { answerToken } from './oauth.js';
import { comesFromThisMachine } from './origin.js';
import { readQuery } from './query-readers.js';
import type { Inbound, Reply } from './reply.js';
import type { Route } from './router.js';

export interface Api {
  readonly account: Account;
  readonly routes: readonly Route[];
  readonly baseUrl: string;
  readonly effects: EffectLog;
}

const TOKEN_PATH = /^\/oidc(?:\/accounts\/([^/]+))?\/v1\/token$/;

export function answer(api: Api, inbound: Inbound): Reply {
  const { account, baseUrl } = api;
  if (!comesFromThisMachine(inbound)) {
    const refusal = new Refusal(403, 'PERMISSION_DENIED', 'The sandbox answers programs of this machine only.');
    return errorReply(refusal, 'standard', account.ids.uuid());
  }
  const token = TOKEN_PATH.exec(inbound.path);
  // The host-wide issuer names no account: there is only one here.
  if (token && inbound.method === 'POST') return answerToken(account, baseUrl, token[1] ?? account.id, inbound);
  const entra = answerEntra(account, inbound);
  if (entra) return entra;
  const document = inbound.method === 'GET' ? answerDiscovery(account, baseUrl, inbound.path) : undefined;
  return document ?? answerApi(api, inbound);
}

function answerApi({ account, routes, effects }: Api, inbound: Inbound): Reply {
  const match = matchRoute(routes, inbound.method, inbound.path);
  let shape: Route['errors'] = 'standard';
  try {
    if (!match) throw new Refusal(404, 'ENDPOINT_NOT_FOUND', `No API found for '${inbound.method} ${inbound.path}'`);
    const caller = admit(account, match.route, inbound, match.params.get('account_id') ?? '');
    // Access is refused in the standard shape everywhere; only the route's own refusals take its shape.
    shape = match.route.errors;
    const { route, params } = match;
    const query = readQuery(inbound.query, route.query);
    const body = readBody(match, inbound);
    const param = (name: string) => params.get(name) ?? '';
    return watch(effects, { account, caller, match, path: inbound.path, body }, () =>
      route.handle({ account, caller, inbound, param, query, body }),
    );
  } catch (error) {
    if (error instanceof Refusal) return errorReply(error, shape, account.ids.uuid());
    throw error;
  }
}

function readBody({ route }: Match, { headers, body }: Inbound): unknown {
  if (!route.body) return undefined;
  // A request without any field may come without a body.
  if (body === '') return route.body({}, '');
  if (!/^application\/(scim\+)?json\b/i.test(headers['content-type'] ?? '')) {
    throw malformed('Content-Type must be application/json or, for SCIM, application/scim+json.');
  }
  let parsed: Json;
  try {
    parsed = parseJson(body);
  } catch (error) {
    throw malformed(`Could not parse the request body as JSON: ${error instanceof Error ? error.message : error}.`);
  }
  return route.body(parsed, '');
}
