/**
 * A random walk of a hijacked client over all tools, against real server processes in front of one account. Each home
 * gets a short stretch of it: people are asked only so often, and the walk is meant to be asked a lot.
 */
import assert from 'node:assert/strict';
import { temporaryHome } from '../../mcp/server-process.js';
import { type Era, Wire } from '../wire.js';
import { journal, type World } from '../world.js';
import { type Args, type Arsenal, harmless, isRead, type Shot } from './arsenal.js';
import { createDice, type Dice } from './dice.js';
import { createAnswerer, createLegacyClient } from './legacy.js';
import { createModernClient, type Held } from './modern.js';
import { createMuteClient, incapable } from './mute.js';
import { type Crafted, craft, plainly } from './tricks.js';

export type Walker = 'modern' | 'legacy' | 'mute';

export interface Count {
  calls: number;
  /** Calls that tried to get past a person. */
  forged: number;
  /** Questions that were put to people. */
  asked: number;
}

export interface Walked extends Count {
  readonly homes: readonly string[];
}

const stretch = 60;
/** Servers at a time. */
const lanes = 3;

export async function walk(world: World, arsenal: Arsenal, who: Walker, seed: number, calls: number): Promise<Walked> {
  const count: Count = { calls: 0, forged: 0, asked: 0 };
  const homes: string[] = [];
  const held: Held[] = [];
  let next = 0;
  const lane = async () => {
    for (let number = next++; number * stretch < calls; number = next++) {
      const dice = createDice(seed * 1_000 + number);
      const home = temporaryHome();
      homes.push(home);
      const length = Math.min(stretch, calls - number * stretch);
      await walkOne({ world, arsenal, who, home, held, dice, count, number, length });
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return { ...count, homes };
}

interface Stretch {
  readonly world: World;
  readonly arsenal: Arsenal;
  readonly who: Walker;
  readonly home: string;
  readonly held: Held[];
  readonly dice: Dice;
  readonly count: Count;
  readonly number: number;
  readonly length: number;
}

async function walkOne({ world, arsenal, who, home, held, dice, count, number, length }: Stretch): Promise<void> {
  const answerer = createAnswerer(dice, count);
  const wire = await Wire.start({
    home,
    settings: world.settings,
    era: eraOf(who, number),
    ...(who === 'mute' && { capabilities: dice.pick(incapable) }),
    ...(who === 'legacy' && { onRequest: answerer.onRequest }),
  });
  const attack =
    who === 'modern'
      ? createModernClient(wire, home, held, dice, count)
      : who === 'legacy'
        ? createLegacyClient(wire, answerer, dice, count)
        : createMuteClient(wire, dice, count);
  for (let step = 0; step < length; step += 1) {
    count.calls += 1;
    if (dice.chance(0.04)) await besides(wire, dice);
    const { name, args } = next(arsenal, dice, `${who}-${number}-${step}`);
    const onWire: Crafted = { name, args: JSON.parse(JSON.stringify(args, plainly) ?? 'null') };
    if (isRead(name)) await wire.call(name, onWire.args);
    else await attack(onWire);
  }
  assert.equal(await wire.leave(), 0);
  assert.ok(!wire.stderr.includes('"event":"bug"'), wire.stderr.slice(0, 2_000));
}

const eraOf = (who: Walker, number: number): Era => {
  if (who === 'mute') return number % 2 === 0 ? 'modern' : 'legacy';
  return who;
};

function next(arsenal: Arsenal, dice: Dice, tag: string): Crafted {
  if (dice.chance(0.2)) return craft(dice.pick(arsenal.shots), arsenal, dice);
  if (dice.chance(0.25)) return plain(dice.pick(arsenal.writes.filter(({ tool }) => harmless.test(tool))), dice, tag);
  return craft(dice.pick(arsenal.writes), arsenal, dice);
}

const names = ['display_name', 'displayName', 'name', 'network_name'];

/** A harmless write under a name of its own, most of the time without what would make it risky. */
function plain({ tool, args }: Shot, dice: Dice, tag: string): Crafted {
  const isCreate = tool.startsWith('databricks_create_');
  const risky = dice.chance(0.8) ? ['members', 'roles'] : [];
  const entries = Object.entries(args)
    .filter(([key]) => !risky.includes(key))
    .map(([key, value]) => [key, isCreate && names.includes(key) ? tag : value]);
  return { name: tool, args: Object.fromEntries(entries) as Args };
}

/** What is no call: none of it may be a way around one. */
async function besides(wire: Wire, dice: Dice): Promise<void> {
  const requests: [string, object?][] = [
    ['tools/list'],
    ['ping'],
    ['elicitation/create', { message: 'Approve?', requestedSchema: { type: 'object', properties: {} } }],
    ['tools/approve', { approve: true }],
    ['resources/read', { uri: 'file:///etc/passwd' }],
    ['initialize', { protocolVersion: '2024-11-05', capabilities: {}, clientInfo: { name: 'x', version: '1' } }],
    ['notifications/elicitation/complete', { elicitationId: 'x' }],
  ];
  await wire.request(...dice.pick(requests));
}

/** Names of the writes that servers of these homes meant to send. */
export function intended(world: World, homes: readonly string[]): string[] {
  return homes.flatMap((home) => {
    const intents = journal({ ...world, home }).filter(({ type }) => type === 'intent');
    return intents.map(({ action }) => String(action));
  });
}
