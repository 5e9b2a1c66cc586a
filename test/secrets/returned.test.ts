/** The sink that returns the value: it is in the one answer it is meant for, and nowhere else. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { answerOf } from '../../src/answers.js';
import { createRedactor } from '../../src/core/redact.js';
import { createFileSink } from '../../src/guard/secret-files.js';
import { createReturnSink, isReturned } from '../../src/guard/secrets.js';
import { createLog } from '../../src/log.js';
import { accountId, json, temporaryDirectory } from '../databricks/servers.js';
import { account, action } from '../execute/account.js';

const canary = 'dosecafecafecafecafecafecafecafecafe';

test('the value is in the answer with a warning, though it is registered and its field is marked', async (t) => {
  const redactor = createRedactor();
  const { executor } = await account(
    t,
    ({ method }, res) => json(res, 200, method === 'GET' ? {} : { id: '1', secret: canary, secret_hash: 'h' }),
    { parts: { secrets: createReturnSink(), onSecret: redactor.add } },
  );
  const made = await executor.execute(action('create_service_principal_secret'), {
    service_principal_id: '1',
    scopes: ['scim'],
  });
  const lines: string[] = [];
  createLog('debug', redactor, (line) => lines.push(line)).info('call', { made });
  assert.ok(!(lines.join() + JSON.stringify(made) + inspect(made, { depth: 20, showHidden: true })).includes(canary));
  const answer = redactor.scrubAnswer(answerOf(made, accountId));
  const { secret } = answer.data as { secret: Record<string, unknown> };
  assert.equal(secret.value, canary);
  assert.equal(secret.stored_in, 'answer');
  assert.match(String(secret.warning), /part of this conversation/);
  assert.equal(JSON.stringify(answer).split(canary).length, 2, 'once');
  assert.ok(!JSON.stringify(redactor.scrubAnswer(answerOf(made, accountId))).includes(canary), 'and not again');
});

test('only a returned secret counts as one', async (t) => {
  assert.equal(isReturned(await createReturnSink().store('name', canary, {})), true);
  const kept = await createFileSink(temporaryDirectory(t)).store('name', canary, {});
  assert.equal(isReturned(kept), false);
});
