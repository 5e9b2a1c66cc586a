/** The stdio door behind the greeting: keeps stdout for the protocol, and answers what is in flight when the client closes. */
import process from 'node:process';
import { PassThrough, type Writable } from 'node:stream';
import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio';
import type { App } from '../app.js';
import type { Hello } from './hello.js';
import { createMcpServers, type Front } from './server.js';
import type { Begun } from './stdio.js';
import { claimStdout } from './stdout.js';
import type { Visit } from './visit.js';

/** After this long (ms) a call in flight no longer keeps the process alive. */
const drainTime = 25_000;

/** Serves until stdin ends or a signal comes; then finishes the calls in flight. */
export async function goOnOverStdio(front: Front, visit: Visit, { hello, rest, over }: Begun): Promise<void> {
  const stdout = claimStdout();
  const servers = createMcpServers(front);
  // The SDK aborts calls in flight when its input ends, so the end is kept from it until they are answered.
  const input = new PassThrough();
  const transport = new StdioServerTransport(input, stdout);
  const closed = closedByItself(transport);
  const handle = serveStdio(({ era }) => servers.announcing(servers.create(era, visit)), {
    transport,
    onerror: (error) => front.log.warn('protocol', { error: error.message }),
  });
  // A wrong setting of the app is logged there, and a call says so.
  void servers.preload().then(tellUnknown, () => {});
  if (hello.said.length > 0) {
    await sayAgain(transport, input, hello.said);
    answerFirst(transport, hello, stdout);
  }
  input.write(rest);
  process.stdin.pipe(input, { end: false });
  await Promise.race([over, closed]);
  servers.leave();
  await Promise.race([servers.idle(), new Promise((resolve) => setTimeout(resolve, drainTime).unref())]);
  await new Promise((resolve) => setImmediate(resolve));
  input.end();
  await handle.close();
}

/** The list is a text that is made once; the SDK would check and write it anew for each request. */
function answerFirst(transport: StdioServerTransport, hello: Hello, stdout: Writable): void {
  const { onmessage } = transport;
  transport.onmessage = (message) => {
    const text = hello.answer(message);
    if (text === undefined) onmessage?.(message);
    else stdout.write(text);
  };
}

/** Tells the SDK what the client has said already, and keeps the answer, which the client has, from it. */
async function sayAgain(transport: StdioServerTransport, input: PassThrough, said: readonly string[]): Promise<void> {
  const [hello, ...others] = said;
  if (hello === undefined) return;
  const send = transport.send.bind(transport);
  const answered = new Promise<void>((resolve) => {
    transport.send = async () => {
      transport.send = send;
      resolve();
    };
  });
  input.write(`${hello}\n`);
  await answered;
  for (const line of others) input.write(`${line}\n`);
}

/** Which changes an earlier process began without learning how they ended. */
async function tellUnknown({ journal, log }: App): Promise<void> {
  const writes = await journal.unsettled().catch(() => []);
  for (const { time, action, target, check, running } of writes) {
    if (!running) log.warn('outcome_unknown', { tool: action, sent_at: time, target, check });
  }
}

/**
 * Resolves when the transport gives the connection up, over a message that is too long for one. It stops reading then, so
 * the end of stdin would never be seen.
 */
function closedByItself(transport: StdioServerTransport): Promise<void> {
  return new Promise((resolve) => {
    const close = transport.close.bind(transport);
    transport.close = () => {
      resolve();
      return close();
    };
  });
}
