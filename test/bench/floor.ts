/**
 * The floor, a process of its own: undici alone, asked for the same things in the way a server is asked. Speaks one JSON
 * line for each request on stdin and stdout, so that waiting for it costs the bench the same.
 */
import { createWriteStream } from 'node:fs';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream/promises';
import { Pool } from 'undici';

interface Order {
  readonly path: string;
  /** How many requests, so many at once. */
  readonly calls?: number;
  readonly inFlight?: number;
  /** Where the one answer goes. */
  readonly file?: string;
}

const pool = new Pool(process.argv[2] ?? '', { connections: 64 });
const headers = { accept: 'application/json', authorization: 'Bearer bench-token' };

async function burst({ path, calls = 1, inFlight = 1 }: Order): Promise<{ ms: number; times: number[] }> {
  let left = calls;
  const times: number[] = [];
  const lane = async () => {
    while (left > 0) {
      left -= 1;
      const began = performance.now();
      const { body } = await pool.request({ method: 'GET', path, headers });
      await body.text();
      times.push(performance.now() - began);
    }
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: inFlight }, lane));
  return { ms: performance.now() - began, times };
}

async function save({ path }: Order, file: string): Promise<{ ms: number; times: number[] }> {
  const began = performance.now();
  const { body } = await pool.request({ method: 'GET', path, headers });
  await pipeline(body, createWriteStream(file));
  return { ms: performance.now() - began, times: [] };
}

for await (const line of createInterface(process.stdin)) {
  const order = JSON.parse(line) as Order;
  const done = order.file === undefined ? await burst(order) : await save(order, order.file);
  process.stdout.write(`${JSON.stringify(done)}\n`);
}
await pool.destroy();
