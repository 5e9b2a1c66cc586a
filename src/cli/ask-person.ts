/** Asks the person at this terminal. Only a real terminal counts: a program that pipes a "yes" is no person. */
import { userInfo } from 'node:os';
import process from 'node:process';
import { createInterface } from 'node:readline/promises';
import type { AskedQuestion, Form, FormAnswer } from '../guard/approvals.js';
import { note, style } from './terminal.js';

/** Whether somebody can be asked here. */
export const hasPerson = (): boolean => process.stdin.isTTY === true && process.stderr.isTTY === true;

/** Shows the question and waits for the answer. Ctrl-C and Ctrl-D answer nothing. */
export async function askPerson({ lines, typed }: AskedQuestion, signal?: AbortSignal): Promise<FormAnswer> {
  const [title = '', ...facts] = lines;
  note(['', style('bold', title, process.stderr), ...facts.map((line) => `  ${line}`), ''].join('\n'));
  const prompt = typed === undefined ? 'Do it? Type yes or no: ' : `To do it, type ${typed}; else no: `;
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  const closed = new AbortController();
  reader.once('close', () => closed.abort());
  const signals = signal === undefined ? [closed.signal] : [closed.signal, signal];
  try {
    const answer = (await reader.question(prompt, { signal: AbortSignal.any(signals) })).trim();
    if (/^no?$/i.test(answer)) return { kind: 'declined' };
    if (typed !== undefined) return answer === '' ? { kind: 'unclear' } : { kind: 'approved', typed: answer };
    return { kind: /^yes$/i.test(answer) ? 'approved' : 'unclear' };
  } catch (error) {
    if (error instanceof Error && error.name === 'AbortError') return { kind: 'cancelled' };
    throw error;
  } finally {
    reader.close();
  }
}

/** The terminal as the way to ask, for calls made on the command line. */
export const terminalForm = (signal: AbortSignal): Form | undefined =>
  hasPerson() ? { atTerminal: whoIsHere(), ask: (asked) => askPerson(asked, signal) } : undefined;

/** The user of this machine who sits here. */
export function whoIsHere(): string {
  try {
    return userInfo().username;
  } catch {
    return 'unknown user';
  }
}
