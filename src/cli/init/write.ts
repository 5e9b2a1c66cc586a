/** Shows each change to a client's file, asks, and writes it. What was done is told even when something later fails. */
import process from 'node:process';
import { applyPlan, type Plan } from '../../clients/plan.js';
import { abbreviateHome } from '../../core/paths.js';
import { note, plain, style } from '../terminal.js';
import type { Asker } from './asker.js';

export interface Outcome {
  readonly client: string;
  readonly path?: string;
  readonly name: string;
  readonly outcome: 'written' | 'already so' | 'declined' | 'to paste';
  readonly backup?: string;
  readonly block?: string;
}

/** Without an asker the changes are shown and carried out. */
export async function writePlans(plans: readonly Plan[], home: string, asker: Asker | undefined): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const plan of plans) {
    const { client, name, path } = plan;
    const shown = abbreviateHome(path, { home });
    note(`\n${style('bold', `${client.title}: ${shown}`, process.stderr)}\n${coloured(plan.diff)}`);
    if (asker !== undefined && !(await asker.confirm('Write it?'))) {
      outcomes.push({ client: client.id, path, name, outcome: 'declined' });
      continue;
    }
    const backup = await applyPlan(plan, new Date());
    note(`Written.${backup === undefined ? '' : ` The file as it was: ${abbreviateHome(backup, { home })}`}`);
    outcomes.push({ client: client.id, path, name, outcome: 'written', ...(backup !== undefined && { backup }) });
  }
  return outcomes;
}

function coloured(diff: string): string {
  const colours: Readonly<Record<string, 'green' | 'red' | 'cyan'>> = { '+': 'green', '-': 'red', '@': 'cyan' };
  return diff
    .split('\n')
    .map((line) => {
      // Names and paths of others are shown; none of them may steer the terminal.
      const text = line.slice(0, 1) + plainLine(line.slice(1));
      const colour = colours[line[0] ?? ''];
      return colour === undefined ? text : style(colour, text, process.stderr);
    })
    .join('\n');
}

/** `plain` trims; the indentation of a file says something. */
const plainLine = (text: string) => /^\s*/.exec(text)?.[0].replace(/[^ \t]/g, '') + plain(text);
