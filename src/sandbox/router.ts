// Routes as data. A route says what it needs (scopes, cloud, query, body);
// the pipeline in api.ts enforces it. Knows no resource.

import type { Account } from './account.js';
import type { Cloud } from './contract.js';
import type { ErrorShape } from './errors.js';
import { type Reader, type Readers, shape, type Values } from './readers.js';
import type { Principal } from './records.js';
import type { Inbound, Reply } from './reply.js';

export interface Call<Query, Body> {
  readonly account: Account;
  readonly caller: Principal;
  readonly inbound: Inbound;
  /** A path parameter, decoded. */
  param(name: string): string;
  readonly query: Query;
  readonly body: Body;
}

interface RouteSpec<Q extends Readers, B> {
  /** Any one of them opens the route. */
  readonly scopes: readonly string[];
  /** Default: every cloud. */
  readonly clouds?: readonly Cloud[];
  readonly query?: Q;
  readonly body?: Reader<B>;
  /** Shape of the errors, default standard. */
  readonly errors?: ErrorShape;
}

export interface Route {
  readonly method: string;
  readonly template: readonly string[];
  readonly scopes: readonly string[];
  readonly clouds: readonly Cloud[] | undefined;
  readonly query: Readers;
  readonly body: Reader<unknown> | undefined;
  readonly errors: ErrorShape;
  readonly handle: (call: Call<Values<Readers>, unknown>) => Reply;
}

/** `literal` is 'METHOD /path/{parameter}', the same writing the reference uses. */
export function route<Q extends Readers = Record<never, never>, B = undefined>(
  literal: string,
  spec: RouteSpec<Q, B>,
  handle: (call: Call<Values<Q>, B>) => Reply,
): Route {
  const [method = '', path = ''] = literal.split(' ');
  return {
    method,
    template: path.split('/'),
    scopes: spec.scopes,
    clouds: spec.clouds,
    query: spec.query ?? {},
    body: spec.body,
    errors: spec.errors ?? 'standard',
    // The pipeline builds query and body with this very spec, which the erased type cannot say.
    handle: handle as Route['handle'],
  };
}

/** A body of exactly one wrapper field, such as {"budget": {...}}. */
export const wrapped = <const Name extends string, T>(name: Name, inner: Reader<T>): Reader<T> => {
  const outer = shape({ [name]: inner } as Record<Name, Reader<T>>);
  return (value, at) => outer(value, at)[name] as T;
};
