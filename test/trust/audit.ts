/** The `audit` command as an operator runs it, on a home of the tests. */
import { spawn } from 'node:child_process';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import { environment, program } from '../mcp/server-process.js';

/** What `audit <command> --json` prints. */
// biome-ignore lint/suspicious/noExplicitAny: a test reads whatever JSON was printed
export async function auditOf(home: string, command: 'verify' | 'unknown'): Promise<any[]> {
  const child = spawn(process.execPath, [program, 'audit', command, '--json'], { env: environment(home) });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  if (stdout === '') throw new Error(`audit ${command} printed nothing: ${stderr}`);
  return JSON.parse(stdout);
}
