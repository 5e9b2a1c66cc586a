/**
 * The real server is killed in the middle of writes: every effect has an intent that was on the disk before, and `audit`
 * names exactly the writes whose outcome nobody knows. `JOURNAL_KILLS` makes it longer.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import process from 'node:process';
import { it } from 'node:test';
import type { Effect } from '../../src/sandbox/index.js';
import { atEnd } from '../mcp/server-process.js';
import { auditOf } from './audit.js';
import { type Message, Wire } from './wire.js';
import { journal, policyIn, stateOf, type World, world } from './world.js';

const kills = Number(process.env.JOURNAL_KILLS ?? 60);
const lanes = 2;

/** When the server dies: as its n-th write arrives, before or after the account has carried it out, or on the way back. */
interface Moment {
  readonly write: number;
  readonly when: 'before' | 'after' | 'answered';
}

interface Gate {
  readonly url: string;
  /** Writes that arrived without an intent of theirs on the disk. */
  readonly unrecorded: string[];
  arm(moment: Moment, kill: () => void): void;
}

it(`after ${kills} deaths every effect has an intent before it, and what is unknown is named exactly`, async (t) => {
  const place = await world({ DATABRICKS_MCP_ALLOW_WITHOUT_APPROVAL: '*' });
  const limit = { calls: 1_000, minutes: 1 };
  const policy = policyIn(place.home, { limits: { destructive: limit, secret: limit } });
  const groups = `/api/2.0/accounts/${place.sandbox.accountId}/scim/v2/Groups`;
  const doomed: string[] = [];
  for (let round = 0; round < kills; round += 1) {
    doomed.push((await place.account.create(groups, { displayName: `doomed ${round}` })).id);
  }
  place.forget();
  let next = 0;
  const lane = async () => {
    const gate = await gateTo(place);
    const settings = { ...place.settings, ...policy, DATABRICKS_HOST: gate.url };
    for (let round = next++; round < kills; round = next++) {
      const wire = await Wire.start({ home: place.home, settings, era: 'modern' });
      const when = (['before', 'after', 'answered'] as const)[round % 3] ?? 'before';
      gate.arm({ write: 1 + (round % 4), when }, () => wire.child.kill('SIGKILL'));
      const tag = `kill-${round}`;
      const calls = [
        wire.call('databricks_create_group', { displayName: tag }),
        wire.call('databricks_create_service_principal', { displayName: tag }),
        wire.call('databricks_create_user', { userName: `${tag}@lumenfreight.example` }),
        wire.call('databricks_delete_group', { id: doomed[round] }),
      ];
      await Promise.all(calls);
      assert.equal(await wire.exit, 'SIGKILL');
    }
    return gate;
  };
  const gates = await Promise.all(Array.from({ length: lanes }, lane));

  const records = journal(place);
  const intents = new Map(records.filter(({ type }) => type === 'intent').map((each) => [keyOfIntent(each), each]));
  const outcomes = new Map(records.filter(({ type }) => type === 'outcome').map((each) => [each.id, each.outcome]));
  const effects = new Map(place.effects().map((effect) => [keyOf(effect), effect]));
  const open = [...intents.values()].filter(({ id }) => !outcomes.has(id));
  t.diagnostic(`${intents.size} intents, ${effects.size} effects, ${open.length} without an outcome, ${kills} deaths`);

  assert.deepEqual(
    gates.flatMap(({ unrecorded }) => unrecorded),
    [],
  );
  for (const [key, { time }] of effects) {
    const intent = intents.get(key);
    assert.ok(intent !== undefined, `no intent for ${key}`);
    assert.ok(Date.parse(intent.time) <= time, key);
    assert.notEqual(outcomes.get(intent.id), 'not_applied', key);
  }
  for (const [key, { id }] of intents) if (outcomes.get(id) === 'applied') assert.ok(effects.has(key), key);

  const unknown = await auditOf(place.home, 'unknown');
  const expected = [
    ...open.map(({ id }) => id),
    ...[...outcomes].filter(([, how]) => how === 'unknown').map(([id]) => id),
  ];
  assert.deepEqual(unknown.map(({ id }) => id).sort(), expected.sort());
  assert.ok(open.length >= kills / 3 && effects.size >= kills, 'too few died in the middle of something');
  const [verdict] = await auditOf(place.home, 'verify');
  assert.deepEqual([verdict.whole, verdict.finding], [true, undefined]);
});

/** Passes on to the account, looks into the journal first, and kills on time. */
async function gateTo(place: World): Promise<Gate> {
  const file = join(stateOf(place), 'journal', `${place.sandbox.accountId}.jsonl`);
  const unrecorded: string[] = [];
  let armed: { moment: Moment; kill: () => void } | undefined;
  let writes = 0;
  const die = (when: Moment['when']) => {
    if (armed?.moment.when !== when || writes < armed.moment.write) return false;
    armed.kill();
    return true;
  };
  const server = createServer(async (request, response) => {
    const body = await read(request);
    const { method = '', url = '', headers } = request;
    const isWrite = method !== 'GET' && url.startsWith('/api/');
    if (isWrite) {
      writes += 1;
      const what = /kill-\d+/.exec(body)?.[0] ?? url.split('/').at(-1) ?? '';
      const lines = readFileSync(file, 'utf8').split('\n');
      const isRecorded = lines.some((line) => line.includes('"type":"intent"') && line.includes(`"${what}`));
      if (!isRecorded) unrecorded.push(`${method} ${url} ${what}`);
      if (die('before')) return void response.destroy();
    }
    const { authorization = '', 'content-type': type = '' } = headers;
    const answer = await fetch(place.sandbox.url + url, {
      method,
      headers: { authorization, ...(type !== '' && { 'content-type': type }) },
      body: body === '' ? null : body,
    });
    const text = await answer.text();
    if (isWrite && die('after')) return void response.destroy();
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/plain' });
    response.end(text);
    if (isWrite) die('answered');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  atEnd(() => {
    server.close();
    server.closeAllConnections();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    unrecorded,
    arm(moment, kill) {
      writes = 0;
      armed = { moment, kill };
    },
  };
}

const keyOf = ({ kind, type, id, detail }: Effect): string =>
  kind === 'delete' ? `delete ${type} ${id}` : `${kind} ${type} ${detail}`;

function keyOfIntent({ action, arguments: args }: Message): string {
  const [, verb, type] = /^databricks_(create|delete)_(.*)$/.exec(action) ?? [];
  return `${verb} ${type} ${args.id ?? args.displayName ?? args.userName}`;
}

async function read(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const part of request.setEncoding('utf8')) text += part;
  return text;
}
