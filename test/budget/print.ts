/**
 * `npm run tokens`: prints what the lists weigh, tool by tool, against budget and goals. With `--write` the budget
 * becomes what there is now: look at the difference before committing it.
 */
import process from 'node:process';
import { overweight, readBudget, writeBudget } from './budget.js';
import { weigh } from './weigh.js';

const weights = await weigh();
if (process.argv.includes('--write')) writeBudget(weights);
const budget = readBudget();

const texts = Object.entries(weights.texts).map(([name, { tokens, bytes }]) => {
  const { must, stretch } = budget.goals[name] ?? {};
  const missed = must !== undefined && tokens > must ? `${tokens - must} over` : '';
  return `| ${name} | ${tokens} | ${bytes} | ${must ?? ''} | ${stretch ?? ''} | ${missed} |`;
});
const tools = Object.entries(weights.tools)
  .sort(([, a], [, b]) => b - a)
  .map(([name, tokens]) => `| ${name} | ${tokens} | ${budget.tools[name] ?? ''} |`);
const wrong = overweight(weights, budget);

process.stdout.write(
  [
    '| text | tokens (o200k) | bytes | must | stretch | missed by |',
    '|---|---|---|---|---|---|',
    ...texts,
    '',
    `${weights.packages} packages; the bundle has ${weights.bundle} bytes.`,
    '',
    '| tool | tokens | budget |',
    '|---|---|---|',
    ...tools,
    '',
    ...(wrong.length === 0 ? ['Within the budget.'] : ['Over the budget:', ...wrong.map((line) => `- ${line}`)]),
    '',
  ].join('\n'),
);
process.exitCode = wrong.length === 0 ? 0 : 1;
