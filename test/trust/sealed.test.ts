/** The seal of questions under attack, on the bare wire of the 2026-07-28 revision: what is not this answer to this question does nothing. */
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { before, describe, it } from 'node:test';
import { temporaryHome } from '../mcp/server-process.js';
import { askedIn, type Message, told, Wire, yesTo } from './wire.js';
import { type World, world } from './world.js';

const refused = { code: -32602, message: 'Invalid or expired requestState', data: { reason: 'invalid_request_state' } };

/** Creating principals: names are not unique, so that a second time would be seen. */
const tool = 'databricks_create_service_principal';
const args = { displayName: 'sealed' };

const start = (place: World, more: Partial<Parameters<typeof Wire.start>[0]> = {}) =>
  Wire.start({ home: place.home, settings: place.settings, era: 'modern', ...more });

async function ask(wire: Wire, name = tool, given: object = args) {
  const asked = askedIn(await wire.call(name, given));
  assert.ok(asked !== undefined, 'nobody was asked');
  return { ...asked, yes: { inputResponses: { approval: yesTo(asked.request) }, requestState: asked.state } };
}

const codeOf = (message: Message): unknown => told(message)?.error?.code;

describe('a sealed question', () => {
  let place: World;
  let wire: Wire;
  before(async () => {
    place = await world();
    wire = await start(place);
  });

  it('is asked although answers came along at the first shot', async () => {
    for (const extra of [
      { inputResponses: { approval: { action: 'accept', content: { approve: true } } } },
      { inputResponses: { approval: { action: 'accept', content: { approve: true } }, x: {} }, requestState: '' },
    ]) {
      const answer = await wire.call(tool, { displayName: `first ${Object.keys(extra).length}` }, extra);
      assert.ok(askedIn(answer) !== undefined || answer.error?.code === -32602, JSON.stringify(answer));
    }
    assert.deepEqual(place.effects(), []);
  });

  it('tells whoever holds its state the id of the question and when it ends, and nothing else', async () => {
    const { state } = await ask(wire);
    const [version, body = ''] = state.split('.');
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString());
    assert.equal(version, 'v1');
    assert.deepEqual(Object.keys(claims).sort(), ['b', 'exp', 'p']);
    assert.deepEqual(Object.keys(claims.p), ['q']);
    assert.match(claims.p.q, /^[a-z0-9]{10}$/);
    const left = claims.exp - Date.now() / 1_000;
    assert.ok(left > 0 && left <= 301, `${left} s`);
  });

  it('is refused in the same words after every change of its state, and holds after all of them', async () => {
    const { state, yes } = await ask(wire, tool, { displayName: 'tampered' });
    const flip = (at: number, bit: number) =>
      state.slice(0, at) + String.fromCharCode(state.charCodeAt(at) ^ bit) + state.slice(at + 1);
    const flips = Array.from(state, (_, at) => [flip(at, 1), flip(at, 2), flip(at, 0x20)]).flat();
    const cuts = [1, 2, 10, 44, state.length - 3, state.length - 1].map((left) => state.slice(0, left));
    const others = [
      ...[state.replace('v1.', 'v2.'), state.replace('v1.', ''), `v1.${state}`, `${state}.`, `${state}A`, `${state}=`],
      ...[state.toUpperCase(), '..', 'v1..', 'v1.e30.', '\u0000', 'A'.repeat(1_000_000), withAnyKey(state)],
    ];
    for (const requestState of [...flips, ...cuts, ...others]) {
      const { error, result } = await wire.call(tool, { displayName: 'tampered' }, { ...yes, requestState });
      assert.deepEqual(error, refused, `${requestState.slice(0, 300)}: ${JSON.stringify(result)}`);
    }
    for (const requestState of [1, true, null, {}, [state], { v1: state }]) {
      const { error, result } = await wire.call(tool, { displayName: 'tampered' }, { ...yes, requestState });
      assert.ok(error !== undefined || result.resultType === 'input_required', JSON.stringify(result));
    }
    assert.deepEqual(place.effects(), []);
    assert.equal(told(await wire.call(tool, { displayName: 'tampered' }, yes)).outcome, 'applied');
    assert.equal(place.effects().length, 1);
  });

  it('serves no other tool, no other arguments and no other server', async () => {
    place.forget();
    const { yes } = await ask(wire, tool, { displayName: 'one' });
    assert.equal(codeOf(await wire.call(tool, { displayName: 'another' }, yes)), 'APPROVAL_MISMATCH');
    const roles = [{ value: 'account_admin' }];
    assert.equal(codeOf(await wire.call(tool, { displayName: 'one', roles }, yes)), 'APPROVAL_MISMATCH');
    const user = { userName: 'one@lumenfreight.example' };
    assert.equal(codeOf(await wire.call('databricks_create_user', user, yes)), 'APPROVAL_MISMATCH');
    const elsewhere = await start(place, { home: temporaryHome() });
    assert.deepEqual((await elsewhere.call(tool, { displayName: 'one' }, yes)).error, refused);
    assert.deepEqual(place.effects(), []);
    await elsewhere.leave();
  });

  it('is over five minutes later, and where a clock was set back an hour', async () => {
    place.forget();
    const { yes } = await ask(wire, tool, { displayName: 'late' });
    for (const seconds of [301, -3_600]) {
      const moved = `const now = Date.now; Date.now = () => now() + ${seconds * 1_000};`;
      const nodeOptions = ['--import', `data:text/javascript,${encodeURIComponent(moved)}`];
      const shifted = await start(place, { nodeOptions });
      const answer = await shifted.call(tool, { displayName: 'late' }, yes);
      if (seconds > 0) assert.deepEqual(answer.error, refused);
      else assert.equal(codeOf(answer), 'APPROVAL_EXPIRED', JSON.stringify(answer));
      await shifted.leave();
    }
    assert.deepEqual(place.effects(), []);
  });

  it('is used once: not again, not by another server of this home, not after a restart', async () => {
    place.forget();
    const call = (by: Wire) => by.call(tool, { displayName: 'once' }, yes);
    const { yes } = await ask(wire, tool, { displayName: 'once' });
    const second = await start(place);
    assert.equal(told(await call(wire)).outcome, 'applied');
    assert.equal(codeOf(await call(wire)), 'APPROVAL_USED');
    assert.equal(codeOf(await call(second)), 'APPROVAL_USED');
    await second.leave();
    await wire.leave();
    wire = await start(place);
    assert.equal(codeOf(await call(wire)), 'APPROVAL_USED');
    assert.equal(place.effects().length, 1);
  });

  it('lets one of fifty parallel retries through, over two servers', async () => {
    place.forget();
    const second = await start(place);
    const { yes } = await ask(wire, tool, { displayName: 'crowd' });
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => (index % 2 ? wire : second).call(tool, { displayName: 'crowd' }, yes)),
    );
    assert.equal(place.effects().length, 1);
    const outcomes = answers.map((answer) => told(answer)?.outcome);
    assert.equal(outcomes.filter((outcome) => outcome === 'applied').length, 1);
    const codes = new Set(answers.filter((answer) => told(answer)?.outcome !== 'applied').map(codeOf));
    assert.deepEqual([...codes], ['APPROVAL_USED']);
    await second.leave();
  });
});

describe('an approval for a deletion without force', () => {
  it('does not serve the one with force, which wants the name typed', async () => {
    const place = await world();
    const path = `/api/2.0/accounts/${place.sandbox.accountId}/metastores`;
    const info = { name: 'left-alone', region: 'us-west-2' };
    const { metastore_info } = await place.account.create(path, { metastore_info: info });
    const { metastore_id } = metastore_info;
    place.forget();
    const wire = await start(place);
    const name = 'databricks_delete_metastore';
    const { yes } = await ask(wire, name, { metastore_id });
    const forced = { metastore_id, force: true };
    assert.equal(codeOf(await wire.call(name, forced, yes)), 'APPROVAL_MISMATCH');

    const typed = await ask(wire, name, forced);
    assert.deepEqual(typed.request.params.requestedSchema.required, ['approve', 'name']);
    const { requestState } = typed.yes;
    const boxOnly = { approval: { action: 'accept', content: { approve: true } } };
    assert.equal(codeOf(await wire.call(name, forced, { inputResponses: boxOnly, requestState })), 'NOT_TYPED');
    assert.equal(codeOf(await wire.call(name, forced, typed.yes)), 'APPROVAL_USED');
    assert.deepEqual(place.effects(), []);

    const again = await ask(wire, name, forced);
    assert.equal(told(await wire.call(name, forced, again.yes)).outcome, 'applied');
    assert.equal(place.effects().length, 1);
    await wire.leave();
  });
});

describe('a question by elicitation request', () => {
  const answers: Record<string, [code: string, rest: object]> = {
    'a decline': ['DECLINED', { result: { action: 'decline' } }],
    'a decline with a ticked box': ['DECLINED', { result: { action: 'decline', content: { approve: true } } }],
    'a cancel': ['APPROVAL_CANCELLED', { result: { action: 'cancel' } }],
    'an unticked box': ['DECLINED', { result: { action: 'accept', content: { approve: false } } }],
    'a rejection under another name': [
      'APPROVAL_UNCLEAR',
      { result: { action: 'accept', content: { decision: 'reject' } } },
    ],
    'a confirmation under another name': [
      'APPROVAL_UNCLEAR',
      { result: { action: 'accept', content: { confirm: true } } },
    ],
    'words for a yes': ['APPROVAL_UNCLEAR', { result: { action: 'accept', content: { approve: 'true' } } }],
    'an action that does not exist': ['APPROVAL_NEEDED', { result: { action: 'approve', content: { approve: true } } }],
    'an error': ['APPROVAL_NEEDED', { error: { code: -32603, message: 'approve' } }],
    'no such method': ['APPROVAL_NEEDED', { error: { code: -32601, message: 'Method not found' } }],
  };
  for (const [what, [code, rest]] of Object.entries(answers)) {
    it(`ends without effect after ${what}, saying ${code}`, async () => {
      const place = await world();
      const onRequest = ({ id }: Message, by: Wire) => by.send({ jsonrpc: '2.0', id, ...rest });
      const wire = await start(place, { era: 'legacy', onRequest });
      const answer = told(await wire.call(tool, args));
      assert.equal(answer.error.code, code);
      assert.equal(answer.outcome, 'not_applied');
      assert.deepEqual(place.effects(), []);
      await wire.leave();
    });
  }
});

/** The same claims under a seal made with a key that somebody might guess. */
function withAnyKey(state: string): string {
  const body = state.slice(0, state.lastIndexOf('.'));
  return `${body}.${createHmac('sha256', Buffer.alloc(32)).update(body).digest('base64url')}`;
}
