// Starts and stops the sandbox: an independent in-memory Databricks account behind a local HTTP server. It is written from the API
// reference and shares no code with the rest of the product, so that a mistake there shows up here as a failing call.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Sandbox, SandboxOptions } from './contract.js';
import { answerControl, type Controls, isControl } from './control.js';
import { EffectLog } from './effects/log.js';
import { Era } from './era.js';
import { FaultBook } from './faults/book.js';
import { meet } from './faults/meet.js';
import { issueIdentity } from './federation.js';
import { Recorder } from './recorder.js';
import { routesOf } from './routes.js';
import { seedAccount } from './seed/account.js';
import { ACCOUNT_ID, CLIENT_ID, CLIENT_SECRET, ENTRA_SECRET, TENANT_ID } from './seed/identity.js';
import { snapshotOf } from './snapshot.js';
import { readInbound, whole, writeReply } from './wire.js';

export type {
  Cloud,
  Effect,
  EffectType,
  FaultAction,
  FaultRule,
  IdentityClaims,
  RecordedRequest,
  Sandbox,
  SandboxOptions,
} from './contract.js';

export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { cloud = 'aws', host = '127.0.0.1', port = 0, now = Date.now, log = () => {} } = options;
  const recorder = new Recorder();
  const faults = new FaultBook();
  const effects = new EffectLog(now);
  const server = createServer();
  const url = await listen(server, host, port);

  const begin = (scopes = options.scopes): Era => {
    const account = seedAccount({ ...options, ...(scopes && { scopes }) });
    return new Era({ account, routes: routesOf(cloud), baseUrl: url, effects });
  };
  let era = begin();
  const reset = (scopes?: readonly string[]): void => {
    era.end();
    faults.clear();
    effects.clear();
    era = begin(scopes);
  };
  const snapshot = () => snapshotOf(era.account);
  const about = { url, accountId: ACCOUNT_ID, clientId: CLIENT_ID };
  const controls: Controls = {
    recorder,
    faults,
    effects,
    about,
    killOverHttp: options.killOverHttp ?? false,
    reset,
    snapshot,
  };

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const inbound = await readInbound(request);
    if (isControl(inbound.path)) return writeReply(response, answerControl(controls, inbound));
    const { method, path } = inbound;
    const entry = recorder.begin(inbound);
    const current = era;
    const handle = (skewMs?: number) => {
      if (method !== 'GET' && faults.wantsPast()) current.remember();
      return current.answer(inbound, skewMs);
    };
    const hit = faults.take(method, path, () => current.older(inbound));
    const outcome = hit ? await meet(hit, { inbound, now, handle, signal: current.signal }) : whole(handle());
    entry.status = outcome.status;
    log(`${method} ${path} ${outcome.word ?? outcome.status}`);
    await outcome.send(response);
  };

  server.on('request', (request, response) => {
    serve(request, response).catch((error: unknown) => {
      const isAborted = error instanceof Error && error.name === 'AbortError';
      // Clients hanging up and a closing sandbox end here as well as bugs; only an unanswered request deserves a word.
      if (!era.signal.aborted && !isAborted && !response.headersSent && !response.destroyed)
        log(`sandbox error: ${String(error)}`);
      if (isAborted || response.headersSent) response.destroy();
      else response.writeHead(500, { connection: 'close' }).end();
    });
  });

  return {
    url,
    accountId: ACCOUNT_ID,
    clientId: CLIENT_ID,
    clientSecret: CLIENT_SECRET,
    tenantId: TENANT_ID,
    entraSecret: ENTRA_SECRET,
    requests: recorder.requests,
    clearRequests: () => recorder.clear(),
    identityToken: (claims = {}) => issueIdentity(era.account, claims),
    addFault: (rule) => faults.add(rule),
    clearFaults: () => faults.clear(),
    effects: effects.effects,
    clearEffects: () => effects.clear(),
    snapshot,
    reset,
    close: () =>
      new Promise((resolve) => {
        era.end();
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
