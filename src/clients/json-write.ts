/** Puts a child into an object or a list of a JSON file, or takes one out, in the layout that is there. Pure. */
import type { Node } from 'jsonc-parser';
import { type JsonDocument, kinds, tokens } from './json-document.js';
import { afterText, type Edit, indentAt } from './text-edit.js';

/** Writes a value on lines that begin with this indentation, or on one line where there is none. */
export type Write = (indent: string | undefined) => string;

export const member =
  (document: JsonDocument, name: string, value: unknown): Write =>
  (indent) =>
    `${JSON.stringify(name)}:${document.spaced ? ' ' : ''}${item(document, value)(indent)}`;

export const item =
  ({ eol, unit, spaced }: JsonDocument, value: unknown): Write =>
  (indent) =>
    indent === undefined || unit === undefined
      ? onOneLine(value, spaced ? ' ' : '')
      : JSON.stringify(value, undefined, unit).replaceAll('\n', eol + indent);

function onOneLine(value: unknown, space: string): string {
  if (Array.isArray(value)) return `[${value.map((each) => onOneLine(each, space)).join(`,${space}`)}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(
    ([name, each]) => `${JSON.stringify(name)}:${space}${onOneLine(each, space)}`,
  );
  return members.length === 0 ? '{}' : `{${space}${members.join(`,${space}`)}${space}}`;
}

/** As the last child. */
export function append(document: JsonDocument, parent: Node, write: Write): Edit[] {
  const { text, eol, unit, spaced } = document;
  const end = parent.offset + parent.length - 1;
  const last = parent.children?.at(-1);
  if (last === undefined) {
    // White space that ends in a line of its own closes the braces already, and stays.
    const at = Math.max(afterText(text, end), parent.offset + 1);
    if (unit === undefined) return [{ at, remove: 0, insert: write(undefined) }];
    const outer = indentAt(text, parent.offset);
    const closing = /[\r\n]/.test(text.slice(at, end)) ? '' : eol + outer;
    return [{ at, remove: 0, insert: eol + outer + unit + write(outer + unit) + closing }];
  }
  const lastEnd = last.offset + last.length;
  const own = ownIndent(text, last);
  const trailing = tokens(text, lastEnd, end);
  const comma = trailing.find(({ kind }) => kind === kinds.comma);
  // A remark behind the last child, on its line, keeps its place.
  const beside = trailing.filter(({ start }) => !/[\r\n]/.test(text.slice(lastEnd, start)));
  const at = beside.at(-1)?.end ?? comma?.end ?? lastEnd;
  const breaks = own !== undefined || beside.some(({ kind }) => kind === kinds.lineComment);
  const separator = breaks ? eol + (own ?? indentAt(text, last.offset)) : spaced ? ' ' : '';
  return [
    ...(comma === undefined ? [{ at: lastEnd, remove: 0, insert: ',' }] : []),
    {
      at: Math.max(at, comma?.end ?? 0),
      remove: 0,
      insert: separator + write(own) + (comma === undefined ? '' : ','),
    },
  ];
}

/** The indentation of a child that begins its line. */
function ownIndent(text: string, child: Node): string | undefined {
  return /(?:^|[\r\n])([ \t]*)$/.exec(text.slice(0, child.offset))?.[1];
}

/** In place of a value. */
export function replace({ text }: JsonDocument, child: Node, value: Node, write: Write): Edit {
  return { at: value.offset, remove: value.length, insert: write(ownIndent(text, child)) };
}

/** Without this child; the last way of several takes the least. */
export function removal({ text, eol }: JsonDocument, parent: Node, child: Node): Edit[][] {
  const children = parent.children ?? [];
  const index = children.indexOf(child);
  const end = parent.offset + parent.length - 1;
  const childEnd = child.offset + child.length;
  const following = tokens(text, childEnd, children[index + 1]?.offset ?? end);
  const comma = following.find(({ kind }) => kind === kinds.comma);
  const start = startOf(text, parent, child, comma?.end ?? childEnd);
  const own: Edit[] =
    comma === undefined
      ? [{ at: start, remove: childEnd - start, insert: '' }]
      : [
          { at: start, remove: childEnd - start, insert: '' },
          { at: comma.start, remove: 1, insert: '' },
        ];
  const before = children[index - 1];
  if (before === undefined && comma === undefined && following.length === 0) {
    // The last one goes: the braces close up, unless a remark is in them or what surrounded the child was there before.
    const closing = eol + indentAt(text, parent.offset);
    const withBreak = text.startsWith(closing, childEnd) ? closing.length : 0;
    const open: Edit[] = [{ at: start, remove: childEnd + withBreak - start, insert: '' }];
    if (start === parent.offset + 1) return [[{ at: start, remove: end - start, insert: '' }], open, own];
    const remark = tokens(text, parent.offset, child.offset).at(-1);
    return remark?.kind === kinds.lineComment ? [own] : [own, open];
  }
  if (before === undefined || comma !== undefined) return [own];
  const separating = tokens(text, before.offset + before.length, child.offset).find(({ kind }) => kind === kinds.comma);
  return [separating === undefined ? own : [{ at: separating.start, remove: 1, insert: '' }, ...own]];
}

/** With the white space before it, but for a line break that ends a remark where something follows on the same line. */
function startOf(text: string, parent: Node, child: Node, end: number): number {
  const previous = tokens(text, parent.offset, child.offset).at(-1);
  const start = Math.max(afterText(text, child.offset), parent.offset + 1);
  const restOfLine = /^[^\r\n]*/.exec(text.slice(end))?.[0] ?? '';
  const endsRemark = previous?.kind === kinds.lineComment;
  return endsRemark && restOfLine.trim() !== '' ? child.offset : start;
}
