/** A one-time secret has to be in a file only this user can read, and nowhere in the answer. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

interface Stored {
  readonly stored_in: string;
  readonly length: number;
  readonly sha256_8: string;
}

/** Returns the secret from the file that `stored` names. */
export function storedSecret(answer: { outcome: unknown }, stored: Stored): string {
  assert.equal(answer.outcome, 'applied');
  assert.deepEqual(Object.keys(stored), ['stored_in', 'length', 'sha256_8']);
  assert.equal(statSync(stored.stored_in).mode & 0o777, 0o600);
  assert.equal(statSync(dirname(stored.stored_in)).mode & 0o777, 0o700);
  const { value } = JSON.parse(readFileSync(stored.stored_in, 'utf8')) as { value: string };
  assert.match(value, /^dose[0-9a-f]{32}$/);
  assert.equal(stored.length, value.length);
  assert.equal(stored.sha256_8, createHash('sha256').update(value).digest('hex').slice(0, 8));
  assert.ok(!JSON.stringify(answer).includes(value), 'the secret is in the answer');
  return value;
}
