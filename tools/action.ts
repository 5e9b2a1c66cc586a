/**
 * The vocabulary every action is declared in: `http()` for one request, `derived()` for an answer composed of others. It
 * holds data and types.
 */
import type { z } from 'zod';
import type { Impact, Look } from './impact.js';
import type { View } from './view.js';

export type { Fact, FactValue, Impact, Look, Target, Words } from './impact.js';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Method and path in one literal, e.g. `GET /api/2.0/accounts/{account_id}/workspaces`. */
export type Route = `${Method} /api/${'2.0' | '2.1'}/accounts/{account_id}/${string}`;

/** OAuth scopes the catalogue knows. Others may be granted and are passed through; they open no action. */
export type Scope =
  | 'all-apis'
  | 'access-management'
  | 'authentication'
  | 'billing'
  | 'networking'
  | 'provisioning'
  | 'scim'
  | 'unity-catalog';

export type Cloud = 'aws' | 'azure' | 'gcp';

/**
 * What a call can do to the account; decides which gate stands before it.
 * `read` < `write` (reversible) < `privilege` (who may do what) ; `destructive` removes ; `secret` mints a secret.
 */
export type Risk = 'read' | 'write' | 'privilege' | 'destructive' | 'secret';

/**
 * What running the request twice would do. `create` makes a second object; the others lead to the same state. Decides
 * what may be repeated after a failure, and MCP's idempotent and destructive hints.
 */
export type Effect = 'read' | 'create' | 'add' | 'set' | 'remove';

/** A role of the account, as SCIM names it. */
export type Role = 'account_admin';

export type Arguments = Readonly<Record<string, unknown>>;
/** How the answer's body becomes the result's data. `key` is the wrapper the reference names. */
export type Returns =
  | { readonly as: 'object'; readonly key?: string }
  | { readonly as: 'list'; readonly key?: string; readonly total?: string }
  | { readonly as: 'csv' };

/** The arguments that differ in the call for the next page, or undefined on the last one. Pure. */
export type NextPage = (input: Arguments, body: Arguments, items: readonly unknown[]) => Arguments | undefined;

/** How to find out by reading whether a write whose answer was lost was carried out. Made in `tools/settlements.ts`. */
export type Settlement = {
  readonly read: HttpAction;
  /** Arguments of the read, from those of the write. */
  readonly args: (input: Arguments) => Arguments;
} & (
  | {
      readonly as: 'created';
      /** True for a list item that may be what the write created. */
      readonly matches: (item: unknown, input: Arguments) => boolean;
      /** Field of the item that holds its id. */
      readonly id: string;
    }
  | {
      readonly as: 'state';
      /** Whether the account is as the write wants it; `data` is null where nothing was found. */
      readonly holds: (data: unknown, input: Arguments) => boolean | undefined;
    }
);

interface Declaration<I extends z.ZodObject> {
  /** Tool name, `databricks_…`. */
  readonly id: `databricks_${string}`;
  readonly label: string;
  /** Any one of these opens the action; the first is the one to ask for. `all-apis` always opens it. */
  readonly scopes: readonly [Scope, ...Scope[]];
  /** Written for a model: what it does, the traps, what to call first. */
  readonly description: string;
  readonly input: I;
  /** Clouds whose account API has it; all three unless said. */
  readonly clouds?: readonly Cloud[];
  /** The role of the account Databricks is known to ask for besides a scope. Unless said: what asks for `scim` needs it. */
  readonly role?: Role;
  /** What else has to be so on the side of Databricks: a sentence for whoever prepares the account. */
  readonly setUp?: string;
  /** What an answer shows unless more is asked for; everything where it has none. */
  readonly view?: View;
}

interface HttpDeclaration<I extends z.ZodObject> extends Declaration<I> {
  /** Unless said: GET reads, DELETE destroys, everything else writes. */
  readonly risk?: Risk;
  /** Unless said: GET reads, POST creates, PUT and PATCH set, DELETE removes. */
  readonly effect?: Effect;
  /** Builds the request body from the arguments the route does not use (second: all of them). Default: as they are. */
  readonly body?: (rest: Arguments, input: Arguments) => unknown;
  readonly returns?: Returns;
  /** Present where the API answers in pages. */
  readonly nextPage?: NextPage;
  /** What a 404 means where it is a normal answer and no failure. */
  readonly absence?: string;
  /** The answer holds a secret that is shown only this once. */
  readonly secret?: Minting;
  /** Writes: how a lost answer is settled. */
  readonly settle?: Settlement;
  /** Writes whose risk depends on the arguments: the risk of this very call. `risk` is what the name alone promises. */
  readonly riskOf?: (input: Arguments) => Risk;
  /** Writes: what a call would touch. */
  readonly impact?: (look: Look, input: Arguments) => Promise<Impact>;
}

/** A one-time secret in an answer. */
export interface Minting {
  /** The field that holds the value, and the one that names it. */
  readonly field: string;
  readonly id: string;
  /** Whether these arguments mint one at all; always unless said. */
  readonly when?: (input: Arguments) => boolean;
  /** The call that takes a secret back that could not be delivered. */
  readonly revoke: { readonly action: HttpAction; readonly args: (input: Arguments, id: string) => Arguments };
}

interface Common<I extends z.ZodObject> extends Declaration<I> {
  readonly risk: Risk;
  readonly effect: Effect;
  readonly clouds: readonly Cloud[];
}

export interface HttpAction<I extends z.ZodObject = z.ZodObject> extends Common<I> {
  readonly kind: 'http';
  readonly method: Method;
  /** Path template with `{account_id}` and the parameters named in `params`. */
  readonly path: string;
  readonly params: readonly string[];
  readonly returns: Returns;
  readonly body?: (rest: Arguments, input: Arguments) => unknown;
  readonly nextPage?: NextPage;
  readonly absence?: string;
  readonly secret?: Minting;
  readonly settle?: Settlement;
  readonly riskOf?: (input: Arguments) => Risk;
  readonly impact?: (look: Look, input: Arguments) => Promise<Impact>;
}

/** One request and its answer, as the unified model's `raw` shows it. */
export interface Exchange {
  readonly method: Method;
  readonly url: string;
  readonly body: unknown;
  readonly response: unknown;
}

/** What an action yields. `note` tells the reader what the data alone would not. */
export interface Outcome {
  readonly data: unknown;
  /** Size of the whole collection, where Databricks tells it. */
  readonly total?: number;
  /** Arguments of the call for the next page. */
  readonly nextPage?: Arguments;
  readonly note?: string;
}

/** What a derived action may use. It reaches Databricks through `call` only. */
export interface Composition {
  readonly accountId: string;
  /** The OAuth client id of the service principal that signs in. */
  readonly clientId: string;
  /** Scopes of the token in use. */
  grantedScopes(): Promise<readonly string[]>;
  call<I extends z.ZodObject>(action: HttpAction<I>, input: z.input<I>): Promise<Outcome>;
  /** Requests made so far through `call`. */
  readonly exchanges: readonly Exchange[];
  /** Ends the action as "not found", with what to do next. */
  notFound(message: string): never;
}

export interface DerivedAction<I extends z.ZodObject = z.ZodObject> extends Common<I> {
  readonly kind: 'derived';
  readonly run: (with_: Composition, input: z.output<I>) => Promise<Outcome>;
}

export type Action = HttpAction | DerivedAction;

/** What decides who sees an action and which gate stands before it; known without loading the action itself. */
export type ActionFacts = Pick<Action, 'id' | 'scopes' | 'risk' | 'effect' | 'clouds'>;

type Parameters<R extends string> = R extends `${string}{${infer P}}${infer Rest}` ? P | Parameters<Rest> : never;
type Unfilled<R extends string, I extends z.ZodObject> = Exclude<Parameters<R>, 'account_id' | keyof I['shape']>;

/**
 * Declares an action that is one request. Arguments named in the route fill it; the others become the query (GET,
 * DELETE) or the JSON body. The compiler refuses a route parameter that no argument fills.
 */
export function http<const R extends Route, I extends z.ZodObject>(
  declaration: HttpDeclaration<I> & { readonly route: R } & ([Unfilled<R, I>] extends [never]
      ? unknown
      : { readonly 'route has a parameter that no input fills': Unfilled<R, I> }),
): HttpAction<I> {
  const { route, ...rest } = declaration as HttpDeclaration<I> & { route: string };
  const [method, path] = route.split(' ') as [Method, string];
  const params = [...path.matchAll(/\{(\w+)\}/g)]
    .map((match) => match[1] ?? '')
    .filter((name) => name !== 'account_id');
  return {
    kind: 'http',
    clouds: ['aws', 'azure', 'gcp'],
    risk: method === 'GET' ? 'read' : method === 'DELETE' ? 'destructive' : 'write',
    effect: defaultEffect[method],
    returns: { as: 'object' },
    ...roleBy(rest.scopes),
    ...rest,
    method,
    path,
    params,
  };
}

const roleBy = (scopes: readonly Scope[]): { role?: Role } =>
  scopes.includes('scim') ? { role: 'account_admin' } : {};

const defaultEffect: Record<Method, Effect> = {
  GET: 'read',
  POST: 'create',
  PUT: 'set',
  PATCH: 'set',
  DELETE: 'remove',
};

/** Declares a read that is composed of http actions and shaped for the reader. */
export function derived<I extends z.ZodObject>(
  declaration: Declaration<I> & { readonly run: DerivedAction<I>['run'] },
): DerivedAction<I> {
  return {
    kind: 'derived',
    risk: 'read',
    effect: 'read',
    clouds: ['aws', 'azure', 'gcp'],
    ...roleBy(declaration.scopes),
    ...declaration,
  };
}

/** The body goes inside an object of one key: `{"budget": {…}}`. */
export const wrapped = (key: string) => (rest: Arguments) => ({ [key]: rest });

/** The answer is an object inside a wrapper of one key. */
export const item = (key: string): Returns => ({ as: 'object', key });

/** The answer is a list: under `key`, or the whole body when there is none. */
export const list = (key?: string): Returns => (key === undefined ? { as: 'list' } : { as: 'list', key });

export const csv: Returns = { as: 'csv' };

/** Pages by `page_token`; the end is an absent or empty `next_page_token`. */
export const tokenPages: NextPage = (_input, body) => {
  const token = body.next_page_token;
  return typeof token === 'string' && token !== '' ? { page_token: token } : undefined;
};
