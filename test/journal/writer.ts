/** A process that writes to a journal, for tests with several of them and for those that are killed. Not a test. */
import { mkdirSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { ActionError } from '../../src/core/errors.js';
import { withLock } from '../../src/guard/file-lock.js';
import { createJournal } from '../../src/guard/journal.js';
import { createKeys } from '../../src/guard/keys.js';

const [state = '', account = '', work = '', count = '0'] = process.argv.slice(2);

/** Synchronously: what was said before a death has been said. */
const say = (text: string) => writeSync(1, `${text}\n`);

const journal = createJournal({
  file: join(state, 'journal', `${account}.jsonl`),
  keys: createKeys(state),
  accountId: account,
  catalogueHash: () => 'c0ffee',
  now: Date.now,
  scrub: (value) => value,
  onProblem: (message) => say(`problem ${message}`),
});

const facts = { action: 'create_thing', risk: 'write', caller: 'local', arguments: { text: 'x'.repeat(300) } } as const;

/** Half intents, half outcomes. */
async function append(records: number): Promise<void> {
  for (let done = 0; done < records; done += 2) {
    const entry = await journal.intent(facts);
    say(`effect ${entry.id}`);
    await entry.outcome({ outcome: 'applied', duration_ms: 1 });
    say(`settled ${entry.id}`);
  }
}

async function takePlaces(tries: number): Promise<void> {
  for (let tried = 0; tried < tries; tried += 1) {
    try {
      await journal.intent(facts, { risks: ['write'], calls: 7, minutes: 5 });
      say('taken');
    } catch (error) {
      if (!(error instanceof ActionError)) throw error;
      say(`refused ${error.failure.code}`);
    }
  }
}

async function hold(): Promise<void> {
  mkdirSync(join(state, 'journal'), { recursive: true, mode: 0o700 });
  await withLock(join(state, 'journal', `${account}.jsonl.lock`), performance.now() + 5_000, async () => {
    say('held');
    await new Promise((resolve) => setTimeout(resolve, 60_000));
  });
}

if (work === 'append') await append(Number(count));
else if (work === 'places') await takePlaces(Number(count));
else if (work === 'hold') await hold();
else if (work === 'open') {
  await journal.intent(facts);
  say('open');
  setTimeout(() => {}, 60_000);
} else await append(Number.POSITIVE_INFINITY);
