/** The generated parts of docs/reliability.md: the fault table and the list of scenarios, each between two markers. */
import { join } from 'node:path';
import type { FaultCase } from './case.js';
import { inWords } from './judge.js';
import type { Observed } from './run.js';
import { rowsOf, scenarios } from './scenarios.js';
import { subjects } from './subjects.js';

export const documentPath = join(import.meta.dirname, '../../../docs/reliability.md');

const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
const table = (header: readonly string[], rows: readonly (readonly string[])[]): string =>
  [header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.map(cell).join(' | ')} |`).join('\n');

/** One row per fault. Reads execute nothing, so their count is a dash. */
export function faultTable(results: readonly (readonly [FaultCase, Observed])[]): string {
  const isRead = ({ ends }: Observed) => ends === 'answered' || ends === 'failed';
  return table(
    ['Fault', 'Call', 'What happens here', 'Executions', 'Scenario'],
    results.map(([row, seen]) => [
      row.name,
      `\`${subjects[row.subject].action}\``,
      inWords(seen),
      isRead(seen) ? '–' : String(seen.effects),
      row.scenarios.join(', '),
    ]),
  );
}

export function scenarioTable(): string {
  return table(
    ['Scenario', 'About', 'Proven by'],
    scenarios.map(({ id, about, proofs, but }) => {
      const files = [...new Set(proofs.map(([file]) => `\`${file}\``))];
      const rows = rowsOf(id);
      const named = rows === 0 ? files : [`fault table (${rows} ${rows === 1 ? 'row' : 'rows'})`, ...files];
      return [id, about, named.join(', ') + (but === undefined ? '' : `. ${but}`)];
    }),
  );
}

/** The text with what stands between the markers of this name replaced. */
export function withSection(text: string, name: string, content: string): string {
  const [start, end] = [`<!-- ${name}:start -->`, `<!-- ${name}:end -->`];
  const [from, to] = [text.indexOf(start), text.indexOf(end)];
  if (from === -1 || to < from) throw new Error(`There are no markers ${start} and ${end}.`);
  return `${text.slice(0, from + start.length)}\n${content}\n${text.slice(to)}`;
}
