/** Two servers of one account that share a store and no files: what must not happen together does not. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, test } from 'node:test';
import { type App, createApp } from '../../src/app.js';
import { ActionError } from '../../src/core/errors.js';
import { actions } from '../../tools/index.js';
import { v20 } from '../end-to-end/account.js';
import { stage } from '../http/stage.js';
import { atEnd, environment, temporaryHome } from '../mcp/server-process.js';
import { world } from '../trust/world.js';
import { startRedis, withoutRedis } from './redis.js';

async function twoServers() {
  const place = await world({ DATABRICKS_MCP_ALLOW_WITHOUT_APPROVAL: '*' });
  const redis = await startRedis();
  atEnd(() => redis.stop());
  const key = join(place.home, 'shared-key');
  writeFileSync(key, randomBytes(32), { mode: 0o600 });
  const settings = { ...place.settings, DATABRICKS_MCP_STORE: redis.url, DATABRICKS_MCP_KEY_FILE: key };
  const open = async () => {
    const home = temporaryHome();
    const app = await createApp({
      flags: {},
      env: environment(home, settings),
      logLevel: 'silent',
      stateDirectory: home,
    });
    atEnd(() => app.close());
    return app;
  };
  return { place, redis, apps: [await open(), await open()] as const };
}

async function call(app: App, name: string, args: object): Promise<string | undefined> {
  const action = actions.find(({ id }) => id === `databricks_${name}`);
  assert.ok(action !== undefined);
  try {
    await app.executor.execute(action, args);
    return 'done';
  } catch (error) {
    return error instanceof ActionError ? error.failure.code : String(error);
  }
}

describe('two servers with a store', { skip: withoutRedis }, () => {
  it('do not deactivate the last two administrators between them', async () => {
    const { place, apps } = await twoServers();
    const group = await place.account.scim('Groups', 'platform-admins');
    assert.equal((await place.account.request('DELETE', `${v20}/scim/v2/Groups/${group.id}`)).status, 204);
    const admins = await Promise.all(['Amara Okafor', 'Jonas Müller'].map((name) => place.account.scim('Users', name)));
    const Operations = [{ op: 'replace', path: 'active', value: false }];
    place.forget();
    const codes = await Promise.all(admins.map(({ id }, n) => call(apps[n] as App, 'update_user', { id, Operations })));
    assert.deepEqual(codes.sort(), ['SELF_LOCKOUT', 'done']);
    assert.equal(place.effects().length, 1);
  });

  it('share the limit of risky calls; without the store these are refused, and other calls go on', async () => {
    const { place, redis, apps } = await twoServers();
    const ids: string[] = [];
    for (let n = 0; n < 8; n += 1) {
      ids.push((await place.account.create(`${v20}/scim/v2/Groups`, { displayName: `spare-${n}` })).id);
    }
    const codes = await Promise.all(ids.slice(0, 7).map((id, n) => call(apps[n % 2] as App, 'delete_group', { id })));
    assert.deepEqual(codes.sort(), ['VELOCITY', 'VELOCITY', ...Array(5).fill('done')]);
    await redis.stop();
    place.forget();
    const [app] = apps;
    assert.equal(await call(app, 'delete_group', { id: ids[7] }), 'STORE');
    const Operations = [{ op: 'replace', path: 'displayName', value: 'renamed' }];
    const user = await place.account.scim('Users', 'Amara Okafor');
    assert.equal(await call(app, 'update_user', { id: user.id, Operations }), 'STORE');
    assert.deepEqual(place.effects(), []);
    assert.equal(await call(app, 'list_groups', {}), 'done');
    assert.equal(await call(app, 'create_group', { displayName: 'another' }), 'done');
  });
});

test('/readyz stays ready without the store and says what is refused', async (t) => {
  let isUp = true;
  const { port } = await stage(t, { parts: { isStoreUp: () => isUp } });
  const asked = async () => {
    const response = await fetch(`http://127.0.0.1:${port}/readyz`);
    return [response.status, await response.json()];
  };
  assert.deepEqual(await asked(), [200, { status: 'ready', store: 'reachable' }]);
  isUp = false;
  assert.deepEqual(await asked(), [200, { status: 'ready', store: 'unreachable: risky calls are refused' }]);
});
