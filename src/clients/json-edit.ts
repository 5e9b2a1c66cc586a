/** One entry of a client's JSON file: found, put in, replaced, taken out. Every byte beside it stays as it was. Pure. */
import { isDeepStrictEqual } from 'node:util';
import { getNodeValue, type Node } from 'jsonc-parser';
import { type JsonDocument, property, readJson, valueAt } from './json-document.js';
import { append, item, member, removal, replace } from './json-write.js';
import { applied, type Edit } from './text-edit.js';
import { positionOf, Unsafe } from './unsafe.js';

/** A value the client asks its user for, in a list of their own (VS Code: `inputs`). */
export interface Input {
  readonly id: string;
  readonly [field: string]: unknown;
}

export interface JsonEntry {
  /** The property that holds all servers. */
  readonly key: string;
  readonly name: string;
  readonly value: Readonly<Record<string, unknown>>;
  readonly input?: Input;
}

const byteOrderMark = '\uFEFF';
const inputs = 'inputs';

/** Fields that say how a server is started or reached. What else a person wrote into an entry is theirs, and stays. */
const ours = ['type', 'command', 'args', 'env', 'url', 'serverUrl', 'httpUrl', 'headers'];

/** All servers of the file, by name. A blank file has none. */
export function jsonEntries(source: string, key: string): Map<string, unknown> {
  const text = withoutMark(source);
  if (text.trim() === '') return new Map();
  const document = readJson(text);
  const servers = valueAt(document, document.root, key, 'object')?.value;
  return new Map((servers?.children ?? []).map((child) => [nameOf(child), valueIn(child.children?.[1])]));
}

/** What the file has its user asked for under this id. */
export function jsonInput(source: string, id: string): unknown {
  const document = readJson(withoutMark(source));
  const list = valueAt(document, document.root, inputs, 'array')?.value;
  return (list?.children ?? []).map(valueIn).find((each) => isWithId(each, id));
}

const isWithId = (value: unknown, id: string) =>
  typeof value === 'object' && value !== null && 'id' in value && value.id === id;

/** The file with the entry in it, added or brought up to date. */
export function withJsonEntry(source: string, entry: JsonEntry): string {
  const text = withoutMark(source);
  const mark = source.slice(0, source.length - text.length);
  const { key, name, value, input } = entry;
  if (text.trim() === '') {
    const whole = { ...(input !== undefined && { [inputs]: [input] }), [key]: { [name]: value } };
    return `${mark}${JSON.stringify(whole, undefined, 2)}\n`;
  }
  let result = change(text, (document) => {
    const servers = valueAt(document, document.root, key, 'object')?.value;
    if (servers === undefined) return append(document, document.root, member(document, key, { [name]: value }));
    const child = property(document, servers, name);
    const there = child?.children?.[1];
    if (child === undefined || there === undefined) return append(document, servers, member(document, name, value));
    const now = valueIn(there);
    const wanted = { ...value, ...theirs(now) };
    return isDeepStrictEqual(now, wanted) ? [] : [replace(document, child, there, item(document, wanted))];
  });
  if (input !== undefined) result = change(result, (document) => inputEdits(document, input));
  check(text, result, entry, 'with');
  return mark + result;
}

/**
 * The file without the entry, in every way that is right: what was there before it cannot be told from the file alone.
 * First the way that keeps what the entry may have found: its key, empty. Undefined where there is no such entry.
 */
export function withoutJsonEntry(source: string, { key, name }: Pick<JsonEntry, 'key' | 'name'>): string[] | undefined {
  const text = withoutMark(source);
  const mark = source.slice(0, source.length - text.length);
  if (text.trim() === '') return undefined;
  const document = readJson(text);
  const servers = valueAt(document, document.root, key, 'object');
  const child = servers && property(document, servers.value, name);
  if (servers === undefined || child === undefined) return undefined;
  const ways = removal(document, servers.value, child);
  if (servers.value.children?.length === 1) ways.push(...removal(document, document.root, servers.property));
  const results = ways.map((edits) => applied(text, edits)).flatMap((result) => withoutOrphans(result, text));
  for (const result of results) check(text, result, { key, name }, 'without');
  return results.map((result) => mark + result);
}

function change(text: string, edits: (document: JsonDocument) => readonly Edit[]): string {
  return applied(text, edits(readJson(text)));
}

/** The parser's own objects have no prototype, which makes them unequal to others. */
const valueIn = (node: Node | undefined): unknown =>
  node === undefined ? undefined : JSON.parse(JSON.stringify(getNodeValue(node)));

const withoutMark = (source: string) => (source.startsWith(byteOrderMark) ? source.slice(1) : source);
const nameOf = (child: Node) => String(child.children?.[0]?.value);

const theirs = (now: unknown) =>
  typeof now === 'object' && now !== null
    ? Object.fromEntries(Object.entries(now).filter(([field]) => !ours.includes(field)))
    : {};

function inputEdits(document: JsonDocument, input: Input): Edit[] {
  const list = valueAt(document, document.root, inputs, 'array')?.value;
  if (list === undefined) return append(document, document.root, member(document, inputs, [input]));
  const known = (list.children ?? []).some((each) => (getNodeValue(each) as { id?: unknown } | null)?.id === input.id);
  return known ? [] : append(document, list, item(document, input));
}

/** Questions of ours that nothing asks for any more; with the list they were alone in, as a further way. */
function withoutOrphans(text: string, before: string): string[] {
  const document = readJson(text);
  const list = property(document, document.root, inputs);
  const value = list?.children?.[1];
  if (list === undefined || value?.type !== 'array') return [text];
  const orphan = (value.children ?? []).find((each) => {
    const id: unknown = (getNodeValue(each) as { id?: unknown } | null)?.id;
    const reference = `\${input:${String(id)}}`;
    return typeof id === 'string' && before.includes(reference) && !text.includes(reference);
  });
  if (orphan === undefined) return [text];
  const ways = removal(document, value, orphan);
  if (value.children?.length === 1) ways.push(...removal(document, document.root, list));
  return ways.map((edits) => applied(text, edits));
}

/** Reads the result: whatever was wrong in here, a file that lost or changed something of others is not written. */
function check(
  before: string,
  after: string,
  { key, name }: Pick<JsonEntry, 'key' | 'name'>,
  wanted: 'with' | 'without',
) {
  const others = (text: string) => {
    const document = readJson(text);
    const slices = (node: Node | undefined, but: readonly string[]) =>
      (node?.children ?? [])
        .filter((child) => !but.includes(nameOf(child)))
        .map(({ offset, length }) => document.text.slice(offset, offset + length));
    const servers = valueAt(document, document.root, key, 'object')?.value;
    return [slices(document.root, [key, inputs]), slices(servers, [name])];
  };
  const has = jsonEntries(after, key).has(name);
  if (has !== (wanted === 'with') || !isDeepStrictEqual(others(before), others(after))) {
    throw new Unsafe('the change would touch more than its own entry', positionOf(before, 0));
  }
}
