// Refusals: the one exception a handler throws to answer with an error, and its three wire shapes
// (standard JSON, SCIM, plain text). Must not decide when to refuse.

import { type Encodable, encodeJson } from './json.js';
import type { Reply } from './reply.js';

export type ErrorShape = 'standard' | 'scim' | 'text';
/** RFC 7644 section 3.12 keywords, as far as the account API needs them. */
export type ScimType =
  | 'invalidFilter'
  | 'invalidPath'
  | 'invalidSyntax'
  | 'invalidValue'
  | 'mutability'
  | 'noTarget'
  | 'uniqueness';

export class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly scimType: ScimType | undefined;
  /** Set when this refusal must not take the shape of its route. */
  readonly shape: ErrorShape | undefined;

  constructor(status: number, code: string, message: string, extra: { scimType?: ScimType; shape?: ErrorShape } = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.scimType = extra.scimType;
    this.shape = extra.shape;
  }
}

export const invalid = (message: string): Refusal => new Refusal(400, 'INVALID_PARAMETER_VALUE', message);
export const malformed = (message: string): Refusal => new Refusal(400, 'MALFORMED_REQUEST', message);
export const invalidState = (message: string): Refusal => new Refusal(400, 'INVALID_STATE', message);
export const quotaExceeded = (message: string): Refusal => new Refusal(400, 'QUOTA_EXCEEDED', message);
export const missing = (message: string): Refusal => new Refusal(404, 'RESOURCE_DOES_NOT_EXIST', message);
export const duplicate = (message: string): Refusal => new Refusal(409, 'RESOURCE_ALREADY_EXISTS', message);
export const scimRefusal = (scimType: ScimType, message: string): Refusal =>
  new Refusal(scimType === 'uniqueness' ? 409 : 400, 'INVALID_PARAMETER_VALUE', message, { scimType });

export function errorReply(refusal: Refusal, routeShape: ErrorShape, requestId: string): Reply {
  const shape = refusal.shape ?? routeShape;
  const type = { standard: 'application/json', scim: 'application/scim+json', text: 'text/plain; charset=utf-8' }[
    shape
  ];
  const body =
    shape === 'text' ? `${refusal.code}: ${refusal.message}` : encodeJson(errorBody(refusal, shape, requestId));
  return { status: refusal.status, headers: { 'content-type': type }, body };
}

function errorBody(refusal: Refusal, shape: 'standard' | 'scim', requestId: string): Encodable {
  if (shape === 'scim') {
    return {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
      detail: refusal.message,
      status: String(refusal.status),
      scimType: refusal.scimType,
    };
  }
  return {
    error_code: refusal.code,
    message: refusal.message,
    details: [{ '@type': 'type.googleapis.com/google.rpc.RequestInfo', request_id: requestId, serving_data: '' }],
  };
}
