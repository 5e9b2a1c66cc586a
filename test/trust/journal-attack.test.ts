/** The journal under attack while the real server runs: hostile names, a damaged folder. What cannot be recorded is not done. */
import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { auditOf } from './audit.js';
import { type Era, told, Wire } from './wire.js';
import { stateOf, type World, world } from './world.js';

const waived = { DATABRICKS_MCP_ALLOW_WITHOUT_APPROVAL: '*' };

const fileOf = (place: World) => join(stateOf(place), 'journal', `${place.sandbox.accountId}.jsonl`);

const hostile: Record<string, string> = {
  'a line of its own': 'x\n{"seq":2,"type":"outcome","outcome":"applied"}\n',
  'the end of a record': 'x"},{"type":"intent","action":"databricks_list_users',
  'a carriage return': 'x\r\nseq: 9',
  'terminal sequences': '\u001b[2K\u001b]0;title\u0007\u001b[31mred',
  'line separators of Unicode': 'a\u2028b\u2029c\u0085d',
  'direction and tag characters': '\u202eevil\u2066\u{e0041}\u{e0042}',
  'a lone surrogate': 'x\ud800y',
  '100 kB': `"},{"${'A'.repeat(99_000)}`,
};

describe('hostile text on its way into the journal', () => {
  for (const [what, text] of Object.entries(hostile)) {
    it(`stays within one line of it: ${what}`, async () => {
      const place = await world(waived);
      const users = `/api/2.0/accounts/${place.sandbox.accountId}/scim/v2/Users`;
      const created = await place.account.create(users, { userName: 'victim@lumenfreight.example', displayName: text });
      place.forget();
      // Its own name, names of the account, arguments, names of arguments and of tools.
      const clientInfo = { name: text, version: text };
      const wire = await Wire.start({ home: place.home, settings: place.settings, era: 'modern', clientInfo });
      await wire.call('databricks_create_group', { displayName: text });
      await wire.call('databricks_create_budget', { display_name: text.slice(0, 120) });
      await wire.call('databricks_create_group', { displayName: 'fine', [text]: text });
      await wire.call(`databricks_create_group${text}`, { displayName: 'fine' });
      await wire.call('databricks_create_group', { displayName: 'fine' });
      await wire.call('databricks_update_user', {
        id: created.id,
        Operations: [{ op: 'replace', path: 'displayName', value: text }],
      });
      assert.equal(told(await wire.call('databricks_delete_user', { id: created.id })).outcome, 'applied');
      await wire.leave();

      const written = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(fileOf(place)));
      const lines = written.slice(0, -1).split('\n');
      const records = lines.map((line) => JSON.parse(line));
      assert.deepEqual(
        records.map(({ seq }) => seq),
        records.map((_, index) => index + 1),
      );
      assert.doesNotMatch(written.replaceAll('\n', ''), /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u);
      const intents = records.filter(({ type }) => type === 'intent');
      assert.equal(intents.length, records.filter(({ type }) => type === 'outcome').length);
      assert.ok(intents.length >= 2 && intents.length >= place.effects().length);
      assert.equal(intents.at(-1).action, 'databricks_delete_user');
      assert.ok(Math.max(...lines.map((line) => line.length)) < 16_000);
      assert.deepEqual(await auditOf(place.home, 'unknown'), []);
      const [{ whole, records: proven }] = await auditOf(place.home, 'verify');
      assert.deepEqual([whole, proven], [true, records.length]);
    });
  }
});

/** What happens to the journal of a running server, and how that is undone, where it can be. */
const damages: Record<string, (file: string) => undefined | (() => void)> = {
  'its folder is replaced by a file': (file) => {
    const folder = join(file, '..');
    renameSync(folder, `${folder}.away`);
    writeFileSync(folder, '');
    return () => {
      rmSync(folder);
      renameSync(`${folder}.away`, folder);
    };
  },
  'its folder is gone': (file) => {
    const folder = join(file, '..');
    renameSync(folder, `${folder}.away`);
    return () => {
      rmSync(folder, { recursive: true, force: true });
      renameSync(`${folder}.away`, folder);
    };
  },
  'its anchor is gone': (file) => {
    renameSync(`${file}.head`, `${file}.away`);
    return () => renameSync(`${file}.away`, `${file}.head`);
  },
  'the file is gone': (file) => {
    renameSync(file, `${file}.away`);
    return () => renameSync(`${file}.away`, file);
  },
  'file and anchor are gone': (file) => {
    for (const each of [file, `${file}.head`]) renameSync(each, `${each}.away`);
    return () => {
      for (const each of [file, `${file}.head`]) renameSync(`${each}.away`, each);
    };
  },
  'the file is cut': (file) => {
    truncateSync(file, readFileSync(file).length - 30);
    return undefined;
  },
  'the file is emptied': (file) => {
    truncateSync(file, 0);
    return undefined;
  },
  'the last record is another': (file) => {
    writeFileSync(file, readFileSync(file, 'latin1').replace(/.{6}"\}\n$/, 'AAAAAA"}\n'), 'latin1');
    return undefined;
  },
  'a made-up record follows': (file) => {
    appendFileSync(file, '{"seq":99,"type":"outcome","mac":"AAAA"}\n');
    return undefined;
  },
  'the anchor is made up': (file) => {
    writeFileSync(`${file}.head`, '{"seq":0,"size":0,"mac":""}\n');
    return undefined;
  },
};

describe('a running server whose journal is damaged', () => {
  for (const [index, [what, damage]] of Object.entries(damages).entries()) {
    const era: Era = index % 2 === 0 ? 'modern' : 'legacy';
    it(`refuses every write, says what to do and goes on reading when ${what}`, async () => {
      const place = await world(waived);
      const { id } = await place.account.scim('Users', 'Marta Ruiz');
      const wire = await Wire.start({ home: place.home, settings: place.settings, era });
      assert.equal(told(await wire.call('databricks_create_group', { displayName: 'before' })).outcome, 'applied');
      place.forget();
      const repair = damage(fileOf(place));
      const writes: [string, object][] = [
        ['databricks_delete_user', { id }],
        ['databricks_create_group', { displayName: 'after' }],
        ['databricks_create_user', { userName: 'after@lumenfreight.example' }],
        ['databricks_create_service_principal_secret', await secretFor(place)],
      ];
      for (const [name, args] of writes) {
        const { outcome, error } = told(await wire.call(name, args));
        assert.equal(outcome, 'not_applied', name);
        assert.equal(error.kind, 'storage', JSON.stringify(error));
        assert.match(error.message, /Nothing was sent/);
        assert.ok(error.message.includes('journal'), error.message);
        assert.match(error.next, /journal/i, JSON.stringify(error));
      }
      assert.deepEqual(place.effects(), []);
      assert.equal(told(await wire.call('databricks_get_user', { id })).data.id, id);
      if (repair !== undefined) {
        repair();
        assert.equal(told(await wire.call('databricks_create_group', { displayName: 'repaired' })).outcome, 'applied');
        assert.equal(place.effects().length, 1);
      }
      await wire.leave();
    });
  }
});

async function secretFor({ account }: World): Promise<object> {
  const { id } = await account.scim('ServicePrincipals', 'ci-deploy');
  return { service_principal_id: id, lifetime: '3600s', scopes: ['scim:read'] };
}
