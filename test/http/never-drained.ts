/** A process that serves nothing and never finishes draining, to be stopped by signals. */
import process from 'node:process';
import { serveUntilStopped } from '../../src/cli/http/serve.js';

setInterval(() => {}, 1_000);
const serving = serveUntilStopped({
  drain: () => {
    process.stdout.write('draining\n');
    return new Promise(() => {});
  },
});
process.stdout.write('serving\n');
await serving;
