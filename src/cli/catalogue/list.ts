/** The catalogue as a table by area: one line per action where the terminal is wide enough, else two. */
import { areas, type Risk } from '../../../tools/index.js';
import { columns, widthOf } from '../layout.js';
import { style } from '../terminal.js';
import type { Entry } from './entry.js';

export function listing(entries: readonly Entry[], width: number): string {
  const rows = columns(
    entries.map(({ action: { id, risk, scopes, label } }) => [`  ${id}`, coloured(risk), scopes.join(' | '), label]),
  );
  const fits = rows.every((row) => widthOf(row) <= width);
  const lines = new Map(entries.map((entry, index) => [entry, fits ? (rows[index] ?? '') : twoLines(entry)]));
  return areas
    .map(({ id, title }) => ({ id, title, here: entries.filter(({ area }) => area === id) }))
    .filter(({ here }) => here.length > 0)
    .map(({ id, title, here }) =>
      [`${style('bold', title)} ${style('dim', `--area ${id}`)}`, ...here.map((entry) => lines.get(entry))].join('\n'),
    )
    .join('\n\n');
}

const twoLines = ({ action: { id, risk, scopes } }: Entry) => `  ${id}\n    ${coloured(risk)}, ${scopes.join(' | ')}`;

const colours = { read: 'green', write: 'cyan', privilege: 'yellow', destructive: 'red', secret: 'magenta' } as const;

export const coloured = (risk: Risk): string => style(colours[risk], risk);
