/** The bench's Markdown: the goals with what came out, then each measure in full. Pure. */
import type { Finding, Section } from './context.js';
import { missedBy } from './goals.js';
import { rounded } from './numbers.js';

export function report(about: readonly string[], sections: readonly Section[]): string {
  const findings = sections.flatMap((section) => section.findings);
  const goals = [['measure', 'unit', 'best peer', 'here', 'must', 'stretch', 'missed by'], ...findings.map(row)];
  return [
    ...about.flatMap((line) => [line, '']),
    '## Goals',
    '',
    ...tableOf(goals),
    ...sections.flatMap(({ title, table, remarks = [] }) => [
      '',
      `## ${title}`,
      '',
      ...tableOf(table),
      ...remarks.flatMap((remark) => ['', remark]),
    ]),
    '',
  ].join('\n');
}

function row({ goal, value, best }: Finding): string[] {
  const sign = goal.atLeast ? '≥' : '≤';
  return [
    goal.what,
    goal.unit,
    best === undefined ? '' : rounded(best),
    value === undefined ? '–' : rounded(value),
    `${sign} ${goal.must}`,
    goal.stretch === undefined ? '' : `${sign} ${goal.stretch}`,
    missedBy(goal, value),
  ];
}

function tableOf([head = [], ...rows]: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}
