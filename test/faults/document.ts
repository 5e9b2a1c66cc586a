/** The generated parts of docs/reliability.md: the fault table and the list of scenarios, each between two markers. */
import { join } from 'node:path';
import { scenarioTable, table } from '../scenario.js';
import type { FaultCase } from './case.js';
import { inWords } from './judge.js';
import type { Observed } from './run.js';
import { rowsOf, scenarios } from './scenarios.js';
import { subjects } from './subjects.js';

export const documentPath = join(import.meta.dirname, '../../../docs/reliability.md');

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

export const scenariosAsTable = (): string =>
  scenarioTable(scenarios, (id) => {
    const rows = rowsOf(id);
    return rows === 0 ? [] : [`fault table (${rows} ${rows === 1 ? 'row' : 'rows'})`];
  });
