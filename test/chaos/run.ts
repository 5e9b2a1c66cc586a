/**
 * `npm run chaos -- --rounds N [--slow N] [--kills N] [--seed S] [--workers W]`: random schedules of calls and faults, a
 * few that run into every time limit, and deaths of the server, through the real process. Ends with 1 on a violation
 * and prints the shrunk trial; `--seed S --path P` with the same kind of trial goes straight to it.
 */
import process from 'node:process';
import { parseArgs } from 'node:util';
import { faultTrial } from './faults.js';
import { deaths, killTrial } from './kill.js';
import { schedules, slowSchedules } from './schedule.js';
import { type Outcome, type Search, search, type Totals, tellFinding, tellTotals } from './search.js';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '0' },
    slow: { type: 'string', default: '0' },
    kills: { type: 'string', default: '0' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
    workers: { type: 'string', default: '8' },
    path: { type: 'string' },
    /** The `main.js` of another build. */
    server: { type: 'string' },
  },
});

const print = (text: string) => process.stdout.write(`${text}\n`);
const progressEvery = 10_000;

async function part<T>(name: string, how: Pick<Search<T>, 'arbitrary' | 'trial'>, rounds: number): Promise<boolean> {
  if (rounds === 0) return true;
  const seed = Number(values.seed);
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1_000;
  let told = started;
  print(`${name}: ${rounds} with seed ${seed}, ${values.workers} side by side`);
  const onTrial = (totals: Totals) => {
    if (performance.now() - told < progressEvery) return;
    told = performance.now();
    print(`  ${tellTotals(totals, seconds())}`);
  };
  const { totals, findings }: Outcome = await search({
    ...how,
    ...{ rounds, seed, workers: Number(values.workers), onTrial },
    ...(values.path !== undefined && { path: values.path }),
    ...(values.server !== undefined && { program: values.server }),
  });
  for (const finding of findings) print(tellFinding(finding, `--${name} ${rounds}`));
  print(`${name}: ${tellTotals(totals, seconds())}, ${findings.length} violated`);
  return findings.length === 0;
}

const good = [
  await part('rounds', { arbitrary: schedules, trial: faultTrial }, Number(values.rounds)),
  await part('slow', { arbitrary: slowSchedules, trial: faultTrial }, Number(values.slow)),
  await part('kills', { arbitrary: deaths, trial: killTrial }, Number(values.kills)),
];
if (good.includes(false)) process.exitCode = 1;
