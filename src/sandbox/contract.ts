// The sandbox's public types: what a caller may ask for and what it gets back. Types only; must hold no behaviour.

import type { FaultRule } from './fault-contract.js';

export type { FaultAction, FaultRule } from './fault-contract.js';

export type Cloud = 'aws' | 'azure' | 'gcp';

export interface SandboxOptions {
  /** Decides the cloud fields of the seed and which routes exist. Default 'aws'. */
  cloud?: Cloud;
  /** What the built-in principal's secret is bound to; undefined or [] means unrestricted (all-apis). */
  scopes?: readonly string[];
  /** Bind address, default 127.0.0.1. */
  host?: string;
  /** Default 0: any free port. */
  port?: number;
  /** Rows of the generated billable-usage CSV per month, default 400. */
  usageRowsPerMonth?: number;
  /** Epoch milliseconds, default Date.now. */
  now?: () => number;
  /** Whether kill_client may be planned over HTTP, default false: on a shared machine any user can reach the port. */
  killOverHttp?: boolean;
  /** One line per request (method, path, status); never credentials. */
  log?: (line: string) => void;
}

export interface IdentityClaims {
  readonly issuer?: string;
  readonly subject?: string;
  readonly audience?: string | readonly string[];
  /** Seconds from now, default 600. */
  readonly expiresIn?: number;
}

export interface RecordedRequest {
  method: string;
  /** Raw path as on the wire, without the query. */
  path: string;
  /** Raw query, without '?'. */
  query: string;
  /** Lower-case names; authorization keeps only its scheme. */
  headers: Record<string, string>;
  /** Body text; credentials of the token form are masked. */
  body: string;
  /** Answered status; 0 while pending or when the connection was dropped. */
  status: number;
}

export type EffectType =
  | 'user'
  | 'group'
  /** A change of a group's members and of nothing else. */
  | 'group_member'
  | 'service_principal'
  | 'secret'
  | 'metastore'
  | 'metastore_assignment'
  | 'permission_assignment'
  | 'credential'
  | 'network'
  | 'ip_access_list'
  | 'custom_app'
  | 'budget'
  | 'log_delivery';

/** One write the account executed, whatever its client was told. Refused requests and what follows from a delete are none. */
export interface Effect {
  /** Counts up from 1, also across clears and resets. */
  readonly seq: number;
  /** Epoch milliseconds. */
  readonly time: number;
  readonly method: string;
  /** Raw path, without the query. */
  readonly path: string;
  /** By method: POST, PUT or PATCH, DELETE. */
  readonly kind: 'create' | 'update' | 'delete';
  readonly type: EffectType;
  /** Of the object; of the group for members, of the workspace for assignments. */
  readonly id: string;
  /** False for a no-op such as adding a member twice; times of update do not count. */
  readonly changed: boolean;
  /**
   * What the object is known by (userName, displayName, label and so on); for a secret its principal's id, for members the ids the
   * request named, joined by commas, for assignments the principal's or metastore's id. Absent where there is none.
   */
  readonly detail?: string;
  /** OAuth client id of the caller. */
  readonly clientId: string;
}

export interface Sandbox {
  readonly url: string;
  readonly accountId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** On Azure the built-in principal is also an application of this Entra tenant, with this secret. */
  readonly tenantId: string;
  readonly entraSecret: string;
  /** API and token requests seen so far, oldest first (bounded). Control requests are not recorded. */
  readonly requests: readonly RecordedRequest[];
  clearRequests(): void;
  /** A JWT of a workload's identity provider, which the built-in principal's federation policy takes unless `claims` spoil it. */
  identityToken(claims?: IdentityClaims): string;
  /** Throws when the rule makes no sense. */
  addFault(rule: FaultRule): void;
  clearFaults(): void;
  /** What the account really did, oldest first (bounded). */
  readonly effects: readonly Effect[];
  clearEffects(): void;
  /** The account's state as plain JSON, int64 as text, without secret values. */
  snapshot(): unknown;
  /**
   * Back to the seed, without faults and effects; what is still delayed, stalled or dripping is cut off and never takes effect.
   * `scopes` binds the built-in principal's secret anew.
   */
  reset(scopes?: readonly string[]): void;
  close(): Promise<void>;
}
