/** What `doctor` finds in the first answer of the host: whether it comes from Databricks, and how far the clocks are apart. */
import process from 'node:process';
import { ActionError } from '../../core/errors.js';
import { explain } from '../../core/explain.js';
import { createHttp, type Limits } from '../../databricks/http.js';
import { strangeAnswer } from '../../databricks/strange-answers.js';
import { product } from '../../version.js';
import { type Finding, fail, ok, skip, warn } from './finding.js';
import type { Journey } from './network.js';

/** Milliseconds. Less matters to nothing here, and tokens are checked with about as much grace. */
const tolerance = 60_000;

/** Asked for through the same code as every request, and without credentials. */
export async function checkAnswer(journey: Journey): Promise<Finding[]> {
  const { host, accountId, caFile, env, milliseconds, signal, now } = journey;
  const limits: Limits = { firstByte: milliseconds, idle: milliseconds, attempt: milliseconds, maxBytes: 256 * 1024 };
  const userAgent = `${product.name}/${product.version}`;
  const http = createHttp({ origin: host, userAgent, env, ...(caFile !== undefined && { caFile }) });
  const account = accountId === undefined ? '' : `/accounts/${encodeURIComponent(accountId)}`;
  const path = `/oidc${account}/.well-known/oauth-authorization-server`;
  const started = now();
  try {
    const answer = await http.request({ method: 'GET', path, headers: { accept: 'application/json' } }, limits, signal);
    const strange = strangeAnswer(answer);
    if (strange !== undefined) throw strange;
    return [ok('answer', 'the host answers'), compare(answer.headers.date, (started + now()) / 2)];
  } catch (error) {
    if (!(error instanceof ActionError) || error.failure.kind === 'cancelled') throw error;
    const { message, next } = explain(error.failure);
    const code = error.failure.code === undefined ? '' : ` (${error.failure.code})`;
    return [
      fail('answer', `${message}${code}`, next, error.failure.kind),
      skip('clock', 'not compared: there is no answer of the host'),
    ];
  } finally {
    await http.close();
  }
}

function compare(date: string | undefined, ours: number): Finding {
  const theirs = Date.parse(date ?? '');
  if (Number.isNaN(theirs)) return skip('clock', 'not compared: the host does not tell the time');
  const off = ours - theirs;
  if (Math.abs(off) <= tolerance) return ok('clock', 'agrees with that of the host');
  const message =
    `The clock of this machine is ${duration(Math.abs(off))} ${off < 0 ? 'behind' : 'ahead of'} that of the host: ` +
    'times in the journal are wrong, and certificates, secrets and identity tokens may count as expired or not yet valid.';
  return warn('clock', message, `Let it be set by the network: ${howToSet(process.platform)}.`);
}

function duration(milliseconds: number): string {
  const minutes = Math.round(milliseconds / 60_000);
  if (minutes < 120) return minutes === 1 ? '1 minute' : `${minutes} minutes`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} hours` : `${Math.round(hours / 24)} days`;
}

function howToSet(platform: NodeJS.Platform): string {
  if (platform === 'win32') return 'w32tm /resync';
  if (platform === 'darwin') return 'System Settings, General, Date & Time';
  return 'timedatectl set-ntp true';
}
