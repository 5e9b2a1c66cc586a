/** The stdio door: keeps stdout for the protocol, answers what is in flight when the client closes, then ends. */
import process from 'node:process';
import { PassThrough, type Writable } from 'node:stream';
import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio';
import type { App } from '../app.js';
import type { Policy } from '../guard/policy.js';
import { createMcpServers, type Front } from './server.js';
import { claimStdout } from './stdout.js';
import type { Visit } from './visit.js';

/** After this long (ms) a call in flight no longer keeps the process alive. */
const drainTime = 25_000;

/** After the first answer of a conversation (ms): its client has asked for the list by then, and waits for nothing. */
const preloadAfter = 20;

/** A front whose app is opened with the first call, and closed if it was. */
export interface StdioFront extends Front {
  readonly policy: Policy;
  close(): Promise<void>;
}

/** Serves until stdin ends or a signal comes; then finishes the calls in flight. `search`: in search mode. */
export async function serveOverStdio(front: StdioFront, search = false): Promise<void> {
  const stdout = claimStdout();
  const servers = createMcpServers(front);
  const visit: Visit = { caller: 'stdio', policy: front.policy, search };
  // The SDK aborts calls in flight when its input ends, so the end is kept from it until they are answered.
  const input = new PassThrough();
  process.stdin.pipe(input, { end: false });
  const transport = new StdioServerTransport(input, stdout);
  const over = Promise.race([inputEnd(stdout), closedByItself(transport)]);
  const handle = serveStdio(({ era }) => servers.announcing(servers.create(era, visit)), {
    transport,
    onerror: (error) => front.log.warn('protocol', { error: error.message }),
  });
  afterFirstAnswer(transport, () => void servers.preload().then(tellUnknown, () => {}));
  await over;
  servers.leave();
  await Promise.race([servers.idle(), new Promise((resolve) => setTimeout(resolve, drainTime).unref())]);
  await new Promise((resolve) => setImmediate(resolve));
  input.end();
  await handle.close();
  await front.close();
  // Bytes nobody will read any more must not keep the process alive.
  process.stdin.destroy();
}

/** Once, when the client has had time to ask for its list. */
function afterFirstAnswer(transport: StdioServerTransport, then: () => void): void {
  const send = transport.send.bind(transport);
  transport.send = (...message) => {
    transport.send = send;
    setTimeout(then, preloadAfter).unref();
    return send(...message);
  };
}

/** Which changes an earlier process began without learning how they ended. */
async function tellUnknown({ journal, log }: App): Promise<void> {
  const writes = await journal.unsettled().catch(() => []);
  for (const { time, action, target, check, running } of writes) {
    if (!running) log.warn('outcome_unknown', { tool: action, sent_at: time, target, check });
  }
}

/** Resolves when nobody will send any more: stdin ended, the reader is gone, or the process was asked to stop. */
function inputEnd(stdout: Writable): Promise<void> {
  return new Promise((resolve) => {
    const done = () => resolve();
    process.stdin.once('end', done).once('close', done).once('error', done);
    stdout.once('close', done);
    process.once('SIGTERM', done).once('SIGINT', done);
  });
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
