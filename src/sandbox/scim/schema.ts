// What each SCIM resource type is made of: its attributes, how they compare and whether a client may change them.
// Data and look-ups only; holds no records.

import { scimRefusal } from '../errors.js';

export interface Attribute {
  readonly name: string;
  /** values: multi-valued objects with a `value`; complex: one object of the named sub-attributes. */
  readonly kind: 'text' | 'flag' | 'values' | 'complex';
  readonly subs?: readonly string[];
  /** ignored: writes are accepted and do nothing; fixed: a changed value is refused. Default: writable. */
  readonly writes?: 'ignored' | 'fixed';
  /** Default: text compares without regard to case. */
  readonly exactCase?: boolean;
}

export interface Schema {
  readonly label: 'User' | 'Group' | 'ServicePrincipal';
  readonly endpoint: 'Users' | 'Groups' | 'ServicePrincipals';
  readonly attributes: readonly Attribute[];
}

const valueSubs = ['value', 'display', 'type', 'primary', '$ref'] as const;
const id: Attribute = { name: 'id', kind: 'text', writes: 'fixed', exactCase: true };
const accountId: Attribute = { name: 'account_id', kind: 'text', writes: 'fixed', exactCase: true };
const displayName: Attribute = { name: 'displayName', kind: 'text' };
const externalId: Attribute = { name: 'externalId', kind: 'text', exactCase: true };
const active: Attribute = { name: 'active', kind: 'flag' };
const roles: Attribute = { name: 'roles', kind: 'values', subs: valueSubs, exactCase: true };

export const userSchema: Schema = {
  label: 'User',
  endpoint: 'Users',
  attributes: [
    id,
    { name: 'userName', kind: 'text', writes: 'ignored' },
    displayName,
    { name: 'name', kind: 'complex', subs: ['givenName', 'familyName'] },
    { name: 'emails', kind: 'values', subs: valueSubs, writes: 'ignored' },
    active,
    roles,
    externalId,
    accountId,
  ],
};

export const groupSchema: Schema = {
  label: 'Group',
  endpoint: 'Groups',
  attributes: [
    id,
    displayName,
    { name: 'members', kind: 'values', subs: valueSubs, exactCase: true },
    roles,
    externalId,
    { name: 'meta', kind: 'complex', subs: ['resourceType'], writes: 'ignored' },
    accountId,
  ],
};

export const servicePrincipalSchema: Schema = {
  label: 'ServicePrincipal',
  endpoint: 'ServicePrincipals',
  attributes: [
    id,
    { name: 'applicationId', kind: 'text', writes: 'fixed', exactCase: true },
    displayName,
    active,
    roles,
    externalId,
    accountId,
  ],
};

export interface AttributePath {
  readonly attribute: Attribute;
  readonly sub: string | undefined;
}

/** Attribute names are case-insensitive (RFC 7643 section 2.1). */
export function findAttribute(schema: Schema, path: string): AttributePath | undefined {
  const [head = '', sub, ...rest] = path.split('.');
  const attribute = schema.attributes.find((candidate) => sameName(candidate.name, head));
  if (!attribute || rest.length > 0) return undefined;
  if (sub === undefined) return { attribute, sub: undefined };
  const found = attribute.subs?.find((candidate) => sameName(candidate, sub));
  return found === undefined ? undefined : { attribute, sub: found };
}

export function refuseEntitlements(name: string): void {
  if (sameName(name, 'entitlements')) {
    throw scimRefusal('invalidValue', 'entitlements can only be managed at the workspace level');
  }
}

export const sameName = (left: string, right: string): boolean => left.toLowerCase() === right.toLowerCase();
