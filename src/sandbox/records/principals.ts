// Records of people, groups, service principals, their secrets and what they may do in a workspace. Types only.

export type Role = string;

export interface User {
  readonly kind: 'User';
  readonly id: string;
  readonly userName: string;
  displayName: string | undefined;
  name: { givenName?: string | undefined; familyName?: string | undefined } | undefined;
  active: boolean;
  externalId: string | undefined;
  roles: Role[];
}

export interface ServicePrincipal {
  readonly kind: 'ServicePrincipal';
  readonly id: string;
  readonly applicationId: string;
  displayName: string | undefined;
  active: boolean;
  externalId: string | undefined;
  roles: Role[];
}

export interface Group {
  readonly kind: 'Group';
  readonly id: string;
  /** WorkspaceGroup marks a workspace-local group. */
  readonly resourceType: 'Group' | 'WorkspaceGroup';
  displayName: string;
  externalId: string | undefined;
  roles: Role[];
  /** Ids of users, groups and service principals. */
  members: string[];
}

export type Principal = User | ServicePrincipal | Group;

export interface Secret {
  readonly id: string;
  readonly principalId: string;
  readonly value: string;
  /** Empty: unrestricted. */
  readonly scopes: readonly string[];
  readonly createdAt: number;
  readonly expiresAt: number;
}

export type Permission = 'ADMIN' | 'USER';
