/** `audit unknown --look`: what the account shows of writes whose outcome is not known. Reads, and changes nothing. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { exits } from '../../src/cli/exit-codes.js';
import { run } from '../cli/program.js';
import { v20 } from '../end-to-end/account.js';
import { facts, journalIn } from '../journal/bench.js';
import { environment } from '../mcp/server-process.js';
import { stateOf, type World, world } from './world.js';

const elsewhere = '99999999-2222-4333-8444-555555555555';

describe('audit unknown --look', () => {
  let place: World;
  let userId: string;
  let groupId: string;
  before(async () => {
    place = await world();
    userId = (await place.account.scim('Users', 'Marta Ruiz')).id;
    groupId = (await place.account.scim('Groups', 'contractors')).id;
    const { accountId } = place.sandbox;
    // As servers that were ended at the wrong moment left them: intents without an outcome.
    const journal = journalIn(stateOf(place), { accountId });
    const leave = (action: string, args: object, existing?: readonly string[]) =>
      journal.intent(facts({ action: `databricks_${action}`, arguments: args, ...(existing && { existing }) }));
    await leave('delete_user', { id: userId });
    await leave('create_group', { displayName: 'contractors' }, []);
    await leave('create_group', { displayName: 'contractors' }, [groupId]);
    await leave('create_group', { displayName: 'contractors' });
    await leave('of_a_later_version', {});
    await journalIn(stateOf(place), { accountId: elsewhere }).intent(facts({ action: 'databricks_delete_user' }));
    place.forget();
  });

  const audit = (...words: string[]) =>
    run(['audit', 'unknown', '--look', ...words], environment(place.home, place.settings));
  const sights = async () => JSON.parse((await audit('--json')).stdout).map(({ now }: { now: unknown }) => now);

  it('tells of each write what the account shows, or why it cannot be told', async () => {
    const expected = [
      { holds: false },
      { appeared: [groupId] },
      { appeared: [] },
      { untold: 'what was there before the call is not known' },
      { untold: 'no read is known that shows it' },
      { untold: 'another account is configured' },
    ];
    assert.deepEqual(await sights(), expected);
    assert.equal((await place.account.request('DELETE', `${v20}/scim/v2/Users/${userId}`)).status, 204);
    assert.deepEqual(await sights(), [{ holds: true }, ...expected.slice(1)]);
    place.forget();
  });

  it('says it in words, one line for each write, and changes nothing', async () => {
    const { code, stdout } = await audit();
    assert.equal(code, 0);
    assert.deepEqual(stdout.match(/(?<=^ {2}now +)\S.*/gm), [
      'the account is as this write wanted it',
      `new since the call: ${groupId}`,
      'nothing that was not there before',
      'cannot be told: what was there before the call is not known',
      'cannot be told: no read is known that shows it',
      'cannot be told: another account is configured',
    ]);
    assert.deepEqual(place.effects(), []);
  });

  it('needs an account to look at, and says what is not set', async () => {
    const { code, stderr } = await run(['audit', 'unknown', '--look'], environment(place.home));
    assert.equal(code, exits.configuration.code, stderr);
    assert.equal((await run(['audit', 'unknown'], environment(place.home))).code, 0);
  });
});
