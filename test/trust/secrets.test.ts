/**
 * Secrets that Databricks shows once, through the real server and every sink: the value gets where the operator wants it
 * and nowhere else, and where it could not be kept none is made and nobody is asked (S034, S089 to S091, S096, S103).
 */
import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { signIn } from '../end-to-end/account.js';
import { storedSecret } from '../end-to-end/stored-secret.js';
import { app, checkNowhere, contentOf, forPrincipal, minter, storeProgram, until } from './minting.js';
import { approves, client, journal, kinds, stateOf, type World, world } from './world.js';

describe('the file sink', () => {
  it('holds the secret of a service principal, which works; nothing else does', async () => {
    const place = await world();
    const { args, applicationId } = await forPrincipal(place);
    const at = await minter(place);
    const answer = await at.call('create_service_principal_secret', args);
    const { stored_in } = answer.json.data.secret;
    const value = storedSecret(answer.json, answer.json.data.secret);
    assert.ok(stored_in.startsWith(join(stateOf(place), 'secrets')));
    assert.equal((await signIn(place.sandbox, value, 'sql', applicationId)).status, 200);
    assert.equal(at.asked.length, 1);
    checkNowhere(value, answer, at, place, [stored_in]);
    // So that what was looked through is known to hold the call.
    assert.ok(contentOf(place.home).includes(value));
    assert.ok(contentOf(place.home, [stored_in]).includes('create_service_principal_secret'));
    await at.close();
  });

  it('holds the secret of an OAuth app', async () => {
    const place = await world();
    const at = await minter(place);
    const answer = await at.call('create_custom_app_integration', app);
    const value = storedSecret(answer.json, answer.json.data.client_secret);
    checkNowhere(value, answer, at, place, [answer.json.data.client_secret.stored_in]);
    await at.close();
  });

  it('gets secrets that live 90 days and open what was asked for; without scopes none is made', async () => {
    const place = await world();
    const { args } = await forPrincipal(place);
    const at = await minter(place);
    place.account.forget();
    await at.call('create_service_principal_secret', args);
    const [made] = place.account.seen().filter(({ method }) => method === 'POST');
    assert.deepEqual(JSON.parse(made?.body ?? ''), { lifetime: '7776000s', scopes: ['sql'] });
    place.account.forget();
    for (const scopes of [undefined, []]) {
      const { json } = await at.call('create_service_principal_secret', { ...args, scopes });
      assert.deepEqual([json.error.kind, /scopes/.test(json.error.message)], ['input', true]);
    }
    assert.deepEqual(place.account.seen(), []);
    await at.close();
  });
});

describe('the command sink', () => {
  it('gets the value on stdin after a probe without one; its command line never changes', async () => {
    const store = storeProgram();
    const place = await world(store.settings);
    const at = await minter(place);
    const trap = join(place.home, 'trap');
    const name = `$(touch ${trap}); touch ${trap} \`touch ${trap}\` | touch ${trap}`;
    const answer = await at.call('create_custom_app_integration', { ...app, name });
    const { client_secret, integration_id } = answer.json.data;
    assert.equal(client_secret.stored_in, 'command');
    const runs = store.runs();
    const last = runs.at(-1);
    assert.match(last?.stdin ?? '', /^dose[0-9a-f]{32}$/);
    assert.equal(client_secret.length, last?.stdin.length);
    assert.equal(last?.env.DATABRICKS_MCP_SECRET_ID, integration_id);
    assert.equal(last?.env.DATABRICKS_MCP_SECRET_PROBE, undefined);
    assert.ok(runs.length >= 2);
    for (const { stdin, env } of runs.slice(0, -1))
      assert.deepEqual([stdin, env.DATABRICKS_MCP_SECRET_PROBE], ['', '1']);
    for (const { argv, env } of runs) {
      assert.deepEqual(argv, ['--into', 'a vault']);
      assert.equal(env.DATABRICKS_CLIENT_SECRET, undefined);
    }
    assert.ok(!existsSync(trap));
    checkNowhere(last?.stdin ?? '', answer, at, place);
    await at.close();
  });
});

describe('the sink that returns the value', () => {
  it('shows it once in the answer, and nowhere else; the journal says that it did', async () => {
    const place = await world({ DATABRICKS_MCP_DANGEROUSLY_RETURN_SECRETS: 'true' });
    const { args, applicationId } = await forPrincipal(place);
    const at = await minter(place);
    const { json, text } = await at.call('create_service_principal_secret', args);
    const { value, stored_in, warning } = json.data.secret;
    assert.equal(stored_in, 'answer');
    assert.match(warning, /part of this conversation/);
    assert.equal((await signIn(place.sandbox, value, 'sql', applicationId)).status, 200);
    assert.equal(text.split(value).length, 2);
    const returned = () => journal(place).find(({ type }) => type === 'secret_returned');
    await until(() => returned() !== undefined);
    assert.deepEqual(returned().facts, {
      action: 'databricks_create_service_principal_secret',
      id: json.data.id,
    });
    assert.ok(!at.log().includes(value));
    assert.ok(!contentOf(place.home).includes(value));
    await at.close();
  });
});

/** Ways in which no secret could be kept: settings, or what is wrong in the folder of this program. */
const unusable: Record<string, (state: string) => Record<string, string> | undefined> = {
  'a file has the name of the folder': (state) => {
    writeFileSync(join(state, 'secrets'), '');
    return {};
  },
  'the folder is a link': (state) => {
    mkdirSync(join(state, 'elsewhere'), { mode: 0o700 });
    symlinkSync(join(state, 'elsewhere'), join(state, 'secrets'));
    return {};
  },
  'others may enter the folder': (state) => {
    mkdirSync(join(state, 'secrets'));
    chmodSync(join(state, 'secrets'), 0o755);
    return {};
  },
  'the program is not there': () => ({ DATABRICKS_MCP_SECRET_COMMAND: '["/nonexistent/store"]' }),
  'the program refuses the probe': () => storeProgram('process.exitCode = 3;').settings,
  'the program does not end': () => storeProgram('setTimeout(() => {}, 30_000);').settings,
};

/** Their clients are of every kind, one after the other. */
async function refusedBy(kind: (typeof kinds)[number], breaks: (state: string) => Record<string, string> | undefined) {
  const place: World = await world();
  mkdirSync(stateOf(place), { recursive: true, mode: 0o700 });
  const settings = { ...place.settings, ...breaks(stateOf(place)) };
  const at = await client({ ...place, settings }, kind, approves);
  const { args, ids } = await forPrincipal(place);
  const before = await ids();
  place.forget();
  for (const [name, input] of [
    ['create_service_principal_secret', args],
    ['create_custom_app_integration', app],
  ] as const) {
    const { json } = await at.call(name, input);
    assert.deepEqual([json.outcome, json.error.kind], ['not_applied', 'storage'], JSON.stringify(json));
    assert.match(json.error.message, /Nothing was sent/);
  }
  assert.equal(at.asked.length, 0);
  assert.deepEqual(place.effects(), []);
  assert.deepEqual(await ids(), before);
  // What makes no secret is none of the sink's business.
  const plain = await at.call('create_custom_app_integration', { ...app, confidential: false });
  assert.equal(plain.json.outcome, 'applied', JSON.stringify(plain.json));
  await at.close();
}

describe('a sink that cannot be used', () => {
  for (const [index, [what, breaks]] of Object.entries(unusable).entries()) {
    const kind = kinds[index % kinds.length] ?? 'modern';
    it(`is found out before anybody is asked and anything is made: ${what} (${kind} client)`, () =>
      refusedBy(kind, breaks));
  }
});
