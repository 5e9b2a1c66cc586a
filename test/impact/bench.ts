/** An account for tests of what identity writes touch: ids by name, impacts, calls that are really made, and the truth. */
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { parseInput } from '../../src/core/input.js';
import { buildRequest } from '../../src/core/wire.js';
import { isWords } from '../../src/guard/wording.js';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.js';
import type { Arguments, FactValue, HttpAction, Impact } from '../../tools/action.js';
import { actions } from '../../tools/index.js';
import { type Answer, Client } from '../sandbox/client.js';
import { impactOf, type LookSettings, lookAt } from './look.js';

interface Stored {
  readonly id: string;
  readonly userName?: string;
  readonly applicationId?: string;
  readonly displayName?: string;
  readonly active?: boolean;
  readonly roles: readonly string[];
  readonly members?: readonly string[];
}

type Collection = 'users' | 'groups' | 'servicePrincipals';

export class Bench {
  readonly sandbox: Sandbox;
  client: Client;

  constructor(sandbox: Sandbox) {
    this.sandbox = sandbox;
    this.client = new Client(sandbox);
  }

  all(collection: Collection): readonly Stored[] {
    const state = this.sandbox.snapshot() as Record<Collection, Record<string, Stored>>;
    return Object.values(state[collection]);
  }

  workspaces(): readonly { readonly workspace_id: string; readonly workspace_name: string }[] {
    const state = this.sandbox.snapshot() as {
      workspaces: Record<string, { workspace_id: string; workspace_name: string }>;
    };
    return Object.values(state.workspaces);
  }

  /** The id of what has this name. */
  id(collection: Collection, name: string): string {
    const found = this.all(collection).find((each) => each.displayName === name || each.userName === name);
    assert.ok(found !== undefined, `${name} is in the account`);
    return found.id;
  }

  get own(): Stored {
    const own = this.all('servicePrincipals').find(({ applicationId }) => applicationId === this.sandbox.clientId);
    assert.ok(own !== undefined, 'the own service principal is in the account');
    return own;
  }

  async impact(name: string, args: Arguments, settings: LookSettings = {}): Promise<Impact> {
    return impactOf(await lookAt(this.sandbox, settings), action(name), args);
  }

  /** Really makes the call. */
  call(name: string, args: Arguments): Promise<Answer> {
    const http = action(name);
    const request = buildRequest(http, parseInput(http, args).input, this.sandbox.accountId);
    return this.client.call(request.method, request.path, request.body, { ...request.headers });
  }

  async done(name: string, args: Arguments): Promise<Answer> {
    const answer = await this.call(name, args);
    assert.ok(answer.status < 300, `${name}: ${answer.status} ${answer.text}`);
    return answer;
  }

  patch(name: 'user' | 'group' | 'service_principal', id: string, ...Operations: Arguments[]): Promise<Answer> {
    return this.done(`update_${name}`, { id, Operations });
  }

  ownIsInCharge(): boolean {
    const { id, active } = this.own;
    return active === true && this.admins().has(id);
  }

  adminUsers(): readonly string[] {
    const admins = this.admins();
    return this.all('users').flatMap(({ id, active }) => (active && admins.has(id) ? [id] : []));
  }

  /** Everyone account admin reaches: climbs from each, while the product descends from the groups. */
  private admins(): ReadonlySet<string> {
    const groups = this.all('groups');
    const everyone = [...this.all('users'), ...this.all('servicePrincipals'), ...groups];
    const direct = new Set(everyone.filter(({ roles }) => roles.includes('account_admin')).map(({ id }) => id));
    const climbs = (id: string, seen: readonly string[]): boolean =>
      !seen.includes(id) &&
      (direct.has(id) || groups.some((group) => group.members?.includes(id) && climbs(group.id, [...seen, id])));
    return new Set(everyone.map(({ id }) => id).filter((id) => climbs(id, [])));
  }
}

export async function account(t: TestContext): Promise<Bench> {
  const sandbox = await startSandbox();
  t.after(() => sandbox.close());
  return new Bench(sandbox);
}

export function action(name: string): HttpAction {
  const found = actions.find(({ id }) => id === `databricks_${name.replace(/^databricks_/, '')}`);
  assert.ok(found?.kind === 'http', `${name} is an action of one request`);
  return found;
}

/** Facts by label. */
export const factsOf = ({ facts }: Impact): Record<string, FactValue | readonly FactValue[]> =>
  Object.fromEntries(facts.map(({ label, value }) => [label, isWords(value) ? value.words : value]));

export const admin = [{ value: 'account_admin' }];
