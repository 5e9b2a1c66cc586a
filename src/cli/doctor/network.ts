/**
 * What `doctor` finds on the way to the host: proxy, name, connection, certificate, answer, clock. In this order, and no further
 * than it comes: behind what failed there is nothing to be seen. Sends no credentials.
 */
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { ActionError, failed } from '../../core/errors.js';
import { errorCode } from '../../core/paths.js';
import { isLoopback } from '../../databricks/hosts.js';
import { wayTo } from '../../databricks/proxy.js';
import { type Trust, trustOf } from '../../databricks/trust.js';
import { within } from '../../within.js';
import { checkAnswer } from './answer.js';
import { judge } from './certificate.js';
import { type Finding, fail, ok, skip, warn } from './finding.js';
import { addressOf, connectTo, handshake, type Patience, TunnelRefused, tunnelTo } from './sockets.js';

export type Env = Readonly<Record<string, string | undefined>>;

export interface Journey {
  /** Scheme, host and port. */
  readonly host: string;
  /** Who said it: 'flag --host'. */
  readonly source: string | undefined;
  readonly accountId: string | undefined;
  readonly caFile: string | undefined;
  readonly env: Env;
  readonly signal: AbortSignal;
  /** Of one step. */
  readonly milliseconds: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Told of each step before it is taken. */
  readonly onStep: (what: string) => void;
}

export interface Arrival {
  readonly findings: readonly Finding[];
  /** False where the host was not reached, so that asking it for anything is in vain. */
  readonly reached: boolean;
}

type Socket = Awaited<ReturnType<typeof connectTo>>;

export async function checkNetwork(journey: Journey): Promise<Arrival> {
  const findings: Finding[] = [];
  const stopped = (...left: string[]): Arrival => ({
    findings: [...findings, ...left.map((check) => skip(check, 'not tried: the host was not reached'))],
    reached: false,
  });

  const trust = trusted(journey);
  if ('level' in trust) return { findings: [trust], reached: false };
  const line = await openLine(journey, trust);
  findings.push(...line.findings);
  if (line.socket === undefined) return stopped('tls', 'answer', 'clock');

  const url = new URL(journey.host);
  if (url.protocol === 'https:') {
    journey.onStep(`Making a TLS connection to ${url.hostname} …`);
    const shown = await handshake(line.socket, url.hostname, trust, patienceOf(journey));
    const ours = journey.caFile !== undefined || Boolean(journey.env.NODE_EXTRA_CA_CERTS);
    const finding = judge(shown, journey.now(), ours);
    findings.push(finding);
    if (finding.level === 'fail') return stopped('answer', 'clock');
  } else {
    line.socket.destroy();
    findings.push(ok('tls', 'none: this machine itself may be reached by http'));
  }

  journey.onStep(`Asking ${url.hostname} …`);
  const answer = await checkAnswer(journey);
  return { findings: [...findings, ...answer], reached: answer.every(({ level }) => level !== 'fail') };
}

interface Line {
  readonly findings: readonly Finding[];
  readonly socket?: Socket;
}

async function openLine(journey: Journey, trust: Trust): Promise<Line> {
  const { host, env } = journey;
  try {
    const { proxy, variable = '', past } = wayTo(host, env);
    if (proxy !== undefined) return await throughProxy(journey, proxy, variable, trust);
    const line = await direct(journey);
    return { ...line, findings: [...aboutNoProxy(env, variable, past), ...line.findings] };
  } catch (error) {
    if (!(error instanceof ActionError) || error.failure.kind !== 'configuration') throw error;
    return { findings: [fail('proxy', error.failure.message, error.failure.next ?? '')] };
  }
}

function aboutNoProxy(env: Env, variable: string, past: 'this machine' | 'listed' | undefined): Finding[] {
  if (past === 'this machine') return [ok('proxy', `${variable} is set, and not used for this machine itself`)];
  if (past === 'listed') return [ok('proxy', `${variable} is set, and not used: NO_PROXY lists this host`)];
  const other = ['http_proxy', 'HTTP_PROXY', 'all_proxy', 'ALL_PROXY'].find((name) => env[name]);
  if (other === undefined) return [ok('proxy', 'none is set')];
  return [warn('proxy', `${other} is set, but Databricks is reached by https.`, 'Behind a proxy, set HTTPS_PROXY.')];
}

async function throughProxy(journey: Journey, proxy: URL, variable: string, trust: Trust): Promise<Line> {
  const shown = `${withoutPassword(proxy)} (${variable})`;
  const unseen = [skip('dns', 'not looked up here: the proxy does that')];
  journey.onStep(`Asking the proxy ${proxy.host} …`);
  try {
    const target = addressOf(new URL(journey.host));
    const socket = await tunnelTo(target, proxy, trust, patienceOf(journey));
    return { findings: [ok('proxy', `${shown} leads to ${target.hostname}:${target.port}`), ...unseen], socket };
  } catch (error) {
    if (error instanceof ActionError) throw error;
    return { findings: [proxyFailure(error, shown, variable), ...unseen, skip('reach', 'not tried: no proxy')] };
  }
}

function proxyFailure(error: unknown, shown: string, variable: string): Finding {
  if (!(error instanceof TunnelRefused)) {
    const code = errorCode(error);
    const fix =
      code === 'ENOTFOUND'
        ? `DNS does not know that name: correct ${variable}.`
        : `Check ${variable} and that the proxy runs. Where no proxy is needed, list the host in NO_PROXY.`;
    return fail('proxy', `${shown} cannot be reached (${code}).`, fix, 'network');
  }
  const { status } = error;
  const fix =
    status === 407
      ? `Put its user and password into ${variable}: http://user:password@host:port, percent-encoded.`
      : 'Ask whoever runs it to let this host pass, or list the host in NO_PROXY where no proxy is needed.';
  const message = status === 407 ? 'wants to know who asks' : 'refuses to lead to the host';
  return fail('proxy', `${shown} ${message} (${status}).`, fix, 'network');
}

async function direct(journey: Journey): Promise<Line> {
  const { hostname, port } = addressOf(new URL(journey.host));
  const where = journey.source === undefined ? '' : ` (${journey.source})`;
  const name = await checkName(hostname, where, journey);
  if (name.level === 'fail') return { findings: [name, skip('reach', 'not tried: the host has no address')] };
  journey.onStep(`Connecting to ${hostname} …`);
  try {
    const socket = await connectTo({ hostname, port }, patienceOf(journey));
    return { findings: [name, ok('reach', `port ${port} answers`)], socket };
  } catch (error) {
    if (error instanceof ActionError) throw error;
    const code = errorCode(error);
    const message = code === 'ETIMEDOUT' ? 'does not answer' : 'cannot be connected to';
    const fix = isLoopback(hostname)
      ? `Start what should listen there, or correct the host${where}.`
      : `Check the host${where}, VPN and firewall. Behind a proxy, set HTTPS_PROXY.`;
    return { findings: [name, fail('reach', `${hostname}:${port} ${message} (${code}).`, fix, 'network')] };
  }
}

const mostAddresses = 4;

async function checkName(hostname: string, where: string, { milliseconds, signal, onStep }: Journey): Promise<Finding> {
  if (isIP(hostname.replace(/^\[(.*)\]$/, '$1')) !== 0) return ok('dns', 'nothing to look up: the host is an address');
  onStep(`Looking up ${hostname} …`);
  try {
    const found = await within(milliseconds, lookup(hostname, { all: true }));
    if (signal.aborted) throw failed('cancelled', 'The check was cancelled.');
    if (found === undefined) throw Object.assign(new Error('DNS is silent.'), { code: 'ETIMEDOUT' });
    const addresses = found.map(({ address }) => address);
    const more = addresses.length > mostAddresses ? ' and more' : '';
    return ok('dns', `${hostname} is ${addresses.slice(0, mostAddresses).join(', ')}${more}`);
  } catch (error) {
    if (error instanceof ActionError) throw error;
    const code = errorCode(error);
    if (code === 'ENOTFOUND') {
      const fix = `Correct the host${where}. If it is right, a VPN may be off; behind a proxy, set HTTPS_PROXY.`;
      return fail('dns', `${hostname} is not known to DNS (${code}).`, fix, 'network');
    }
    const fix =
      'Check that this machine is on the network, its VPN and its DNS servers. Behind a proxy, set HTTPS_PROXY.';
    return fail('dns', `DNS does not answer for ${hostname} (${code}).`, fix, 'network');
  }
}

function trusted({ caFile, env }: Journey): Trust | Finding {
  try {
    return trustOf(caFile, env);
  } catch (error) {
    if (!(error instanceof ActionError)) throw error;
    return fail('certificates', error.failure.message, error.failure.next ?? '');
  }
}

const patienceOf = ({ milliseconds, signal }: Journey): Patience => ({ milliseconds, signal });

function withoutPassword(proxy: URL): string {
  const url = new URL(proxy);
  if (url.password !== '') url.password = '***';
  return url.href.replace(/\/$/, '');
}
