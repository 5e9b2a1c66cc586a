/** A usage file of 200 MB through one call: memory, time, what the model is told, and whether the file is all there. */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { countTokens } from '../../budget/tokenizer.js';
import { accountId, usageParts } from '../accounts.js';
import type { Context, Section } from '../context.js';
import { direct } from '../direct.js';
import { type Message, textOf } from '../doors/door.js';
import { goals } from '../goals.js';
import { median, pairedRatio, rounded } from '../numbers.js';
import { cpuOf, forgetPeak, memoryOf, peakOf } from '../processes.js';
import { type Subject, titleOf, toolNamed } from '../subjects.js';

const megabyte = 1_000_000;
const patience = 60_000;

interface Download {
  readonly ms: number;
  /** Seconds of the server's CPU. */
  readonly cpu: number;
  /** Megabytes over idle, and in all. */
  readonly over: number;
  readonly peak: number;
  readonly failed: boolean;
  readonly answer: string;
  readonly tokens: number;
  readonly kept: boolean;
}

export async function measureCsv(context: Context): Promise<Section> {
  const { stage } = context;
  const bytes = 200 * megabyte;
  await stage.usage(bytes);
  const subjects = context.subjects.filter(({ door }) => door === 'stdio');
  const ours = subjects.find((each) => each.ours);
  const floor = direct(stage);
  const floors: number[] = [];
  const runs: Download[] = [];
  for (let round = 0; round < context.rounds(3); round += 1) {
    const file = join(stage.folder, 'direct.csv');
    floors.push(await floor.save(`/api/2.0/accounts/${accountId}/usage/download`, file));
    rmSync(file);
    if (ours !== undefined) runs.push(await download(context, ours, bytes));
  }
  floor.close();
  const peers: [Subject, Download][] = [];
  for (const subject of context.quick ? [] : subjects.filter((each) => !each.ours)) {
    context.note(`200 MB through ${titleOf(subject)}`);
    peers.push([subject, await download(context, subject, bytes)]);
  }
  // Who refuses the file needs no memory for it.
  const answered = peers.flatMap(([, run]) => (run.failed ? [] : [run.over]));
  const over = median(runs.map((run) => run.over));
  const growth = context.gigabyte && ours !== undefined ? (await gigabyte(context, ours)) - over : undefined;
  const [last] = runs.slice(-1);
  const time = pairedRatio(
    runs.map(({ ms }) => ms),
    floors,
  );
  const line = (title: string, { ms, cpu, over, peak, answer, tokens, kept }: Download) => [
    title,
    rounded(ms / 1e3),
    rounded(cpu),
    rounded(over),
    rounded(peak),
    answer === '' ? String(tokens) : answer,
    kept ? 'yes' : 'no',
  ];
  return {
    title: 'A CSV of 200 MB',
    table: [
      ['server', 's', 'CPU s', 'MB over idle', 'MB at most', 'tokens of the answer', 'whole file kept'],
      ['undici to a file', rounded(median(floors) / 1e3), '', '', '', '', 'yes'],
      ...(ours && last ? [line(titleOf(ours), { ...last, ms: median(runs.map(({ ms }) => ms)), over })] : []),
      ...peers.map(([subject, run]) => line(titleOf(subject), run)),
    ],
    remarks: growth === undefined ? ['`--gigabyte` adds the file of 1 GB.'] : [],
    findings: [
      {
        goal: goals.csvPeak,
        value: last && over,
        best: answered.length === 0 ? undefined : Math.min(...answered),
      },
      { goal: goals.csvGrowth, value: growth },
      { goal: goals.csvTime, value: last && time },
      { goal: goals.csvTokens, value: last?.tokens },
      { goal: goals.csvKept, value: last && (last.kept ? 100 : 0) },
    ],
  };
}

/** Megabytes over idle. */
async function gigabyte(context: Context, subject: Subject): Promise<number> {
  context.note('1 GB through this server');
  await context.stage.usage(1_000 * megabyte);
  return (await download(context, subject, 1_000 * megabyte)).over;
}

/** After another call, so that what a first call loads is not counted. */
async function download({ stage }: Context, subject: Subject, bytes: number): Promise<Download> {
  const door = await subject.open();
  await door.open();
  const { tools } = (await door.request('tools/list')).result;
  const warm = toolNamed(stage, tools, 'databricks_list_users')?.name;
  await door.request('tools/call', { name: warm, arguments: { count: 1 } });
  await wait(500);
  const idle = memoryOf(door.pid);
  forgetPeak(door.pid);
  const name = toolNamed(stage, tools, 'databricks_download_billable_usage')?.name;
  const cpu = cpuOf(door.pid);
  const began = performance.now();
  const args = { start_month: '2026-01', end_month: '2026-01' };
  const message: Message = await Promise.race([
    door.request('tools/call', { name, arguments: args }),
    wait(patience, { error: { message: 'no answer' } }, { ref: false }),
  ]);
  const ms = performance.now() - began;
  const [peak, cpuAfter] = [peakOf(door.pid), cpuOf(door.pid)];
  await door.close();
  const failure = message.error?.message ?? (message.result.isError ? textOf(message.result) : undefined);
  const text: string = failure === undefined ? textOf(message.result) : '';
  // Tokens of hundreds of megabytes are not worth counting.
  const isHuge = text.length > megabyte;
  const size = isHuge ? `${Math.round(text.length / megabyte)} MB of text` : '';
  return {
    ms,
    cpu: (cpuAfter - cpu) / 1e6,
    over: peak - idle,
    peak,
    failed: failure !== undefined,
    answer: failure === undefined ? size : `fails: ${failure.slice(0, 60).replaceAll(/[\n|]/g, ' ')}`,
    tokens: isHuge ? Number.NaN : countTokens(text),
    kept: !isHuge && (await isKept(text, bytes)),
  };
}

/** Whether the file the answer names is byte for byte what was sent. It is removed. */
async function isKept(text: string, bytes: number): Promise<boolean> {
  const path = text.match(/(\/[^"\s]+\.csv)/)?.[1];
  if (path === undefined || !existsSync(path)) return false;
  const [sent, kept] = [createHash('sha256'), createHash('sha256')];
  for (const part of usageParts(bytes)) sent.update(part);
  for await (const chunk of createReadStream(path)) kept.update(chunk);
  rmSync(path);
  return sent.digest('hex') === kept.digest('hex');
}
