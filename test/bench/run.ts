/**
 * `npm run bench`: this server beside undici alone and beside peers, in one run and alternating; prints Markdown.
 * `--only start,calls` measures these alone, `--quick` makes fewer rounds and sends no 200 MB through the
 * peers, `--no-peers` leaves them out, `--gigabyte` adds the file of 1 GB, `--out FILE` writes the Markdown there too. Nothing here decides over a test.
 */
import { writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { endWithThis } from './children.js';
import type { Context, Measure, Section } from './context.js';
import { measureCalls } from './measures/calls.js';
import { measureCancel } from './measures/cancel.js';
import { measureCsv } from './measures/csv.js';
import { measureList } from './measures/list.js';
import { measureMint } from './measures/mint.js';
import { measurePage } from './measures/page.js';
import { measureStart } from './measures/start.js';
import { findPeers } from './peers.js';
import { report } from './report.js';
import { setStage } from './stage.js';
import { ourDoors } from './subjects.js';

const measures: Readonly<Record<string, Measure>> = {
  start: measureStart,
  list: measureList,
  calls: measureCalls,
  page: measurePage,
  csv: measureCsv,
  cancel: measureCancel,
  mint: measureMint,
};

const { values } = parseArgs({
  allowNegative: true,
  options: {
    only: { type: 'string' },
    quick: { type: 'boolean', default: false },
    peers: { type: 'boolean', default: true },
    gigabyte: { type: 'boolean', default: false },
    out: { type: 'string' },
  },
});

const wanted = values.only?.split(',') ?? Object.keys(measures);
const strangers = wanted.filter((name) => measures[name] === undefined);
if (strangers.length > 0) {
  process.stderr.write(`--only knows ${Object.keys(measures).join(', ')}, not ${strangers.join(', ')}.\n`);
  process.exit(2);
}

/** What else the machine does: with more at work than it has processors, times mean little. */
const load = loadavg()[0] ?? 0;

const note = (text: string) => void process.stderr.write(`${text}\n`);
const stage = await setStage();
endWithThis(stage.close);
try {
  const leftOut: string[] = [];
  const peers = values.peers ? await findPeers(stage, (sentence) => leftOut.push(sentence)) : [];
  for (const sentence of leftOut) note(sentence);
  const context: Context = {
    stage,
    subjects: [...ourDoors(stage), ...peers],
    rounds: (long) => (values.quick ? Math.ceil(long / 4) : long),
    quick: values.quick,
    gigabyte: values.gigabyte,
    note,
  };
  const sections: Section[] = [];
  for (const name of wanted) {
    const began = performance.now();
    sections.push(await measures[name]!(context));
    note(`${name}: ${Math.round((performance.now() - began) / 1e3)} s`);
  }
  const machine = `Node ${process.version}, ${process.platform}, ${cpus().length} processors, load ${load.toFixed(1)} before. Medians${values.quick ? ' of a quick run' : ''}; ratios are paired.`;
  const markdown = report([`# Benchmark`, machine, ...leftOut], sections);
  process.stdout.write(markdown);
  if (values.out !== undefined) writeFileSync(values.out, markdown);
} finally {
  stage.close();
}
