/** From the start of the process to an answered `tools/list`, and the first call after it. */
import { spawn } from 'node:child_process';
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { someUser } from '../accounts.js';
import type { Context, Finding, Section } from '../context.js';
import { resultOf } from '../doors/door.js';
import { goals } from '../goals.js';
import { median, pairedRatio, rounded } from '../numbers.js';
import { cpuOf, cpuOfEnded, memoryOf } from '../processes.js';
import { type Subject, titleOf, toolNamed } from '../subjects.js';

interface Times {
  readonly list: number[];
  readonly cpu: number[];
  readonly memory: number[];
  readonly atOnce: number[];
  readonly afterPause: number[];
}

const pause = 300;

export async function measureStart(context: Context): Promise<Section> {
  const { stage } = context;
  const subjects = context.subjects.filter(({ door }) => door === 'stdio');
  const bare: number[] = [];
  let bareCpu = 0;
  const times = new Map<Subject, Times>(
    subjects.map((subject) => [subject, { list: [], cpu: [], memory: [], atOnce: [], afterPause: [] }]),
  );
  // The first start is not like the others: files are not cached yet.
  for (const subject of subjects) await once(context, subject, 0);
  for (let round = 0; round < context.rounds(15); round += 1) {
    for (const idle of [0, pause]) {
      const cpuBefore = cpuOfEnded();
      bare.push(await bareNode(stage.env));
      bareCpu += cpuOfEnded() - cpuBefore;
      for (const [subject, kept] of times) {
        const { list, cpu, memory, first } = await once(context, subject, idle);
        kept.list.push(list);
        kept.cpu.push(cpu);
        kept.memory.push(memory);
        (idle === 0 ? kept.atOnce : kept.afterPause).push(first);
      }
    }
  }
  const rows = [...times].map(([subject, kept]) => [
    titleOf(subject),
    rounded(median(kept.list)),
    rounded(pairedRatio(kept.list, bare)),
    rounded(median(kept.cpu)),
    rounded((median(kept.cpu) * bare.length) / bareCpu),
    rounded(median(kept.memory)),
    rounded(median(kept.atOnce)),
    rounded(median(kept.afterPause)),
  ]);
  const ratio = (each: Subject) => pairedRatio(times.get(each)!.list, bare);
  const ours = subjects.find((each) => each.ours);
  const peers = subjects.filter((each) => !each.ours);
  const best = (of: (subject: Subject) => number) => (peers.length === 0 ? undefined : Math.min(...peers.map(of)));
  const firstOf = (which: 'atOnce' | 'afterPause') => (each: Subject) => median(times.get(each)![which]);
  const finding = (goal: Finding['goal'], of: (subject: Subject) => number): Finding => ({
    goal,
    value: ours && of(ours),
    best: best(of),
  });
  return {
    title: 'Start',
    table: [
      [
        'server',
        'to the list, ms',
        '× bare node',
        'CPU ms',
        '× bare node’s CPU',
        'MB',
        'first call at once, ms',
        `after ${pause} ms, ms`,
      ],
      ['bare `node -e 0`', rounded(median(bare)), '1.00', rounded(bareCpu / bare.length), '1.00', '', '', ''],
      ...rows,
    ],
    findings: [
      finding(goals.start, ratio),
      finding(goals.firstAtOnce, firstOf('atOnce')),
      finding(goals.firstIdle, firstOf('afterPause')),
    ],
  };
}

async function once({ stage }: Context, subject: Subject, idle: number) {
  const began = performance.now();
  const door = await subject.open();
  await door.open();
  const { tools } = resultOf(await door.request('tools/list'));
  const list = performance.now() - began;
  const [cpu, memory] = [cpuOf(door.pid) / 1e3, memoryOf(door.pid)];
  if (idle > 0) await wait(idle);
  const name = toolNamed(stage, tools, 'databricks_get_user')?.name;
  const called = performance.now();
  resultOf(await door.request('tools/call', { name, arguments: { id: someUser } }));
  const first = performance.now() - called;
  await door.close();
  return { list, cpu, memory, first };
}

async function bareNode(env: Readonly<Record<string, string>>): Promise<number> {
  const began = performance.now();
  const child = spawn(process.execPath, ['-e', '0'], { env, stdio: 'ignore' });
  await new Promise((resolve) => child.once('exit', resolve));
  return performance.now() - began;
}
