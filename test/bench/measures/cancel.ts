/** A client gives a call up: how long until the upstream's socket is closed, if ever. */
import { silentUser } from '../accounts.js';
import type { Context, Section } from '../context.js';
import { resultOf } from '../doors/door.js';
import { goals } from '../goals.js';
import { median, rounded } from '../numbers.js';
import { now } from '../processes.js';
import { type Subject, titleOf, toolNamed } from '../subjects.js';

const never = (ms: number) => Number.isNaN(ms);

export async function measureCancel(context: Context): Promise<Section> {
  const times = new Map<Subject, number[]>();
  for (const subject of context.subjects) times.set(subject, await cancels(context, subject));
  const usual = (subject: Subject) => {
    const ms = times.get(subject) ?? [];
    return ms.some(never) ? Number.NaN : median(ms);
  };
  const ours = context.subjects.filter((each) => each.ours);
  return {
    title: 'Cancellation',
    table: [
      ['server', 'socket closed after, ms (median)', 'the slowest'],
      ...[...times].map(([subject, ms]) => [
        titleOf(subject),
        ms.some(never) ? 'never' : rounded(median(ms)),
        ms.some(never) ? 'never' : rounded(Math.max(...ms)),
      ]),
    ],
    remarks: ['Never: not within three seconds of the cancel. The goal is held against the slowest of our doors.'],
    findings: [{ goal: goals.cancel, value: ours.length === 0 ? undefined : Math.max(...ours.map(usual)) }],
  };
}

/** Milliseconds of each cancel; one that closes nothing is the last. */
async function cancels(context: Context, subject: Subject): Promise<number[]> {
  const { stage } = context;
  const door = await subject.open();
  await door.open();
  const { tools } = resultOf(await door.request('tools/list'));
  const name = toolNamed(stage, tools, 'databricks_get_user')?.name;
  const times: number[] = [];
  for (let round = 0; round < context.rounds(5) && !times.some(Number.isNaN); round += 1) {
    await stage.reset();
    const controller = new AbortController();
    const answer = door.request('tools/call', { name, arguments: { id: silentUser } }, controller.signal);
    answer.catch(() => {});
    if (!(await stage.until(({ hanging }) => hanging > 0))) throw new Error(`${titleOf(subject)} sends nothing.`);
    const began = now();
    controller.abort();
    const isClosed = await stage.until(({ closed }) => closed.length > 0);
    const [at = Number.NaN] = (await stage.seen()).closed;
    times.push(isClosed ? at - began : Number.NaN);
  }
  await door.close();
  return times;
}
