/** An executor in front of a local server that plays the account: its token endpoint and whatever a test answers. */
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { createAccess } from '../../src/access.js';
import { failed } from '../../src/core/errors.js';
import type { Cloud } from '../../src/databricks/config.js';
import { createHttp } from '../../src/databricks/http.js';
import { createSession } from '../../src/databricks/session.js';
import { createTokenSource } from '../../src/databricks/token.js';
import { createExecutor, type ExecutorParts } from '../../src/execute.js';
import { loadPolicy, type PolicyFlags } from '../../src/guard/policy-settings.js';
import { createFileSink } from '../../src/guard/secret-files.js';
import { type Action, actions, areas, type HttpAction } from '../../tools/index.js';
import { machine } from '../config/machine.js';
import { connectionTo, fakeClock, httpServer, json, type Seen, temporaryDirectory } from '../databricks/servers.js';
import { unguarded } from './unguarded.js';

export interface Options {
  readonly scopes?: readonly string[];
  readonly cloud?: Cloud;
  readonly policy?: PolicyFlags;
  readonly parts?: Partial<ExecutorParts>;
  readonly token?: (res: ServerResponse) => void;
}

export async function account(
  t: TestContext,
  answer: (seen: Seen, res: ServerResponse) => void,
  options: Options = {},
) {
  const scopes = options.scopes ?? ['all-apis'];
  const calls: Seen[] = [];
  let signIns = 0;
  const server = await httpServer(t, (seen, res) => {
    if (seen.url.startsWith('/oidc/')) {
      signIns += 1;
      if (options.token !== undefined) options.token(res);
      else json(res, 200, { access_token: `token-${signIns}`, expires_in: 3_600, scope: scopes.join(' ') });
      return;
    }
    calls.push(seen);
    answer(seen, res);
  });
  const clock = fakeClock();
  const http = createHttp({ origin: server.origin, userAgent: 'test/1', env: {} });
  t.after(() => http.close());
  const connection = connectionTo(server.origin, { scopes });
  const directory = temporaryDirectory(t);
  const secrets: string[] = [];
  const policy = loadPolicy(options.policy ?? {}, machine(), areas);
  const access = createAccess(actions, scopes, options.cloud ?? 'aws', policy);
  const tokens = createTokenSource({
    connection,
    http,
    ...clock,
    onSecret: (value) => secrets.push(value),
    onToken: (token) => access.learn(token.scopes),
  });
  const session = createSession(http, tokens, clock);
  const executor = createExecutor({
    ...unguarded,
    access,
    connection: () => connection,
    session: () => session,
    signIn: async (signal) => (await tokens.get(signal)).scopes,
    clock,
    secrets: createFileSink(join(directory, 'secrets')),
    usageDirectory: join(directory, 'usage'),
    onSecret: (value) => secrets.push(value),
    ...options.parts,
  });
  return { server, clock, executor, calls, secrets, directory, access, signIns: () => signIns };
}

export function action(id: string): Action {
  const found = actions.find((each) => each.id === `databricks_${id}`);
  if (found === undefined) throw failed('input', `no action ${id}`);
  return found;
}

export const httpAction = (id: string) => action(id) as HttpAction;
