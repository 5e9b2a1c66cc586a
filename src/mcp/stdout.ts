/** Takes stdout for the protocol, before anything else can write to it. Node only: no other import. */
import process from 'node:process';
import { Writable } from 'node:stream';

let claimed: Writable | undefined;

/**
 * The stream the protocol is written to. Whatever else writes to stdout from now on, a dependency's debug output for
 * one, goes to stderr: one stray line would break the client's parser.
 */
export function claimStdout(): Writable {
  if (claimed !== undefined) return claimed;
  const write = process.stdout.write.bind(process.stdout);
  const stdout = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      write(chunk, (error) => done(error));
    },
  });
  process.stdout.on('error', (error) => stdout.destroy(error));
  stdout.on('error', () => {});
  process.stdout.write = process.stderr.write.bind(process.stderr) as typeof process.stdout.write;
  claimed = stdout;
  return stdout;
}
