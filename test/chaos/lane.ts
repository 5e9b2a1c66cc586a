/**
 * One lane of the chaos run: an account of its own, the real server process in front of it, a client, and a listener
 * that nobody should ever reach. Lanes share nothing, so many of them run side by side.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { type FaultRule, type Sandbox, startSandbox } from '../../src/sandbox/index.js';
import { canAsk } from '../mcp/person.js';
import { type Planned, plan } from './actions.js';
import type { Done, History } from './history.js';
import { journalIn } from './journal.js';
import { elsewhere, hitsSignIn, type Schedule } from './schedule.js';
import { Wire } from './wire.js';

/** Above every deadline of the server: a call that hangs is told apart from one that is late. */
const patience = 70_000;
/** A server's purse for retries is filled by successes; after some schedules a fresh one retries like the first. */
const schedulesPerServer = 4;

/** Makes a token fault matter: without it nobody would sign in. */
const expiredToken: FaultRule = { pattern: '* /api/*', action: 'status', status: 401, times: 1 };

interface Running {
  readonly wire: Wire;
  readonly client: Client;
  readonly asks: boolean;
  served: number;
}

/** Says no to one question in so many. */
const noEvery = 5;

export class Lane {
  readonly sandbox: Sandbox;
  readonly home: string;
  readonly #foreign: Server;
  readonly #program: string | undefined;
  #foreignConnections = 0;
  #running: Running | undefined;
  #tools: string | undefined;
  #schedules = 0;
  #questions = 0;
  #approvals = 0;

  private constructor(sandbox: Sandbox, foreign: Server, program: string | undefined) {
    this.sandbox = sandbox;
    this.home = mkdtempSync(join(tmpdir(), 'chaos-'));
    this.#program = program;
    this.#foreign = foreign.on('connection', () => {
      this.#foreignConnections += 1;
    });
  }

  /** `program`: another build of the server, for example one with a bug planted in it. */
  static async open(program?: string): Promise<Lane> {
    const foreign = createServer((_, response) => response.end('{}'));
    await new Promise<void>((resolve) => foreign.listen(0, '127.0.0.1', resolve));
    return new Lane(await startSandbox(), foreign, program);
  }

  async close(): Promise<void> {
    await this.stop();
    await this.sandbox.close();
    this.#foreign.closeAllConnections();
    this.#foreign.close();
    rmSync(this.home, { recursive: true, force: true });
  }

  /** The server in front of the account, started if there is none like this. */
  async server(asks = this.#running?.asks ?? false): Promise<Running> {
    if (this.#running?.asks === asks) return this.#running;
    await this.stop();
    const wire = new Wire({
      sandbox: this.sandbox,
      home: this.home,
      asks,
      ...(this.#program !== undefined && { program: this.#program }),
    });
    const client = new Client(
      { name: 'chaos', version: '1' },
      { ...canAsk, versionNegotiation: { mode: { pin: '2026-07-28' } } },
    );
    client.setRequestHandler('elicitation/create', () => this.#decide());
    await client.connect(wire).catch((cause: unknown) => {
      throw new Error(`The server did not start: ${wire.stderr}`, { cause });
    });
    this.#running = { wire, client, asks, served: 0 };
    return this.#running;
  }

  async stop(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    await running?.client.close();
  }

  /** A new account; the calls of a schedule get names that no earlier one used. */
  prepare(schedule: Schedule): Planned[] {
    this.#schedules += 1;
    this.#foreignConnections = 0;
    this.sandbox.reset();
    this.sandbox.clearRequests();
    const { accountId } = this.sandbox;
    const seed = this.sandbox.snapshot();
    const tag = `${this.#schedules}`;
    return schedule.calls.map(({ action, which }) => plan(action, { seed, accountId, tag, which }));
  }

  /** Runs a schedule to its end and tells what happened. */
  async run(schedule: Schedule): Promise<History> {
    const planned = this.prepare(schedule);
    const running = await this.server(schedule.asks ?? false);
    const fresh = running.served === 0;
    const recorded = journalIn(this.home).length;
    this.#approvals = 0;
    this.#plant(schedule);
    const calls = await this.perform(schedule, planned);
    this.sandbox.clearFaults();
    const toolsChanged = await this.#toolsChanged(running.client);
    const history: History = {
      schedule,
      calls,
      effects: [...this.sandbox.effects],
      after: this.sandbox.snapshot(),
      requests: this.#counted(),
      fresh,
      wire: running.wire.takeWrong(),
      foreignConnections: this.#foreignConnections,
      toolsChanged,
      journal: journalIn(this.home).slice(recorded),
      approvals: this.#approvals,
    };
    running.served += 1;
    // A refused sign-in is remembered for half a minute; the next schedule shall not inherit it.
    if (hitsSignIn(schedule) || running.served >= schedulesPerServer) await this.stop();
    return history;
  }

  /** Makes the calls, each at once or, where it waits, after all before it. */
  async perform({ calls }: Schedule, planned: readonly Planned[]): Promise<Done[]> {
    const { client } = await this.server();
    const under: Promise<Done>[] = [];
    for (const [index, each] of planned.entries()) {
      if (calls[index]?.waits) await Promise.all(under);
      under.push(made(client, each));
    }
    return Promise.all(under);
  }

  #plant(schedule: Schedule): void {
    if (hitsSignIn(schedule)) this.sandbox.addFault(expiredToken);
    const { port } = this.#foreign.address() as AddressInfo;
    for (const rule of schedule.faults) {
      const location = rule.location === elsewhere ? { location: `http://127.0.0.1:${port}/` } : {};
      this.sandbox.addFault({ ...rule, ...location });
    }
  }

  #decide() {
    this.#questions += 1;
    const approve = this.#questions % noEvery !== 0;
    if (approve) this.#approvals += 1;
    return { action: 'accept' as const, content: { approve } };
  }

  #counted() {
    const { requests } = this.sandbox;
    const signIns = requests.filter(({ path }) => path.startsWith('/oidc/')).length;
    const unauthorized = requests.filter(({ path, status }) => path.startsWith('/api/') && status === 401).length;
    return { api: requests.length - signIns, signIns, unauthorized };
  }

  async #toolsChanged(client: Client): Promise<boolean> {
    const tools = JSON.stringify((await client.listTools(undefined, { cacheMode: 'bypass' })).tools);
    this.#tools ??= tools;
    return tools !== this.#tools;
  }
}

async function made(client: Client, planned: Planned): Promise<Done> {
  const start = Date.now();
  try {
    const { tool: name, args } = planned;
    const { structuredContent: answer, isError } = await client.callTool(
      { name, arguments: { ...args } },
      { timeout: patience },
    );
    return { planned, start, end: Date.now(), answer, failed: isError === true };
  } catch (error) {
    return { planned, start, end: Date.now(), broken: String(error) };
  }
}
