/**
 * The stdio door: greets the client and answers its list from data; the SDK is loaded for whatever else comes, or shortly
 * after, and is told again what the client has said of itself.
 */
import process from 'node:process';
import type { Writable } from 'node:stream';
import type { Policy } from '../guard/policy.js';
import { createHello, type Hello } from './hello.js';
import { createLists, identityOf } from './identity.js';
import type { Front } from './server.js';
import { claimStdout } from './stdout.js';
import type { Visit } from './visit.js';

/** When the SDK is loaded unasked (ms): after the list, or after the greeting where no list is asked for. */
const loadAfter = { list: 10, greeting: 200 };

/** No greeting is longer (bytes). */
const longestLine = 64 * 1024;

/** A front whose app is opened with the first call, and closed if it was. */
export interface StdioFront extends Front {
  readonly policy: Policy;
  close(): Promise<void>;
}

/** Where a conversation goes on. */
export interface Begun {
  /** What has been said and answered. It goes on answering what it can. */
  readonly hello: Hello;
  /** Bytes that have been read and not been answered. */
  readonly rest: Buffer;
  /** Resolves when nobody will send any more: stdin ended, the reader is gone, or the process was asked to stop. */
  readonly over: Promise<void>;
}

/** Serves until stdin ends or a signal comes; then finishes the calls in flight. `search`: in search mode. */
export async function serveOverStdio(front: StdioFront, search = false): Promise<void> {
  const stdout = claimStdout();
  const visit: Visit = { caller: 'stdio', policy: front.policy, search };
  const lists = createLists(front);
  const hello = createHello(
    () => identityOf(front, visit),
    () => lists(visit),
  );
  const begun = await greet(hello, stdout);
  if (begun !== undefined) {
    const { goOnOverStdio } = await import('./stdio-sdk.js');
    await goOnOverStdio(front, visit, begun);
  }
  await front.close();
  // Bytes nobody will read any more must not keep the process alive.
  process.stdin.destroy();
}

/** Undefined where the client has gone without asking for more. */
async function greet(hello: Hello, stdout: Writable): Promise<Begun | undefined> {
  const { stdin } = process;
  let rest = Buffer.alloc(0);
  let timer: NodeJS.Timeout | undefined;
  const over = endOfInput(stdout);
  const goesOn = await new Promise<boolean>((resolve) => {
    void over.then(() => resolve(false));
    const goOn = () => {
      stdin.off('data', read).pause();
      resolve(true);
    };
    const read = (chunk: Buffer) => {
      rest = Buffer.concat([rest, chunk]);
      for (let end = rest.indexOf(0x0a); end !== -1; end = rest.indexOf(0x0a)) {
        const reply = hello.reply(rest.toString('utf8', 0, end));
        if (reply === undefined) return goOn();
        rest = rest.subarray(end + 1);
        if (reply.text !== undefined) {
          stdout.write(reply.text);
          clearTimeout(timer);
          timer = setTimeout(goOn, hello.isOver ? loadAfter.list : loadAfter.greeting).unref();
        }
      }
      if (rest.length > longestLine) goOn();
    };
    stdin.on('data', read);
  });
  clearTimeout(timer);
  return goesOn ? { hello, rest, over } : undefined;
}

function endOfInput(stdout: Writable): Promise<void> {
  return new Promise((resolve) => {
    const done = () => resolve();
    process.stdin.once('end', done).once('close', done).once('error', done);
    stdout.once('close', done);
    process.once('SIGTERM', done).once('SIGINT', done);
  });
}
