/** The floor as the bench sees it: `floor.js` in a process of its own. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import type { Burst, Load } from './burst.js';
import { median } from './numbers.js';
import { cpuOf } from './processes.js';
import type { Stage } from './stage.js';

export interface Direct {
  burst(path: string, load: Load): Promise<Burst>;
  /** Milliseconds to write the answer to a file. */
  save(path: string, file: string): Promise<number>;
  close(): void;
}

export function direct(stage: Stage): Direct {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'floor.js'), stage.origin], {
    env: stage.env,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface(child.stdout);
  const order = async (what: object): Promise<{ ms: number; times: number[] }> => {
    const line = new Promise<string>((resolve) => lines.once('line', resolve));
    child.stdin.write(`${JSON.stringify(what)}\n`);
    return JSON.parse(await line);
  };
  return {
    async burst(path, load) {
      const cpu = cpuOf(child.pid);
      const { ms, times } = await order({ path, ...load });
      return {
        p50: median(times),
        perSecond: (load.calls * 1e3) / ms,
        cpu: (cpuOf(child.pid) - cpu) / load.calls,
      };
    },
    save: async (path, file) => (await order({ path, file })).ms,
    close: () => void child.stdin.end(),
  };
}
