/** What stands in a record: facts of a write without credentials, cut to a length a journal can bear. */
import { createHash } from 'node:crypto';
import type { Risk } from '../../../tools/action.js';
import { canonicalJson } from '../../core/canonical-json.js';
import { isObject } from '../../core/json.js';
import { type Fields, longestLine, oneLine } from './chain.js';

export interface IntentFacts {
  readonly action: string;
  readonly risk: Risk;
  /** Who asked: a caller of the server's, not a name the model gave. */
  readonly caller: string;
  readonly client?: string;
  readonly arguments: unknown;
  readonly target?: { readonly kind: string; readonly id: string; readonly name?: string };
  readonly approval?: { readonly id: string; readonly channel: string; readonly by: string };
  /** The read that shows whether it took effect. */
  readonly check?: { readonly tool: string; readonly arguments: unknown };
  /** Before a create: ids that were there already. */
  readonly existing?: readonly string[];
  /** Why it is made, where no caller asked for it: "revocation". */
  readonly reason?: string;
}

export interface OutcomeFacts {
  readonly outcome: 'applied' | 'not_applied' | 'unknown';
  readonly duration_ms: number;
  /** Id of what was made. */
  readonly object?: string;
  readonly request_id?: string;
  readonly error?: { readonly kind: string; readonly code?: string; readonly status?: number };
  readonly note?: string;
}

const longestText = 500;

/** Left for the envelope around the facts: identity, chain, and what escaping adds to it. */
const longestFacts = longestLine - 4 * 1024;

/** Facts as they go into a record: scrubbed before they are cut, since a cut secret is no longer recognised. */
export function recordable(facts: Fields, scrub: <T>(value: T) => T): Fields {
  const short = shortened(scrub(facts)) as Record<string, unknown>;
  const parts = Object.entries(short).map(([key, value]) => ({ key, size: sizeOf(value) }));
  let total = sizeOf(short);
  for (const { key, size } of parts.sort((a, b) => b.size - a.size)) {
    const mark = { cut_bytes: size };
    if (total <= longestFacts || size <= sizeOf(mark)) break;
    short[key] = mark;
    total -= size - sizeOf(mark);
  }
  return total <= longestFacts ? short : { cut_bytes: total };
}

/** The hash is of the arguments as they were sent, so that it can be compared with an approval's. */
export const intentRecord = (facts: IntentFacts, scrub: <T>(value: T) => T): Fields => ({
  ...recordable({ ...facts }, scrub),
  arguments_sha256: createHash('sha256').update(canonicalJson(facts.arguments)).digest('hex'),
});

const sizeOf = (value: unknown): number => Buffer.byteLength(oneLine(value ?? null));

const cut = (text: string): string =>
  text.length > longestText
    ? `${text.slice(0, longestText).toWellFormed()}… (${text.length - longestText} more)`
    : text.toWellFormed();

function shortened(value: unknown): unknown {
  if (typeof value === 'string') return cut(value);
  if (Array.isArray(value)) return value.map(shortened);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [cut(key), shortened(inner)]));
}
