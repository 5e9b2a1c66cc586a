/** From the first signal to the end: what is in flight finishes; a second signal ends it at once. */
import process from 'node:process';
import type { Front } from '../../http/front.js';
import { exits } from '../exit-codes.js';

const signals = ['SIGTERM', 'SIGINT'] as const;

/** Resolves when the server is drained and closed. */
export async function serveUntilStopped(front: Pick<Front, 'drain'>, onStopping: () => void = () => {}): Promise<void> {
  await new Promise<void>((resolve) => {
    for (const signal of signals) process.once(signal, () => resolve());
  });
  for (const signal of signals)
    process.removeAllListeners(signal).once(signal, () => process.exit(exits.cancelled.code));
  onStopping();
  await front.drain();
}
