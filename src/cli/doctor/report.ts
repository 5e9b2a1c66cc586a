/** How `doctor` shows its findings to a person: in sections on a terminal, one line each in a pipe. */
import { hanging, widthOf } from '../layout.js';
import { isTerminal, plain, print, style, width } from '../terminal.js';
import type { Finding } from './finding.js';
import { type Examined, titles } from './sections.js';

const colours = { ok: 'green', warn: 'yellow', fail: 'red', skip: 'dim' } as const;

export function show({ section, findings }: Examined, scrub: (text: string) => string): void {
  const clean = (text: string) => plain(scrub(text));
  const lines = findings.map(({ message, fix, ...rest }) => ({
    ...rest,
    message: clean(message),
    ...(fix && { fix: clean(fix) }),
  }));
  if (lines.length === 0) return;
  if (isTerminal()) print([style('bold', titles[section]), ...lines.flatMap(paragraph), ''].join('\n'));
  else print(lines.map(line).join('\n'));
}

/** What it comes to; a script has the exit code. */
export function sum(findings: readonly Finding[]): void {
  if (!isTerminal()) return;
  const of = (wanted: Finding['level']) => findings.filter(({ level }) => level === wanted).length;
  const [failures, warnings] = [of('fail'), of('warn')];
  if (failures + warnings === 0) print(style('green', 'Nothing is wrong.'));
  else
    print(style(failures > 0 ? 'red' : 'yellow', `${counted(failures, 'failure')}, ${counted(warnings, 'warning')}.`));
}

const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`;

const head = ({ level, check }: Finding) => `${style(colours[level], level.padEnd(4))}  ${check.padEnd(18)}  `;

const line = (finding: Finding) => head(finding) + finding.message + (finding.fix ? ` — ${finding.fix}` : '');

function paragraph(finding: Finding): string[] {
  const start = `  ${head(finding)}`;
  return [
    ...hanging(start, finding.message, width()),
    ...(finding.fix ? hanging(`${' '.repeat(widthOf(start))}→ `, finding.fix, width()) : []),
  ];
}
