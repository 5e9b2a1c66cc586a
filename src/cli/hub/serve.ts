/** The hub as a server of its own: no doors to MCP, this machine alone, until a signal ends it. */
import process from 'node:process';
import { failed } from '../../core/errors.js';
import type { Keys } from '../../guard/keys.js';
import { announceHub } from '../../guard/served-hubs.js';
import { createFront } from '../../http/front.js';
import { frontLimits } from '../../http/limits.js';
import { noMeters } from '../../http/meters.js';
import { baseOf, type HttpSettings, hostsOf, ownOriginsOf } from '../../http/settings.js';
import { linkTo } from '../../hub/links.js';
import type { Log } from '../../log.js';
import { openSharedStore } from '../../store/shared.js';
import { serveUntilStopped } from '../http/serve.js';
import { note } from '../terminal.js';
import { composeHub } from './compose.js';
import { openBrowser } from './open-browser.js';

export interface HubServing {
  readonly state: string;
  readonly keys: Keys;
  readonly store: string | undefined;
  readonly configFile: string | undefined;
  readonly port: number;
  readonly opens: boolean;
  readonly elsewhere: string;
  readonly log: Log;
}

/** One person with a handful of windows. */
const limits = { ...frontLimits, connections: 64, connectionsPerAddress: 64 };

export async function serveHub(serving: HubServing): Promise<void> {
  const { state, keys, store, configFile, port: wanted, opens, elsewhere, log } = serving;
  const settings: HttpSettings = {
    host: '127.0.0.1',
    port: wanted,
    noAuth: true,
    isBehindProxy: false,
    origins: [],
    hostHeaders: [],
    profiles: [],
    limits,
  };
  const shared = await openSharedStore(store, keys, {
    onChange: (isUp, why) => (isUp ? log.info('store', { state: 'reachable' }) : log.error('store', { why })),
    onProblem: (problem) => log.error('store', { problem }),
  });
  let port = wanted;
  const base = () => baseOf(settings, port);
  const hub = await composeHub({ state, keys, shared, elsewhere, configFile, base, log });
  const front = createFront({
    pages: hub.pages,
    limits,
    meters: noMeters,
    rules: (own) => ({
      hosts: hostsOf(settings, own),
      origins: new Set(),
      own: ownOriginsOf(settings, own),
    }),
    isReady: () => true,
    log,
    now: () => performance.now(),
  });
  let isServing = false;
  try {
    ({ port } = await front.listen(settings.host, wanted).catch((error: NodeJS.ErrnoException) => {
      throw failed('input', `Port ${wanted} of this machine cannot be used (${error.code}).`, {
        next: 'Is a hub running already? Else choose another port with --port, or 0 for any free one.',
      });
    }));
    isServing = true;
    const withdraw = await announceHub(state, base(), Date.now());
    try {
      const link = linkTo(base(), await hub.links.make());
      note(`The hub is at ${base()}/hub. Ctrl-C stops it.`);
      note(`Sign in, once and within ten minutes, at ${link}`);
      note(`For another link: ${hub.command}`);
      const opened = opens ? await openBrowser(link, state, process.env, process.platform) : undefined;
      await serveUntilStopped(front);
      isServing = false;
      await opened?.forget();
    } finally {
      await withdraw();
    }
  } finally {
    if (isServing) await front.drain();
    await hub.close();
    await shared?.close();
  }
}
