/**
 * The only file that writes to stdout and stderr for commands. Results go to stdout, everything said about them to
 * stderr; colours only where a person looks and has not declined them.
 */
import process from 'node:process';
import { styleText } from 'node:util';

export { plain } from '../core/visible.js';

type Format = Extract<Parameters<typeof styleText>[0], string>;

let guarded = false;
let isPassing = false;

/** Writes a result, ending the line. */
export function print(text: string): void {
  guardPipe();
  process.stdout.write(`${text}\n`);
}

/** Writes a remark, ending the line. */
export function note(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** A line on the terminal that the next one replaces; an empty one leaves no trace. Nothing where nobody looks. */
export function passing(text: string): void {
  if (!process.stderr.isTTY) return;
  process.stderr.write(isPassing ? `\r\u001b[K${text}` : text);
  isPassing = text !== '';
}

/** A reader that has seen enough (`… | head`) is no error. */
export function guardPipe(): void {
  if (guarded) return;
  guarded = true;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
}

export const isTerminal = (): boolean => process.stdout.isTTY === true;

/** Columns of the terminal; a pipe has no edge. */
export const width = (): number => (isTerminal() ? process.stdout.columns || 80 : Number.POSITIVE_INFINITY);

/** Styles text for the stream it is meant for. */
export function style(
  format: Format | Format[],
  text: string,
  stream: NodeJS.WriteStream & { fd: 1 | 2 } = process.stdout,
): string {
  // https://no-color.org: any value that is not empty. `hasColors` knows the other ways to decline, and old terminals.
  const wanted = stream.isTTY === true && !process.env.NO_COLOR && stream.hasColors();
  return wanted ? styleText(format, text, { validateStream: false }) : text;
}
