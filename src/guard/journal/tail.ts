/**
 * The journal read from its end, newest record first, up to a bound. Proves nothing: that is `verify.ts`. Lines that are
 * no records are passed over.
 */
import { open } from 'node:fs/promises';
import type { Risk } from '../../../tools/action.js';
import { isObject, parseJson } from '../../core/json.js';
import { fateOf } from '../process-identity.js';
import { type Fields, longestLine } from './chain.js';

/** Bytes from the end that are looked at. */
export const tailLimit = 8 * 1024 * 1024;

const step = 256 * 1024;

async function* newestFirst(file: string, limit = tailLimit): AsyncGenerator<Fields> {
  const handle = await open(file, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (handle === undefined) return;
  try {
    const { size } = await handle.stat();
    const least = Math.max(0, size - limit);
    let rest: Buffer = Buffer.alloc(0);
    for (let from = size; from > least; ) {
      const length = Math.min(step, from - least);
      from -= length;
      const chunk = Buffer.alloc(length);
      const { bytesRead } = await handle.read(chunk, 0, length, from);
      let text = Buffer.concat([chunk.subarray(0, bytesRead), rest]);
      for (let end = text.lastIndexOf(0x0a); end !== -1; end = text.lastIndexOf(0x0a)) {
        const record = recordOf(text.subarray(end + 1));
        if (record !== undefined) yield record;
        text = text.subarray(0, end);
      }
      // Longer than any line of ours: not worth carrying along.
      rest = text.length > longestLine ? Buffer.alloc(0) : text;
      if (from === 0) {
        const first = recordOf(rest);
        if (first !== undefined) yield first;
      }
    }
  } finally {
    await handle.close();
  }
}

function recordOf(line: Buffer): Fields | undefined {
  if (line.length === 0 || line.length > longestLine) return undefined;
  try {
    const record = parseJson(line.toString());
    return isObject(record) ? record : undefined;
  } catch {
    return undefined;
  }
}

/** A call that counts against a limit. */
export interface Recent {
  /** Epoch milliseconds. */
  readonly time: number;
}

/** Intents of these risks less than `minutes` before `now`, newest last. */
export async function recentIntents(file: string, risks: readonly Risk[], minutes: number, now: number) {
  const found: Recent[] = [];
  const span = minutes * 60_000;
  // The minutes are the bound: with one of bytes, long records would push those that count out of sight.
  for await (const record of newestFirst(file, Number.POSITIVE_INFINITY)) {
    const time = Date.parse(textOf(record.time));
    // A clock that was set back leaves times to come: within the span they count, and they end no search.
    if (time <= now - span) break;
    const isCounted = record.type === 'intent' && risks.some((each) => each === record.risk);
    if (isCounted && time < now + span) found.push({ time });
  }
  return found.reverse();
}

/** A write whose outcome is not known. */
export interface Unsettled {
  readonly id: string;
  readonly time: string;
  readonly action: string;
  readonly risk: string;
  readonly caller: string;
  readonly target?: unknown;
  /** Redacted, as in the record. */
  readonly arguments?: unknown;
  readonly check?: { readonly tool: string; readonly arguments: unknown };
  readonly existing?: readonly string[];
  readonly pid: number;
  readonly host: string;
  /** The process that made it still lives, so the outcome may still come. On another host it counts as gone. */
  readonly running: boolean;
  /** `crashed`: there is no outcome. `lost_answer`: it was looked for and not found. */
  readonly why: 'crashed' | 'lost_answer';
}

/** Writes without an outcome, newest last; with `lost`, also those that ended as unknown. */
export async function unknownWrites(file: string, { lost = false, except = '' } = {}): Promise<Unsettled[]> {
  const outcomes = new Map<unknown, unknown>();
  const found: Unsettled[] = [];
  for await (const record of newestFirst(file)) {
    // The newest comes first and counts: somebody may have settled what the process could not.
    if (record.type === 'outcome' && !outcomes.has(record.id)) outcomes.set(record.id, record.outcome);
    if (record.type !== 'intent') continue;
    const isKnown = outcomes.has(record.id);
    if (isKnown && !(lost && outcomes.get(record.id) === 'unknown')) continue;
    if (!isKnown && record.instance === except) continue;
    found.push(unsettled(record, isKnown));
  }
  return found.reverse();
}

function unsettled(record: Fields, isLost: boolean): Unsettled {
  const { target, check, existing } = record;
  return {
    id: textOf(record.id),
    time: textOf(record.time),
    action: textOf(record.action),
    risk: textOf(record.risk),
    caller: textOf(record.caller),
    ...(target !== undefined && { target }),
    ...(record.arguments !== undefined && { arguments: record.arguments }),
    ...(isObject(check) && { check: { tool: textOf(check.tool), arguments: check.arguments } }),
    ...(Array.isArray(existing) && { existing: existing.map(String) }),
    pid: Number(record.pid),
    host: textOf(record.host),
    running: !isLost && isRunning(record),
    why: isLost ? 'lost_answer' : 'crashed',
  };
}

/** Whether the process that wrote the record still lives. */
export const isRunning = ({ pid, host, started }: Fields): boolean =>
  fateOf({ pid: Number(pid), host: textOf(host), started: textOf(started) }) === 'alive';

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** A write with its outcome, or an event. */
export interface AuditEntry {
  readonly record: Fields;
  readonly outcome?: Fields;
}

/** The last `count` writes and events, newest last. */
export async function lastEntries(file: string, count: number, writesOnly = false): Promise<AuditEntry[]> {
  const outcomes = new Map<unknown, Fields>();
  const found: AuditEntry[] = [];
  for await (const record of newestFirst(file)) {
    if (found.length >= count) break;
    if (record.type === 'outcome') {
      if (!outcomes.has(record.id)) outcomes.set(record.id, record);
    } else if (record.type === 'intent' || !writesOnly) {
      const outcome = outcomes.get(record.id);
      found.push({ record, ...(outcome !== undefined && { outcome }) });
    }
  }
  return found.reverse();
}
