/**
 * `npm run replicas -- [calls]`: three processes behind nginx with Redis between them, and one that is killed. Ends with 1
 * where a call was lost or doubled, or the limit was not exact.
 */
import process from 'node:process';
import { withoutCluster } from './replicas/cluster.js';
import { trial } from './replicas/trial.js';

if (withoutCluster !== false) {
  process.stderr.write(`${withoutCluster}.\n`);
  process.exit(1);
}
const report = await trial(Number(process.argv[2] ?? 20));
process.stdout.write(`${JSON.stringify(report, undefined, 2)}\n`);
const { limit, violations } = report;
if (violations.length > 0 || limit.applied !== limit.effects || limit.refused !== limit.applied) process.exitCode = 1;
