/** Every process the bench starts: none outlives it, however it ends. */
import type { ChildProcess } from 'node:child_process';
import process from 'node:process';

const alive = new Set<ChildProcess>();

export function mine<C extends ChildProcess>(child: C): C {
  alive.add(child);
  child.once('exit', () => alive.delete(child));
  return child;
}

/** Runs `clean` at the end too. */
export function endWithThis(clean: () => void): void {
  process.once('exit', () => {
    for (const child of alive) child.kill('SIGKILL');
    clean();
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
}
