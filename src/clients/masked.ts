/**
 * A client's file with every value that is not ours hidden, line by line as it was: other servers' entries hold keys
 * and passwords, and a difference shows what is around a change. Of our own entry only what may be secret is hidden. Pure.
 */
import type { Node } from 'jsonc-parser';
import { isComment, kinds, readJson, tokens, valueAt } from './json-document.js';
import { applied, type Edit } from './text-edit.js';
import { statements, stringEnd } from './toml-statements.js';

export interface Own {
  readonly key: string;
  readonly name: string;
  /** The id of what the client asks its user for. */
  readonly input?: string | undefined;
}

const hidden = '…';
const secretNames = /secret|token|password|authorization|api.?key/i;
/** `${…}` and `Bearer ${…}` name a secret, and are none. */
const reference = /^(Bearer )?\$\{[\w:.-]+\}$/;

/** The password of an address, such as that of a proxy or a store. */
const withPassword = /:\/\/[^\s/"'@:]*:[^\s/"'@]+@/;

const isSecret = (field: string, value: string) =>
  withPassword.test(value) ||
  (secretNames.test(field) && !reference.test(value) && !/(_FILE|_env_var|_KEYCHAIN)$/i.test(field));

export function maskedJson(source: string, { key, name, input }: Own): string {
  const text = source.replace(/^\uFEFF/, '');
  if (text.trim() === '') return text;
  const document = readJson(text);
  const servers = valueAt(document, document.root, key, 'object')?.value;
  const own = (servers?.children ?? []).filter((child) => child.children?.[0]?.value === name);
  const isInput = ({ children }: Node) =>
    (children ?? []).some(({ children: pair }) => pair?.[0]?.value === 'id' && pair[1]?.value === input);
  const edits: Edit[] = [];
  const visit = (node: Node, field: string, isOwn: boolean): void => {
    if (node.type === 'property') {
      const [label, value] = node.children ?? [];
      if (value !== undefined) visit(value, String(label?.value), isOwn || own.includes(node));
    } else if (node.children !== undefined) {
      const known = isOwn || (input !== undefined && isInput(node));
      for (const child of node.children) visit(child, field, known);
    } else if ((node.type === 'string' || node.type === 'number') && (!isOwn || isSecret(field, String(node.value)))) {
      edits.push({ at: node.offset, remove: node.length, insert: node.type === 'string' ? `"${hidden}"` : hidden });
    }
  };
  visit(document.root, '', false);
  for (const token of tokens(text, 0, text.length).filter(isComment)) {
    const [open, close] = token.kind === kinds.lineComment ? ['//', ''] : ['/*', '*/'];
    edits.push(hiddenRemark(text, token.start, token.end, open, close));
  }
  return applied(text, edits);
}

export function maskedToml(source: string, { key, name }: Own): string {
  const text = source.replace(/^\uFEFF/, '');
  const { statements: all, remarks } = statements(text);
  const edits: Edit[] = remarks.map(({ start, end }) => hiddenRemark(text, start, end, '#', ''));
  let header: readonly string[] = [];
  for (const { kind, path, value, end } of all) {
    if (kind !== 'pair') header = path;
    else if (header[0] !== key || header[1] !== name) edits.push(...hiddenValues(text, value, end));
    else if (mayHold(text.slice(value, end)) || secretNames.test(path.join('.'))) {
      const field = path.at(-1) ?? '';
      if (!/_env_var$|^env_http_headers$/.test(field)) edits.push(...hiddenValues(text, value, end, field !== 'env'));
    }
  }
  return applied(text, edits);
}

const mayHold = (text: string) => secretNames.test(text) || withPassword.test(text);

/** Line breaks in a remark stay. */
function hiddenRemark(text: string, start: number, end: number, open: string, close: string): Edit {
  const breaks = text.slice(start, end).match(/\r\n|\n|\r/g) ?? [];
  return { at: start, remove: end - start, insert: `${open} ${hidden}${breaks.join('')}${close && ` ${close}`}` };
}

/** Strings and numbers of a TOML value. `all`: not only those that stand under a name of a secret. */
function hiddenValues(text: string, from: number, to: number, all = true): Edit[] {
  const edits: Edit[] = [];
  let at = from;
  while (at < to) {
    const quote = text[at];
    if (quote === '"' || quote === "'") {
      const end = stringEnd(text, at);
      const isKey = /^[ \t]*=/.test(text.slice(end, end + 20));
      const field = /(?<![\w"'-])([\w"'-]+)\s*=\s*$/.exec(text.slice(Math.max(from, at - 200), at))?.[1] ?? '';
      if (!isKey && (all || isSecret(field.replace(/["']/g, ''), text.slice(at + 1, end - 1)))) {
        const breaks = text.slice(at, end).match(/\r\n|\n|\r/g) ?? [];
        edits.push({ at, remove: end - at, insert: `"${hidden}${breaks.join('')}"` });
      }
      at = end;
    } else {
      const number = /^[+-]?\d[\w.:+-]*/.exec(text.slice(at, to))?.[0];
      const startsWord = !/[\w.]/.test(text[at - 1] ?? '');
      if (all && number !== undefined && startsWord && !/^[\w.:+-]*\s*=/.test(text.slice(at, to))) {
        edits.push({ at, remove: number.length, insert: hidden });
        at += number.length;
      } else at++;
    }
  }
  return edits;
}
