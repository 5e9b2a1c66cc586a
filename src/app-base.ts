/** What lives as long as the process and serves all its accounts: the key, the store of replicas, telemetry. */
import { homedir } from 'node:os';
import process from 'node:process';
import type { App, AppOptions } from './app.js';
import { placeOptions } from './core/paths.js';
import type { Tracing } from './core/tracing.js';
import { createKeys, type Keys, keyFileOf } from './guard/keys.js';
import type { Log } from './log.js';
import type { Env } from './start.js';
import { storeAddress, storeToTell } from './store/address.js';
import { openSharedStore, type SharedStore } from './store/shared.js';
import { noTelemetry, openTelemetry } from './telemetry/open.js';
import { telemetrySettings } from './telemetry/settings.js';

/** What the accounts of a process have in common. */
export interface Base {
  readonly keys: Keys;
  readonly tracing: Tracing;
  readonly store: SharedStore | undefined;
  close(): Promise<void>;
}

export async function openBase(
  options: Pick<AppOptions, 'store' | 'keyFile' | 'telemetry' | 'beside'>,
  ownState: string,
  env: Env,
  log: Log,
): Promise<Base> {
  if (options.beside !== undefined) return borrowed(options.beside);
  // Read before anything is opened that would have to be closed again: both may be wrong.
  const wanted = options.telemetry === true ? telemetrySettings(env) : undefined;
  const address = storeAddress(options.store, env);
  const host = address && new URL(address).host;
  const file = keyFileOf(options.keyFile, env);
  const keys = createKeys(ownState, { file });
  if (address !== undefined && file === undefined) log.warn('store', { problem: ownKey });
  const telemetry = wanted === undefined ? noTelemetry : await openTelemetry(wanted, log);
  try {
    const store = await openSharedStore(address, keys, {
      onChange: (isUp, why) =>
        isUp
          ? log.info('store', { state: 'reachable' })
          : log.error('store', { state: 'unreachable', host, why, next: 'Until it is back, risky calls are refused.' }),
      onProblem: (problem) => log.error('store', { problem }),
    });
    const close = async () => {
      await store?.close();
      await telemetry.close();
    };
    return { keys, tracing: telemetry.tracing, store, close };
  } catch (error) {
    await telemetry.close();
    throw error;
  }
}

/** What a command for another terminal ends with, to look where this process does. */
export const elsewhere = (
  { keyFile, store }: Pick<AppOptions, 'keyFile' | 'store'>,
  ownState: string,
  env: Env,
): string =>
  placeOptions(
    { stateDir: ownState, keyFile: keyFileOf(keyFile, env), store: storeToTell(store, env) },
    process.platform,
    homedir(),
    process.cwd(),
  );

const ownKey = 'No key file is set: replicas that do not have this state folder could not read what is in the store.';

/** Closed by the app it is borrowed from. */
const borrowed = ({ tracing, store, deriveKey }: App): Base => ({
  keys: { derive: deriveKey },
  tracing,
  store,
  close: async () => {},
});
