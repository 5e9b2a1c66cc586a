/** Questions to the person at this terminal, one line each. A secret leaves no trace on the screen. */
import process from 'node:process';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { failed } from '../../core/errors.js';
import { note, plain, style } from '../terminal.js';

export interface Choice<T> {
  readonly label: string;
  /** What may be typed instead of its number. */
  readonly word: string;
  readonly value: T;
}

export interface Asker {
  /** Ends when the person ends the conversation (Ctrl-C, Ctrl-D). */
  readonly signal: AbortSignal;
  say(text: string): void;
  /** `check` returns the answer as it counts, or complains by throwing an `Unusable`. */
  text<T>(question: string, check: (answer: string) => T, fallback?: string): Promise<T>;
  secret(question: string): Promise<string>;
  confirm(question: string): Promise<boolean>;
  one<T>(question: string, choices: readonly Choice<T>[]): Promise<T>;
  /** Any number, none of them chosen beforehand. */
  several<T>(question: string, choices: readonly Choice<T>[]): Promise<T[]>;
  close(): void;
}

/** An answer that does not do; the question is put again. */
export class Unusable extends Error {
  override readonly name = 'Unusable';
}

/** One reader for the whole conversation, so that pasted lines are not lost between two questions. */
export function createAsker(): Asker {
  let silent = false;
  const output = new Writable({
    write(chunk: Buffer, _encoding, done) {
      if (!silent) process.stderr.write(chunk);
      done();
    },
  });
  // Without a history no later question can bring the secret back.
  const reader = createInterface({ input: process.stdin, output, terminal: true, historySize: 0 });
  const ended = new AbortController();
  reader.once('close', () => ended.abort());
  const { signal } = ended;

  const line = async (prompt: string): Promise<string> => {
    try {
      return await reader.question(prompt, { signal });
    } catch (error) {
      if (signal.aborted) {
        silent = false;
        note('');
        throw failed('cancelled', 'You ended it. What was stored or written is told above, and whole.', {
          next: 'Run it again to go on.',
        });
      }
      throw error;
    }
  };
  const say = (text: string) => note(text);

  async function text<T>(question: string, check: (answer: string) => T, fallback?: string): Promise<T> {
    const hint = fallback === undefined ? '' : ` [${fallback}]`;
    for (;;) {
      const answer = (await line(`${question}${hint}: `)).trim() || fallback || '';
      try {
        return check(answer);
      } catch (error) {
        if (!(error instanceof Unusable)) throw error;
        say(style('yellow', error.message, process.stderr));
      }
    }
  }

  const list = <T>(choices: readonly Choice<T>[]) =>
    say(choices.map(({ label }, index) => `  ${String(index + 1).padStart(2)}  ${plain(label)}`).join('\n'));
  const chosen = <T>(choices: readonly Choice<T>[], answer: string): Choice<T> => {
    const found = choices.find(({ word }, index) => answer === String(index + 1) || answer.toLowerCase() === word);
    if (found === undefined) throw new Unusable(`Type a number from 1 to ${choices.length}.`);
    return found;
  };

  return {
    signal,
    say,
    text,
    async secret(question) {
      for (;;) {
        process.stderr.write(`${question} (nothing is shown): `);
        silent = true;
        const answer = await line('').finally(() => {
          silent = false;
        });
        say('');
        if (answer.trim() !== '') return answer.trim();
        say(style('yellow', 'Nothing came.', process.stderr));
      }
    },
    confirm: (question) =>
      text(`${question} Type yes or no`, (answer) => {
        if (/^y(es)?$/i.test(answer)) return true;
        if (/^no?$/i.test(answer)) return false;
        throw new Unusable('Type yes or no.');
      }),
    async one(question, choices) {
      list(choices);
      return (await text(question, (answer) => chosen(choices, answer))).value;
    },
    async several(question, choices) {
      list(choices);
      return text(`${question} (numbers such as 1 3; empty for none)`, (answer) => [
        ...new Set(
          answer
            .split(/[\s,]+/)
            .filter((each) => each !== '')
            .map((each) => chosen(choices, each).value),
        ),
      ]);
    },
    close: () => reader.close(),
  };
}
