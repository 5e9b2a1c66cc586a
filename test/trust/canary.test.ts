/**
 * Canaries in every place a secret can be: settings, tokens, minted values, fields and texts of Databricks, errors,
 * arguments. Afterwards none of them is anywhere but in the sink.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { before, describe, it } from 'node:test';
import { temporaryHome } from '../mcp/server-process.js';
import { type Leaky, leakyProxy } from './canary/proxy.js';
import { forms, halves, marked, search, shaped } from './canary/values.js';
import { type Arsenal, arsenalOf, type Shot } from './walk/arsenal.js';
import { plainly } from './walk/tricks.js';
import { askedIn, type Message, told, Wire, yesTo } from './wire.js';
import { policyIn, stateOf, type World, world } from './world.js';

const canary = shaped.dose;

describe('canaries, after all tools were called in every way at log level debug', () => {
  let place: World;
  let leaky: Leaky;
  const channels: Record<string, string> = {};
  const tally = { calls: 0, applied: 0, asked: 0, failed: 0, planned: 0, tools: new Set<string>() };

  before(async () => {
    place = await world();
    leaky = await leakyProxy(place.sandbox);
    const arsenal = await arsenalOf(place);
    // Homes of their own: people are asked only so often.
    const stretches = [
      arsenal.shots.filter((_, index) => index % 3 === 0),
      arsenal.shots.filter((_, index) => index % 3 === 1),
    ];
    const rest = arsenal.shots.filter((shot) => !stretches.flat().includes(shot));
    for (const [number, shots] of [...stretches, rest].entries()) await visit(number, shots, arsenal);
  });

  async function visit(number: number, shots: readonly Shot[], arsenal: Arsenal): Promise<void> {
    const home = temporaryHome();
    const secretFile = join(home, 'client-secret');
    writeFileSync(secretFile, `${place.sandbox.clientSecret}\n`, { mode: 0o600 });
    const { DATABRICKS_CLIENT_SECRET: _, ...settings } = place.settings;
    const limit = { calls: 100, minutes: 1 };
    const wire = await Wire.start({
      home,
      settings: {
        ...settings,
        ...policyIn(home, { limits: { destructive: limit, secret: limit } }),
        DATABRICKS_HOST: leaky.url,
        DATABRICKS_CLIENT_SECRET_FILE: secretFile,
      },
      era: 'modern',
      flags: ['--log-level', 'debug'],
    });
    const pid = wire.child.pid ?? 0;
    if (process.platform === 'linux') {
      channels[`cmdline ${number}`] = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      channels[`environ ${number}`] = readFileSync(`/proc/${pid}/environ`, 'utf8');
    }
    const call = (name: string, args: unknown, extra = {}) => {
      tally.calls += 1;
      return wire.call(name, JSON.parse(JSON.stringify(args, plainly)), extra);
    };
    leaky.fail(false);
    for (const { tool, args } of shots) {
      tally.tools.add(tool);
      const isWrite = arsenal.writes.some((each) => each.tool === tool);
      if (isWrite && told(await call(tool, { ...args, dry_run: true }))?.dry_run === true) tally.planned += 1;
      const answer = await approved(await call(tool, args), (extra) => call(tool, args, extra));
      if (told(answer)?.outcome === 'applied') tally.applied += 1;
      await call(tool, { ...args, client_secret: marked.client_secret, [canary]: canary });
      await call(tool, poisoned(args));
    }
    leaky.fail(true);
    for (const { tool, args } of shots) {
      const answer = await call(tool, args);
      if (told(answer)?.error !== undefined) tally.failed += 1;
    }
    await call(`databricks_${canary}`, { secret: canary });
    await call('databricks_access_status', {});
    assert.equal(await wire.leave(), 0);
    channels[`stdout ${number}`] = wire.lines.join('\n');
    channels[`stderr ${number}`] = wire.stderr;
    for (const [file, text] of filesOf(stateOf({ ...place, home }))) {
      if (!file.startsWith('secrets')) channels[`${file} ${number}`] = text;
    }
  }

  async function approved(answer: Message, again: (extra: object) => Promise<Message>): Promise<Message> {
    const asked = askedIn(answer);
    if (asked === undefined) return answer;
    tally.asked += 1;
    return again({ inputResponses: { approval: yesTo(asked.request) }, requestState: asked.state });
  }

  it('were planted: every tool ran, was planned, was asked about and failed', (t) => {
    t.diagnostic(
      `${tally.calls} calls, ${tally.applied} applied, ${tally.asked} questions, ${tally.planned} plans, ${tally.failed} failures, ${leaky.count.decorated} objects decorated, ${Object.keys(channels).length} channels`,
    );
    assert.equal(tally.tools.size, 72);
    assert.ok(tally.applied >= 30, `${tally.applied} applied`);
    assert.ok(tally.asked >= 25, `${tally.asked} asked`);
    assert.ok(tally.planned >= 30, `${tally.planned} planned`);
    assert.ok(tally.failed >= 70, `${tally.failed} failed`);
    assert.ok(leaky.count.decorated > 1_000);
    for (const kind of ['stdout', 'stderr', 'journal', 'approvals', 'undo']) {
      assert.ok(
        Object.keys(channels).some((name) => name.startsWith(kind)),
        `no ${kind}`,
      );
    }
    assert.ok([...leaky.real].some((value) => value.startsWith('dose')));
    assert.ok([...leaky.real].some((value) => value.startsWith('eyJ')));
  });

  it('are nowhere in any channel', () => {
    const { clientSecret } = place.sandbox;
    const real = Object.fromEntries(
      [...leaky.real].map((value, at) => [`real secret ${at}`, [...forms(value), ...halves(value)]]),
    );
    const own = Object.fromEntries(Object.entries(shaped).map(([name, value]) => [name, [value]]));
    const named = Object.fromEntries(Object.entries(marked).map(([name, value]) => [name, [value]]));
    const secrets = {
      ...real,
      ...own,
      ...named,
      'the client secret': [...forms(clientSecret), ...halves(clientSecret)],
    };
    assert.deepEqual(search(channels, secrets), []);
  });
});

/** Every text that is no id is a secret now. */
function poisoned(args: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const visit = (value: unknown): unknown => {
    if (typeof value === 'string') return /^[\w-]{5,40}$/.test(value) ? value : `${canary} ${shaped.bearer}`;
    if (Array.isArray(value)) return value.map(visit);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, visit(inner)]));
  };
  return visit(args) as Record<string, unknown>;
}

function filesOf(folder: string): [file: string, text: string][] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => [path.slice(folder.length + 1), readFileSync(path, 'utf8')]);
}
