/**
 * The connection to a Redis or Valkey server that replicas share. Scripts run there in one step each, so that of many who
 * try, one succeeds. What cannot be reached in time is a failure: nothing waits for the server to come back.
 */
import { type ActionError, failed } from '../core/errors.js';
import { within } from '../within.js';
import { noAddress } from './address.js';

export interface Link {
  /** Runs a script. Throws a `storage` failure where the server cannot be asked. */
  run(script: string, keys: readonly string[], args?: readonly (string | number)[]): Promise<unknown>;
  /** How many are listening there. */
  publish(channel: string, text: string): Promise<number>;
  listen(channel: string, on: (text: string) => void): Promise<void>;
  /** Whether the connection stands, as far as is known without asking. */
  isUp(): boolean;
  close(): Promise<void>;
}

export interface LinkOptions {
  /** `redis://` or `rediss://`, with user and password where there are any. */
  readonly url: string;
  /** Told when the connection breaks and when it stands again; without addresses and credentials. */
  readonly onChange: (isUp: boolean, why?: string) => void;
  /** Milliseconds an answer may take. */
  readonly patience?: number;
}

export async function openLink({ url, onChange, patience = 2_000 }: LinkOptions): Promise<Link> {
  const { createClient } = await load();
  const create = () => {
    try {
      return createClient({
        url,
        // While there is no connection, commands fail at once instead of being carried out some time later.
        disableOfflineQueue: true,
        commandOptions: { timeout: patience },
        pingInterval: 5_000,
        socket: {
          connectTimeout: patience,
          reconnectStrategy: (tries) => Math.min(2_000, 50 * 2 ** Math.min(tries, 6)),
        },
      });
    } catch {
      throw noAddress();
    }
  };
  const [commands, listener] = [create(), create()];
  let wasUp = true;
  const told = (isUp: boolean, why?: string) => {
    if (isUp !== wasUp) onChange(isUp, why);
    wasUp = isUp;
  };
  for (const client of [commands, listener]) client.on('error', (error: unknown) => told(false, codeOf(error)));
  const isUp = () => commands.isReady && listener.isReady;
  for (const client of [commands, listener]) client.on('ready', () => void (isUp() && told(true)));
  // Goes on trying by itself; a server that is not there yet keeps nobody from starting.
  const trying = Promise.allSettled([commands.connect(), listener.connect()]);
  await within(patience, trying);

  const ask = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      const answer = await within(patience, work());
      if (answer === undefined) throw new Error('TIMEOUT');
      return answer;
    } catch (error) {
      throw unreachable(error);
    }
  };

  return {
    run: (script, keys, args = []) =>
      ask(() => commands.sendCommand(['EVAL', script, String(keys.length), ...keys, ...args.map(String)])),
    publish: (channel, text) => ask(() => commands.publish(channel, text)),
    async listen(channel, on) {
      const start = () => listener.subscribe(channel, on).catch((error: unknown) => told(false, codeOf(error)));
      if (listener.isReady) await start();
      else listener.once('ready', () => void start());
    },
    isUp,
    async close() {
      for (const client of [commands, listener]) if (client.isOpen) client.destroy();
      await trying;
    },
  };
}

async function load() {
  try {
    return await import('@redis/client');
  } catch (error) {
    throw failed(
      'configuration',
      'A store is set, and the package that talks to it is not installed.',
      { next: 'Install it beside this program: npm install @redis/client' },
      error,
    );
  }
}

/** The server's words could hold what it was sent: only their first, which is a code, is told. */
function codeOf(error: unknown): string {
  const { code, message, name } = error as NodeJS.ErrnoException;
  return code ?? /^[A-Z]{3,20}\b/.exec(message)?.[0] ?? (/timeout/i.test(message) ? 'TIMEOUT' : name);
}

const unreachable = (error: unknown): ActionError =>
  failed(
    'storage',
    `The store that the replicas share cannot be used (${codeOf(error)}). Nothing was sent.`,
    {
      code: 'STORE',
      retryable: true,
      next: 'Reads go on. Tell the operator: until it is back, risky calls are refused.',
    },
    error,
  );
