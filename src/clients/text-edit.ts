/** Changes to a text, by place, and how the text is laid out. Pure: every byte outside the edits stays. */

export interface Edit {
  readonly at: number;
  /** Characters taken away there. */
  readonly remove: number;
  readonly insert: string;
}

/** The edits do not overlap; of two at one place the earlier comes first. */
export function applied(text: string, edits: readonly Edit[]): string {
  const ordered = edits
    .map((edit, index) => ({ edit, index }))
    .sort((a, b) => a.edit.at - b.edit.at || a.index - b.index);
  let result = '';
  let done = 0;
  for (const { edit } of ordered) {
    result += text.slice(done, edit.at) + edit.insert;
    done = edit.at + edit.remove;
  }
  return result + text.slice(done);
}

/** The line end most lines have. */
export function lineEnd(text: string): '\n' | '\r\n' {
  const windows = text.split('\r\n').length - 1;
  return windows * 2 > text.split('\n').length - 1 ? '\r\n' : '\n';
}

/** The white space the line begins with. */
export function indentAt(text: string, offset: number): string {
  const start = Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1)) + 1;
  return /^[ \t]*/.exec(text.slice(start))?.[0] ?? '';
}

/** Where the white space before this place begins. */
export function afterText(text: string, offset: number): number {
  let at = offset;
  while (at > 0 && /\s/.test(text[at - 1] ?? '')) at--;
  return at;
}
