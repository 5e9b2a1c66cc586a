/**
 * What is asked of the replicas, and what must be true of it: the limit of risky calls is exact over all of them, and with
 * one killed in the middle no call is lost and none is doubled.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Cluster, callers, startCluster } from './cluster.js';
import { type Kind, Lane, type Told } from './lane.js';

export interface Report {
  /** Deletions that went through and those the limit refused, of `deletes` called at once. */
  readonly limit: { readonly applied: number; readonly refused: number; readonly effects: number };
  readonly calls: number;
  readonly applied: number;
  /** Ended by an error, at once. */
  readonly failed: number;
  readonly violations: readonly string[];
}

const kinds: readonly Kind[] = ['modern', 'legacy', 'sse', 'modern', 'legacy', 'sse'];
const most = 6;

export async function trial(callsEach: number): Promise<Report> {
  const cluster = await startCluster(most);
  const lanes = kinds.map((kind, index) => new Lane(kind, cluster.url, callers[index] ?? 'ann'));
  try {
    const limit = await limits(cluster, lanes);
    return { limit, ...(await calls(cluster, lanes, callsEach)) };
  } finally {
    await Promise.all(lanes.map((lane) => lane.close()));
    await cluster.close();
  }
}

/** Twice as many deletions at once as the limit allows, each approved by its person. */
async function limits({ sandbox }: Cluster, lanes: readonly Lane[]) {
  const each = async (lane: Lane, index: number) => {
    const told: Told[] = [];
    for (let n = 0; n < (2 * most) / lanes.length; n += 1) {
      const { id } = await lane.call('create_group', { displayName: `spare-${index}-${n}` });
      told.push(await lane.call('delete_group', { id }));
    }
    return told;
  };
  const answers = (await Promise.all(lanes.map(each))).flat();
  return {
    applied: answers.filter(({ outcome }) => outcome === 'applied').length,
    refused: answers.filter(({ code }) => code === 'VELOCITY').length,
    effects: sandbox.effects.filter(({ kind, type }) => kind === 'delete' && type === 'group').length,
  };
}

/** New users, each approved by a person, while a replica dies after a third of them. */
async function calls({ sandbox, states, kill }: Cluster, lanes: readonly Lane[], each: number) {
  const told = new Map<string, Told & { readonly kind: Kind }>();
  const all = lanes.length * each;
  let killing: Promise<void> | undefined;
  const work = async (lane: Lane, index: number) => {
    for (let n = 0; n < each; n += 1) {
      const name = `new-${index}-${n}@example.com`;
      told.set(name, { ...(await lane.call('create_user', { userName: name })), kind: lane.kind });
      if (told.size >= all / 3) killing ??= kill(0);
    }
  };
  await Promise.all(lanes.map(work));
  await killing;
  const made = (name: string) =>
    sandbox.requests.filter(
      ({ method, body, status }) => method === 'POST' && status === 201 && body.includes(`"${name}"`),
    ).length;
  const violations: string[] = [];
  for (const [name, { outcome, code, failed, kind }] of told) {
    const times = made(name);
    const about = `${name} (${kind}): ${outcome ?? failed} ${code ?? ''}, made ${times} times`;
    const isTrue = outcome === 'applied' ? times === 1 : outcome === 'not_applied' ? times === 0 : times <= 1;
    if (!isTrue) violations.push(about);
    if (outcome === undefined && failed !== 'error') violations.push(`${about}: lost`);
  }
  if (told.size !== all) violations.push(`${told.size} of ${all} calls ended`);
  const intents = states.flatMap(intentsIn).length;
  const users = [...told.keys()].reduce((sum, name) => sum + made(name), 0);
  if (intents < users) violations.push(`${users} users, and intents for ${intents}`);
  const count = (is: (each: Told) => boolean) => [...told.values()].filter(is).length;
  return {
    calls: told.size,
    applied: count(({ outcome }) => outcome === 'applied'),
    failed: count(({ failed }) => failed === 'error'),
    violations,
  };
}

function intentsIn(state: string): readonly string[] {
  const folder = join(state, 'journal');
  return readdirSync(folder)
    .filter((file) => file.endsWith('.jsonl'))
    .flatMap((file) => readFileSync(join(folder, file), 'utf8').split('\n'))
    .filter((line) => line.includes('"type":"intent"') && line.includes('databricks_create_user'));
}
