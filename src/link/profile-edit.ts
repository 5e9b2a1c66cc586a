/**
 * Changes the text of a .databrickscfg: one profile's own lines and nothing else. Comments, other sections, line ends and a
 * byte order mark stay as they are. Lines are read by the rules of `databrickscfg.ts`. Pure.
 */
import { FALLBACK, readLine } from '../databricks/databrickscfg.js';

interface Line {
  readonly raw: string;
  /** The section it stands in; its own, where it opens one. */
  readonly section: string;
  readonly opens: boolean;
  readonly key: string | undefined;
}

/**
 * The text in which the profile says what is `wanted`. Of its other lines those with an `owned` key go; a value that
 * changes does so in its place. Throws `ProfileFileError` for a text that cannot be read.
 */
export function withProfile(
  text: string,
  profile: string,
  wanted: ReadonlyMap<string, string>,
  owned: ReadonlySet<string>,
): string {
  const [mark, lines] = linesOf(text);
  const end = lines[0]?.raw.match(/\r\n|\n|\r/)?.[0] ?? '\n';
  const left = new Map(wanted);
  const kept: string[] = [];
  /** Behind the last line of the profile: there its further keys go. */
  let at: number | undefined;
  for (const { raw, section, opens, key } of lines) {
    const isOurs = section === profile && (opens || key !== undefined);
    if (isOurs && key !== undefined && owned.has(key)) {
      const value = left.get(key);
      if (value === undefined) continue;
      left.delete(key);
      kept.push(withValue(raw, value));
    } else {
      kept.push(raw);
    }
    if (isOurs) at = kept.length;
  }
  const further = [...left].map(([key, value]) => `${key} = ${value}${end}`);
  if (at === undefined) {
    // The empty line is ours even below another, so that taking the profile out again can take it, too.
    further.unshift(...(kept.length === 0 ? [] : [end]), `[${profile}]${end}`);
    at = kept.length;
  }
  if (further.length > 0 && at > 0) kept[at - 1] = ended(kept[at - 1] ?? '', end);
  kept.splice(at, 0, ...further);
  return mark + kept.join('');
}

/**
 * The text without the profile: from its [section] to its last key. Comments behind that stay, since they introduce what
 * follows; an empty line that only kept the profile apart goes.
 */
export function withoutProfile(text: string, profile: string): string {
  const [mark, lines] = linesOf(text);
  const kept: string[] = [];
  let index = 0;
  while (index < lines.length) {
    const until = blockEnd(lines, index, profile);
    if (until === index) {
      kept.push(lines[index]?.raw ?? '');
      index += 1;
      continue;
    }
    const isEmpty = (raw: string | undefined) => raw === undefined || raw.trim() === '';
    if (kept.length > 0 && isEmpty(kept.at(-1)) && isEmpty(lines[until]?.raw)) kept.pop();
    index = until;
  }
  return mark + kept.join('');
}

/** Where the block of the profile's lines that begins at `start` ends; `start` when none begins there. */
function blockEnd(lines: readonly Line[], start: number, profile: string): number {
  const first = lines[start];
  if (first?.section !== profile || (!first.opens && first.key === undefined)) return start;
  let until = start + 1;
  for (let index = until; index < lines.length && lines[index]?.section === profile; index += 1) {
    if (lines[index]?.opens) break;
    if (lines[index]?.key !== undefined) until = index + 1;
  }
  return until;
}

function linesOf(text: string): [mark: string, lines: Line[]] {
  const mark = text.startsWith('\uFEFF') ? '\uFEFF' : '';
  const raws = text.slice(mark.length).match(/[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+$/g) ?? [];
  let section = FALLBACK;
  const lines = raws.map((raw, index) => {
    const line = readLine(raw, index + 1);
    const opens = line !== undefined && 'section' in line;
    if (opens) section = line.section;
    return { raw, section, opens, key: line !== undefined && 'key' in line ? line.key : undefined };
  });
  return [mark, lines];
}

/** The line with another value; spaces, an inline comment and the line's end stay. */
function withValue(raw: string, value: string): string {
  const sign = raw.search(/[=:]/) + 1;
  const rest = raw.slice(sign);
  const comment = rest.search(/\s#/);
  const before = comment === -1 ? rest : rest.slice(0, comment);
  const old = before.trim();
  if (old === '') return `${raw.slice(0, sign)} ${value}${rest.replace(/^[ \t]+(?=[\r\n]|$)/, '')}`;
  const from = sign + before.indexOf(old);
  return raw.slice(0, from) + value + raw.slice(from + old.length);
}

const ended = (line: string, end: string) => (/[\r\n]$/.test(line) ? line : line + end);
