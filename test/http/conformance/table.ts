/** The part of docs/http.md about conformance, from what the suite found. */
import { type Exception, exceptionFor, inBoth, inProgram, isBad } from './expected.js';
import { type Results, type Revision, revisions } from './suite.js';

export type Found = ReadonlyMap<Revision, Results>;

export function conformanceTable(program: Found, fixtures: Found): string {
  const scenarios = new Set([...program.values()].flatMap((each) => [...each.keys()]));
  const rows = [...scenarios].sort().map((scenario) => {
    const cells = revisions.map((revision) => cell(scenario, program.get(revision), fixtures.get(revision)));
    return `| \`${scenario}\` | ${cells.join(' | ')} |`;
  });
  return [
    `| Scenario | ${revisions.join(' | ')} |`,
    `|---|${revisions.map(() => '---|').join('')}`,
    ...rows,
    '',
    'What does not apply:',
    '',
    ...inBoth.map(({ reason }, at) => `${at + 1}. ${reason}`),
    '',
    'Why the program alone is not enough for some:',
    '',
    ...inProgram.map(told),
    '',
  ].join('\n');
}

const told = ({ reason, of }: Exception) => `- ${reason} (${of.map((name) => `\`${name}\``).join(', ')})`;

/** Who passes, and the numbers of the exceptions; empty where the revision does not have the scenario. */
function cell(scenario: string, program: Results | undefined, fixtures: Results | undefined): string {
  const own = program?.get(scenario);
  const others = fixtures?.get(scenario);
  if (own === undefined || others === undefined) return '';
  const isListed = (exceptions: readonly Exception[]) => (check: (typeof own)[number]) =>
    isBad(check) && exceptionFor(scenario, check, exceptions) !== undefined;
  const numbers = inBoth.flatMap((exception, at) => (others.some(isListed([exception])) ? [at + 1] : []));
  const notes = numbers.map((number) => ` (${number})`).join('');
  if (others.some(({ status }) => status === 'FAILURE') || others.every(isBad)) return `no${notes}`;
  return `${own.some(isListed(inProgram)) ? 'fixtures' : 'program'}${notes}`;
}
