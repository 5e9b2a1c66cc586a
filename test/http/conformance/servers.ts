/** What the conformance suite is run against: the program as an operator starts it, and the fixtures behind our doors. */
import { createApp } from '../../../src/app.js';
import { openToAnybody } from '../../../src/http/auth/authenticator.js';
import { createFront } from '../../../src/http/front.js';
import { frontLimits } from '../../../src/http/limits.js';
import { noMeters } from '../../../src/http/meters.js';
import { createThrottle } from '../../../src/http/throttle.js';
import { createDoors } from '../../../src/mcp/doors.js';
import { environment, temporaryHome } from '../../mcp/server-process.js';
import { type Served, startHttp } from '../serving.js';
import { createFixtures } from './fixtures.js';

/** The suite sends faster than a person's client, and leaves streams open where a scenario fails. */
const roomy = { rate: 10_000, burst: 20_000, streams: 200, connectionsPerAddress: 256 };

/** `http --sandbox --no-auth`, as a process of its own. */
export const startProgram = (): Promise<Served> =>
  startHttp(['--sandbox', '--max-connections-per-address', '256'], environment(temporaryHome()));

/** The same front and doors in this process, with the fixtures in the catalogue's place. */
export async function startFixtures(): Promise<Served> {
  const app = await createApp({ flags: {}, policy: {}, env: environment(temporaryHome()), logLevel: 'silent' });
  const fixtures = createFixtures(app);
  const limits = { ...frontLimits, ...roomy };
  const now = () => performance.now();
  const front = createFront({
    mcp: {
      doors: createDoors(fixtures.app, { servers: fixtures.servers }),
      authenticator: openToAnybody,
      metadata: undefined,
      throttle: createThrottle(limits, now),
      areas: [],
      scopesFor: () => [],
      date: Date.now,
    },
    limits,
    meters: noMeters,
    rules: (port) => {
      const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
      return { hosts: new Set(hosts), origins: new Set(hosts.map((host) => `http://${host}`)) };
    },
    isReady: () => true,
    log: app.log,
    now,
  });
  const { port } = await front.listen('127.0.0.1', 0);
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      await front.drain();
      await app.close();
    },
  };
}
