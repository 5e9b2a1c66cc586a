/**
 * Finds any of many fixed texts in one pass (Wu and Manber's algorithm): most places of a text are jumped over, so that
 * looking for hundreds of texts costs little more than looking for one. Pure.
 */

export interface Needle {
  readonly text: string;
  /** Part of a longer base64 text that hides it: what is found grows to the whole of that text. */
  readonly grows?: boolean;
}

/** From here up to, but not including, there. */
export type Span = readonly [from: number, to: number];

/** Where any of the needles stands, in order, what overlaps or touches joined; undefined where none does. */
export type Finder = (text: string) => readonly Span[] | undefined;

const block = 3;
const buckets = 1 << 15;
const hash = (text: string, at: number): number =>
  (text.charCodeAt(at) ^ (text.charCodeAt(at + 1) << 5) ^ (text.charCodeAt(at + 2) << 9)) & (buckets - 1);

/** Needles have at least three characters; the shorter the shortest, the smaller the jumps. */
export function createFinder(needles: readonly Needle[]): Finder {
  if (needles.length === 0) return () => undefined;
  // Of each needle only its first `window` characters are looked up; what follows is compared.
  const window = Math.min(...needles.map(({ text }) => text.length));
  const jumps = new Uint8Array(buckets).fill(Math.min(window - block + 1, 255));
  const ending = new Map<number, Needle[]>();
  for (const needle of needles) {
    for (let end = block; end <= window; end += 1) {
      const key = hash(needle.text, end - block);
      jumps[key] = Math.min(jumps[key] ?? 0, window - end);
      if (end !== window) continue;
      const alike = ending.get(key);
      if (alike === undefined) ending.set(key, [needle]);
      else alike.push(needle);
    }
  }

  return (text) => {
    const spans: Span[] = [];
    for (let end = window; end <= text.length; ) {
      const key = hash(text, end - block);
      const jump = jumps[key] ?? 0;
      if (jump === 0) {
        for (const needle of ending.get(key) ?? []) {
          if (text.startsWith(needle.text, end - window)) join(spans, text, end - window, needle);
        }
      }
      end += Math.max(jump, 1);
    }
    return spans.length === 0 ? undefined : spans;
  };
}

/** Beginnings come in ascending order, so only the last span can overlap; what lies inside it is not looked at again. */
function join(spans: Span[], text: string, start: number, needle: Needle): void {
  const last = spans.at(-1);
  const limit = last?.[1] ?? 0;
  let from = start;
  let to = start + needle.text.length;
  if (needle.grows === true) {
    while (from > limit && isBase64(text.charCodeAt(from - 1))) from -= 1;
    to = Math.max(to, limit);
    while (to < text.length && isBase64(text.charCodeAt(to))) to += 1;
    while (text.charCodeAt(to) === 0x3d) to += 1;
  }
  if (last !== undefined && from <= limit) spans[spans.length - 1] = [last[0], Math.max(limit, to)];
  else spans.push([from, to]);
}

/** Letters, digits, and + / - _ of both alphabets. */
const isBase64 = (code: number): boolean =>
  (code >= 0x61 && code <= 0x7a) ||
  (code >= 0x41 && code <= 0x5a) ||
  (code >= 0x2f && code <= 0x39) ||
  code === 0x2b ||
  code === 0x2d ||
  code === 0x5f;
