/** What the tool list weighs, and what answering it again costs the server. */
import { lists, weightOf } from '../../budget/weigh.js';
import type { Context, Section } from '../context.js';
import { type Door, type Message, resultOf } from '../doors/door.js';
import { goals } from '../goals.js';
import { median, rounded } from '../numbers.js';
import { cpuOf } from '../processes.js';
import { overStdio, type Subject, titleOf } from '../subjects.js';

interface Listed {
  readonly subject: Subject;
  readonly door: Door;
  readonly tools: readonly Message[];
  readonly cpu: number[];
}

export async function measureList(context: Context): Promise<Section> {
  const open: Listed[] = [];
  for (const subject of context.subjects.filter(({ door }) => door !== 'sse')) {
    const door = await subject.open();
    await door.open();
    open.push({ subject, door, tools: resultOf(await door.request('tools/list')).tools, cpu: [] });
  }
  const requests = 50;
  for (const { door } of open) await repeat(door, requests);
  for (let round = 0; round < context.rounds(9); round += 1) {
    for (const { door, cpu } of open) {
      const before = cpuOf(door.pid);
      await repeat(door, requests);
      cpu.push((cpuOf(door.pid) - before) / requests);
    }
  }
  for (const { door } of open) await door.close();

  const weights = open.map(({ subject, tools, cpu }) => ({ subject, tools, ...weightOf(tools), cpu: median(cpu) }));
  const others: { name: string; tools: number; bytes: number; tokens: number }[] = [];
  for (const [name, flags] of Object.entries(lists).filter(([name]) => name !== 'list')) {
    const weight = await weightWith(context, flags);
    if (weight !== undefined) others.push({ name, ...weight });
  }
  const ours = weights.find(({ subject }) => subject.ours && subject.door === 'stdio');
  const peers = weights.filter(({ subject }) => !subject.ours && subject.door === 'stdio');
  const best = (of: (each: (typeof weights)[number]) => number) =>
    peers.length === 0 ? undefined : Math.min(...peers.map(of));
  const leanest = best(({ tokens }) => tokens);
  const tokensOf = (name: string) => others.find((each) => each.name === name)?.tokens;
  return {
    title: 'Tool list',
    table: [
      ['server', 'tools', 'bytes', 'tokens', 'tokens a tool', 'server CPU µs'],
      ...weights.map(({ subject, tools, bytes, tokens, cpu }) => [
        titleOf(subject),
        String(tools.length),
        String(bytes),
        String(tokens),
        rounded(tokens / tools.length),
        rounded(cpu),
      ]),
      ...others.map(({ name, tools, bytes, tokens }) => [
        `this server, ${name}`,
        String(tools),
        String(bytes),
        String(tokens),
        rounded(tokens / tools),
        '',
      ]),
    ],
    remarks: ['Peers are given our texts; fastmcp keeps neither them nor those of the fields.'],
    findings: [
      { goal: goals.list, value: ours?.tokens, best: leanest },
      { goal: goals.listOfPeers, value: leanest && ours && ours.tokens / leanest },
      { goal: goals.readOnly, value: tokensOf('read-only list') },
      { goal: goals.search, value: tokensOf('search list') },
      { goal: goals.listCpu, value: ours?.cpu, best: best(({ cpu }) => cpu) },
    ],
  };
}

async function repeat(door: Door, times: number): Promise<void> {
  for (let sent = 0; sent < times; sent += 1) resultOf(await door.request('tools/list'));
}

/** Undefined where the program does not start like this. */
async function weightWith({ stage }: Context, flags: readonly string[]) {
  const door = overStdio(stage, flags);
  await door.open();
  const answer = await door.request('tools/list');
  await door.close();
  if (answer.result === undefined) return undefined;
  return { tools: answer.result.tools.length as number, ...weightOf(answer.result.tools) };
}
