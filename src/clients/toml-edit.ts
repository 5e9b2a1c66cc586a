/**
 * One entry of a TOML file (Codex: `[mcp_servers.<name>]`): found, put in, replaced, taken out, by lines. The result is
 * read again and compared: every other table has to be what it was. Pure.
 */
import { isDeepStrictEqual } from 'node:util';
import { parse, TomlError } from 'smol-toml';
import { applied, type Edit, lineEnd } from './text-edit.js';
import { type Statement, statements } from './toml-statements.js';
import { Unsafe } from './unsafe.js';

export interface TomlEntry {
  readonly key: string;
  readonly name: string;
  readonly value: Readonly<Record<string, unknown>>;
}

type Table = Record<string, unknown>;

/** Fields that say how a server is started or reached. Others, such as time limits, are the person's, and stay. */
const ours = ['command', 'args', 'env', 'url', 'bearer_token_env_var', 'http_headers', 'env_http_headers'];

export function tomlEntries(text: string, key: string): Map<string, unknown> {
  return new Map(Object.entries(serversOf(read(text), key)));
}

/** The table as it is written at the end of a file. */
export function tomlBlock({ key, name, value }: TomlEntry, eol = '\n'): string {
  return [`[${key}.${tomlKey(name)}]`, ...pairs(value)].join(eol);
}

export function withTomlEntry(text: string, entry: TomlEntry): string {
  const { key, name, value } = entry;
  const now = serversOf(read(text), key)[name] as Table | undefined;
  const eol = lineEnd(text);
  if (now === undefined) {
    const body = text.replace(/^\uFEFF/, '');
    const ends = body === '' || /[\r\n]$/.test(body);
    const gap = body === '' ? '' : ends ? eol : eol + eol;
    return checked(text, `${text}${gap}${tomlBlock(entry, eol)}${ends ? eol : ''}`, entry);
  }
  const isOurs = (field: string) => ours.includes(field) || field in value;
  const wanted = { ...value, ...Object.fromEntries(Object.entries(now).filter(([field]) => !isOurs(field))) };
  if (isDeepStrictEqual(plain(now), plain(wanted))) return text;
  const [main, ...rest] = tables(text, entry);
  if (main === undefined || main.header.path.length !== 2) throw inAnotherForm(entry);
  const edits: Edit[] = [
    {
      at: lineOf(text, main.header.end),
      remove: 0,
      insert: pairs(value)
        .map((line) => eol + line)
        .join(''),
    },
    ...main.pairs.filter(({ path }) => isOurs(path[0] ?? '')).map((pair) => lines(text, pair.start, pair.end)),
    ...rest
      .filter(({ header }) => isOurs(header.path[2] ?? ''))
      .map((table) => lines(text, table.header.start, endOf(table), true)),
  ];
  return checked(text, applied(text, edits), entry);
}

/** The file without the entry, first as if it had been added at the end of a line; undefined where there is none. */
export function withoutTomlEntry(text: string, { key, name }: Pick<TomlEntry, 'key' | 'name'>): string[] | undefined {
  const entry = { key, name };
  if (serversOf(read(text), key)[name] === undefined) return undefined;
  const own = tables(text, entry);
  if (own.length === 0) throw inAnotherForm(entry);
  const cut = (gap: boolean) =>
    applied(
      text,
      own.map((table) => lines(text, table.header.start, endOf(table), gap)),
    );
  return [true, false].map((gap) => checked(text, cut(gap), entry));
}

/** Strings, lists of strings and flat tables of strings: more an entry does not have. */
const pairs = (value: TomlEntry['value']) =>
  Object.entries(value).map(([field, each]) => `${field} = ${written(each)}`);

function written(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(written).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value).replaceAll('\u007f', '\\u007f');
  return `{ ${Object.entries(value)
    .map(([field, each]) => `${tomlKey(field)} = ${written(each)}`)
    .join(', ')} }`;
}

const tomlKey = (name: string) => (/^[\w-]+$/.test(name) ? name : JSON.stringify(name));

function read(text: string): Table {
  try {
    return parse(text.replace(/^\uFEFF/, ''), { integersAsBigInt: true });
  } catch (error) {
    if (!(error instanceof TomlError)) throw new Unsafe('it is nested too deeply to be read');
    const [reason = ''] = error.message.replace(/^Invalid TOML document: /, '').split('\n');
    throw new Unsafe(`it is no TOML: ${reason}`, { line: error.line, column: error.column });
  }
}

function serversOf(document: Table, key: string): Table {
  const servers = document[key];
  if (servers === undefined) return {};
  if (typeof servers !== 'object' || servers === null || Array.isArray(servers)) throw new Unsafe(`${key} is no table`);
  return servers as Table;
}

interface OwnTable {
  readonly header: Statement;
  readonly pairs: readonly Statement[];
}

/** The entry's own table and those below it. */
function tables(text: string, { key, name }: Pick<TomlEntry, 'key' | 'name'>): OwnTable[] {
  const all: { header: Statement; pairs: Statement[] }[] = [];
  for (const statement of statements(text).statements) {
    if (statement.kind === 'pair') all.at(-1)?.pairs.push(statement);
    else all.push({ header: statement, pairs: [] });
  }
  return all.filter(({ header: { path } }) => path[0] === key && path[1] === name);
}

/** Where the line ends in which this place is. */
const lineOf = (text: string, from: number) => from + (/^[^\r\n]*/.exec(text.slice(from))?.[0].length ?? 0);

const endOf = ({ header, pairs }: OwnTable) => pairs.at(-1)?.end ?? header.end;

/** Takes the lines away from the first place to the last, with the remark behind them, and the empty line before them. */
function lines(text: string, from: number, to: number, gap = false): Edit {
  let at = from;
  while (at > 0 && /[ \t]/.test(text[at - 1] ?? '')) at--;
  const end = lineOf(text, to);
  const breakAfter = /^(\r\n|\n|\r)?/.exec(text.slice(end))?.[0] ?? '';
  const before = text.slice(0, at);
  const empty = gap ? /(?:^|\r\n|\n|\r)(\r\n|\n|\r)$/.exec(before)?.[1] : undefined;
  at -= empty?.length ?? 0;
  // At the end of a file that does not end its last line, the line before it shall not end either.
  if (gap && breakAfter === '') at -= /(\r\n|\n|\r)$/.exec(text.slice(0, at))?.[0].length ?? 0;
  return { at, remove: end + breakAfter.length - at, insert: '' };
}

const inAnotherForm = ({ key, name }: Pick<TomlEntry, 'key' | 'name'>) =>
  new Unsafe(`its entry ${name} does not stand under a header of its own, [${key}.${tomlKey(name)}]`);

const plain = (value: unknown) =>
  JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? String(each) : each));

/** Throws `Unsafe` where the entry is not what it should be, anything else has changed, or the result is no TOML. */
function checked(before: string, after: string, { key, name, value }: Omit<TomlEntry, 'value'> & Partial<TomlEntry>) {
  const split = (text: string) => {
    const document = read(text);
    const { [name]: own, ...servers } = serversOf(document, key);
    return { own: own as Table | undefined, others: { ...document, [key]: servers } };
  };
  const { others } = split(before);
  let result: ReturnType<typeof split>;
  try {
    result = split(after);
  } catch {
    throw new Unsafe(`${key} is written in a way that no table can be added to or taken from`);
  }
  const fields = Object.entries(value ?? {});
  const isRight =
    value === undefined
      ? result.own === undefined
      : fields.every(([field, each]) => plain(result.own?.[field]) === plain(each));
  if (!isRight || !isDeepStrictEqual(others, result.others)) {
    throw new Unsafe('the change would touch more than its own entry');
  }
  return after;
}
