/** A client's JSON file as a tree with places: comments and trailing commas are fine, anything else odd is refused. Pure. */
import { createScanner, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { lineEnd } from './text-edit.js';
import { positionOf, Unsafe } from './unsafe.js';

export interface JsonDocument {
  /** Without the byte order mark. */
  readonly text: string;
  readonly root: Node;
  readonly eol: '\n' | '\r\n';
  /** One step of indentation; undefined where everything is on one line. */
  readonly unit: string | undefined;
  /** Whether a space follows colons and commas on one line. */
  readonly spaced: boolean;
}

/** What the parser calls the mistake, for people. */
const mistakes: Record<string, string> = {
  InvalidSymbol: 'there is a word JSON does not know',
  InvalidNumberFormat: 'a number is not written as JSON has it',
  PropertyNameExpected: 'a property name in double quotes is missing',
  ValueExpected: 'a value is missing',
  ColonExpected: 'a colon is missing',
  CommaExpected: 'a comma is missing',
  CloseBraceExpected: 'a closing brace is missing',
  CloseBracketExpected: 'a closing bracket is missing',
  EndOfFileExpected: 'something follows the end of the object',
  UnexpectedEndOfComment: 'a comment is not ended',
  UnexpectedEndOfString: 'a string is not ended',
};

/** Throws `Unsafe`. The text is not blank. */
export function readJson(text: string): JsonDocument {
  const errors: ParseError[] = [];
  let root: Node | undefined;
  try {
    root = parseTree(text, errors, { allowTrailingComma: true });
  } catch {
    throw new Unsafe('it is nested too deeply to be read');
  }
  const [error] = errors;
  if (error !== undefined || root === undefined) {
    const code = error === undefined ? 'ValueExpected' : printParseErrorCode(error.error);
    throw new Unsafe(`it is no JSON: ${mistakes[code] ?? 'it cannot be read'}`, positionOf(text, error?.offset ?? 0));
  }
  if (root.type !== 'object') throw new Unsafe('it holds no object', positionOf(text, root.offset));
  return { text, root, eol: lineEnd(text), unit: unitOf(text, root), spaced: !/"\s*:(?=[^\s])/.test(text) };
}

function unitOf(text: string, root: Node): string | undefined {
  if (!/[\r\n]/.test(text.slice(root.offset, root.offset + root.length))) return undefined;
  const first = root.children?.[0];
  const lead = first === undefined ? undefined : /[\r\n]([ \t]+)$/.exec(text.slice(0, first.offset))?.[1];
  return lead ?? '  ';
}

/** The property of this name: its node, which holds name and value. Throws `Unsafe` where there are several. */
export function property({ text }: JsonDocument, object: Node, name: string): Node | undefined {
  const found = (object.children ?? []).filter(({ children }) => children?.[0]?.value === name);
  const [first, second] = found;
  if (second !== undefined) {
    const earlier = positionOf(text, first?.offset ?? 0).line;
    throw new Unsafe(
      `${JSON.stringify(name)} is there twice, first in line ${earlier}`,
      positionOf(text, second.offset),
    );
  }
  return first;
}

/** The value of a property, of this type. Throws `Unsafe` for another. */
export function valueAt(
  document: JsonDocument,
  object: Node,
  name: string,
  type: 'object' | 'array',
): { readonly property: Node; readonly value: Node } | undefined {
  const found = property(document, object, name);
  const value = found?.children?.[1];
  if (found === undefined || value === undefined) return undefined;
  if (value.type !== type) {
    const wanted = type === 'object' ? 'an object' : 'a list';
    throw new Unsafe(`${JSON.stringify(name)} is not ${wanted}`, positionOf(document.text, value.offset));
  }
  return { property: found, value };
}

export interface Token {
  readonly kind: number;
  readonly start: number;
  readonly end: number;
}

/** The scanner's numbers: its own enumeration is gone when TypeScript compiles file by file. */
export const kinds = { comma: 5, string: 10, number: 11, lineComment: 12, blockComment: 13 } as const;
const skipped = { lineBreak: 14, space: 15, end: 17 } as const;

export const isComment = ({ kind }: Token): boolean => kind === kinds.lineComment || kind === kinds.blockComment;

/** The tokens between two places, comments included, white space not. */
export function tokens(text: string, from: number, to: number): Token[] {
  const scanner = createScanner(text, false);
  scanner.setPosition(from);
  const found: Token[] = [];
  for (;;) {
    const kind: number = scanner.scan();
    const start = scanner.getTokenOffset();
    if (kind === skipped.end || start >= to) return found;
    if (kind === skipped.space || kind === skipped.lineBreak) continue;
    found.push({ kind, start, end: start + scanner.getTokenLength() });
  }
}
