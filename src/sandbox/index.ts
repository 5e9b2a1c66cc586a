// Starts and stops the sandbox: an independent in-memory Databricks account behind a local HTTP server. It is written from the API
// reference and shares no code with the rest of the product, so that a mistake there shows up here as a failing call.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Api, answer } from './api.js';
import type { Sandbox, SandboxOptions } from './contract.js';
import { answerControl, type Controls, isControl } from './control.js';
import { applyFault, FaultBook } from './faults.js';
import { Recorder } from './recorder.js';
import { routesOf } from './routes.js';
import { seedAccount } from './seed/account.js';
import { ACCOUNT_ID, CLIENT_ID, CLIENT_SECRET } from './seed/identity.js';
import { readInbound, writeReply } from './wire.js';

export type { Cloud, FaultRule, RecordedRequest, Sandbox, SandboxOptions } from './contract.js';

export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { cloud = 'aws', host = '127.0.0.1', port = 0, log = () => {} } = options;
  const recorder = new Recorder();
  const faults = new FaultBook();
  const closing = new AbortController();
  const server = createServer();
  const url = await listen(server, host, port);

  let api: Api = { account: seedAccount(options), routes: routesOf(cloud), baseUrl: url };
  const controls: Controls = {
    recorder,
    faults,
    about: { url, accountId: ACCOUNT_ID, clientId: CLIENT_ID },
    reset: () => {
      api = { ...api, account: seedAccount(options) };
    },
  };

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const inbound = await readInbound(request);
    if (isControl(inbound.path)) return writeReply(response, answerControl(controls, inbound));
    const entry = recorder.begin(inbound);
    const rule = faults.take(inbound.method, inbound.path);
    const reply = await applyFault(rule, () => answer(api, inbound), closing.signal);
    entry.status = reply?.status ?? 0;
    log(`${inbound.method} ${inbound.path} ${reply?.status ?? 'dropped'}`);
    if (reply) await writeReply(response, reply);
    else response.destroy();
  };

  server.on('request', (request, response) => {
    serve(request, response).catch((error: unknown) => {
      // Clients hanging up and a closing sandbox end here as well as bugs; only an unanswered request deserves a word.
      if (!closing.signal.aborted && !response.headersSent && !response.destroyed)
        log(`sandbox error: ${String(error)}`);
      if (response.headersSent) response.destroy();
      else response.writeHead(500, { connection: 'close' }).end();
    });
  });

  return {
    url,
    accountId: ACCOUNT_ID,
    clientId: CLIENT_ID,
    clientSecret: CLIENT_SECRET,
    requests: recorder.requests,
    clearRequests: () => recorder.clear(),
    addFault: (rule) => faults.add(rule),
    clearFaults: () => faults.clear(),
    close: () =>
      new Promise((resolve) => {
        closing.abort();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: ReturnType<typeof createServer>, host: string, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      const bound = server.address() as AddressInfo;
      resolve(`http://${bound.family === 'IPv6' ? `[${bound.address}]` : bound.address}:${bound.port}`);
    });
  });
}
