/** Runs one command against an account: opens the app, lets Ctrl-C cancel, and always closes it. */
import process from 'node:process';
import { type App, type AppOptions, createApp } from '../app.js';
import { note } from './terminal.js';

/** The first signal cancels what is under way; after it the platform's own handling ends the process. */
export async function withApp<T>(options: AppOptions, run: (app: App, signal: AbortSignal) => Promise<T>): Promise<T> {
  const app = await createApp(options);
  const cancel = new AbortController();
  const stop = () => cancel.abort();
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    return await run(app, cancel.signal);
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
    await app.close();
  }
}

/** What is odd but keeps nothing from working. */
export function noteWarnings({ configuration, redactor }: App): void {
  for (const { message, fix } of configuration.warnings) note(redactor.scrub(`warning: ${message} ${fix}`));
}
