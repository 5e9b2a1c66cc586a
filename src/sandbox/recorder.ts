// Remembers the requests a sandbox has seen, without their credentials and only the latest ones.

import type { RecordedRequest } from './contract.js';
import type { Inbound } from './reply.js';

const MOST_KEPT = 10_000;
const SECRET_FIELDS = /\b(client_secret|client_assertion|subject_token|refresh_token)=[^&]*/g;

export class Recorder {
  readonly requests: RecordedRequest[] = [];

  /** The entry is there as soon as the request arrived; its status follows with the answer. */
  begin(inbound: Inbound): RecordedRequest {
    const { method, path, query } = inbound;
    const isForm = /^application\/x-www-form-urlencoded/i.test(inbound.headers['content-type'] ?? '');
    const body = isForm ? inbound.body.replace(SECRET_FIELDS, '$1=***') : inbound.body;
    const entry = { method, path, query, headers: withoutCredentials(inbound.headers), body, status: 0 };
    this.requests.push(entry);
    if (this.requests.length > MOST_KEPT) this.requests.shift();
    return entry;
  }

  clear(): void {
    this.requests.length = 0;
  }
}

function withoutCredentials(headers: Readonly<Record<string, string>>): Record<string, string> {
  const { authorization, ...rest } = headers;
  return authorization === undefined ? rest : { ...rest, authorization: authorization.split(' ')[0] ?? '' };
}
