/** Plain text in columns and paragraphs. Pure: knows no terminal; widths are arguments. */
import { stripVTControlCharacters } from 'node:util';

/** What a text takes up on a screen: colours take nothing. */
export const widthOf = (text: string): number => stripVTControlCharacters(text).length;

/** Rows with every column but the last padded to its widest cell, two spaces between. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, widthOf(cell));
  }
  return rows.map((row) =>
    row
      .map((cell, index) => cell + ' '.repeat((widths[index] ?? 0) - widthOf(cell)))
      .join('  ')
      .trimEnd(),
  );
}

/** The text in lines of at most `width` characters. A longer word keeps its line to itself. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter((each) => each !== '')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

/** `head` and then the text, wrapped, with further lines under its beginning. */
export function hanging(head: string, text: string, width: number): string[] {
  const indent = ' '.repeat(widthOf(head));
  return wrap(text, Math.max(20, width - indent.length)).map((line, index) => (index === 0 ? head : indent) + line);
}
