/** Scenarios a page promises to withstand, each with the files and the words in them that prove it. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

export interface Scenario {
  readonly id: string;
  readonly about: string;
  /** The words of a test title or of a row in the named file. */
  readonly proofs: readonly (readonly [file: string, words: string])[];
  /** What is missing, and why. */
  readonly but?: string;
}

export const scenario = (id: string, about: string, proofs: Scenario['proofs'] = [], but?: string): Scenario => ({
  id,
  about,
  proofs,
  ...(but !== undefined && { but }),
});

/** `S011` to `S038`. */
export const numbers = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, at) => `S${String(from + at).padStart(3, '0')}`);

/** Every file named exists and has the words. */
export function assertProven({ id, proofs }: Scenario): void {
  for (const [file, words] of proofs) {
    assert.ok(readFileSync(join(root, file), 'utf8').includes(words), `${id}: ${file} says nothing of "${words}"`);
  }
}

const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

export const table = (header: readonly string[], rows: readonly (readonly string[])[]): string =>
  [header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.map(cell).join(' | ')} |`).join('\n');

/** `more`: what else proves a scenario, in words. */
export const scenarioTable = (scenarios: readonly Scenario[], more: (id: string) => string[] = () => []): string =>
  table(
    ['Scenario', 'About', 'Proven by'],
    scenarios.map(({ id, about, proofs, but }) => {
      const named = [...more(id), ...new Set(proofs.map(([file]) => `\`${file}\``))].join(', ');
      return [id, about, [named, but].filter((part) => part !== undefined && part !== '').join('. ')];
    }),
  );

/** The text with what stands between the markers of this name replaced. */
export function withSection(text: string, name: string, content: string): string {
  const [start, end] = [`<!-- ${name}:start -->`, `<!-- ${name}:end -->`];
  const [from, to] = [text.indexOf(start), text.indexOf(end)];
  if (from === -1 || to < from) throw new Error(`There are no markers ${start} and ${end}.`);
  return `${text.slice(0, from + start.length)}\n${content}\n${text.slice(to)}`;
}
