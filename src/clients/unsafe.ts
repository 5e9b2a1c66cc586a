/** Why a client's file is left alone: what is wrong in it, and where. */
export class Unsafe extends Error {
  override readonly name = 'Unsafe';
  /** Counted from 1. */
  readonly at: { readonly line: number; readonly column: number } | undefined;
  /** What to do, where mending the file is not it. */
  readonly next: string | undefined;

  constructor(message: string, at?: { readonly line: number; readonly column: number }, next?: string) {
    super(message);
    this.at = at;
    this.next = next;
  }
}

export function positionOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split(/\r\n|\r|\n/);
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
}
