// Tokens: JWTs signed with a key of the sandbox's own. Issues and verifies; what a token may do is decided in access.ts.

import { createHmac, timingSafeEqual } from 'node:crypto';

export interface Claims {
  readonly iss: string;
  /** The service principal's application id. */
  readonly sub: string;
  readonly client_id: string;
  readonly aud: string;
  readonly scope: string;
  readonly iat: number;
  readonly exp: number;
  readonly jti: string;
}

export const TOKEN_LIFETIME_SECONDS = 3600;

// Not a secret: the sandbox guards nothing. The signature only makes invented tokens fail.
const KEY = 'databricks-sandbox-signing-key';
const HEADER = encode({ alg: 'HS256', typ: 'JWT' });

export const signToken = (claims: Claims): string => signClaims(claims);

/** Any JWT of somebody the sandbox plays. */
export function signClaims(claims: object): string {
  const content = `${HEADER}.${encode(claims)}`;
  return `${content}.${signature(content)}`;
}

/** The claims of a JWT of ours, expired or not; undefined for anything else. */
export function verifyClaims(token: string): Readonly<Record<string, unknown>> | undefined {
  const [header, payload, given, ...rest] = token.split('.');
  if (header !== HEADER || payload === undefined || given === undefined || rest.length > 0) return undefined;
  const expected = Buffer.from(signature(`${header}.${payload}`));
  const actual = Buffer.from(given);
  if (expected.length !== actual.length || !timingSafeEqual(expected, actual)) return undefined;
  return JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

function signature(content: string): string {
  return createHmac('sha256', KEY).update(content).digest('base64url');
}
