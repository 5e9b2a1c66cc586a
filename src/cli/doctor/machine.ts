/** What `doctor` asks of this machine, before any network: Node, certificates, proxies, folders. */
import { accessSync, constants, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { isLoopback } from '../../databricks/hosts.js';
import { type Finding, fail, ok, warn } from './finding.js';

type Env = Readonly<Record<string, string | undefined>>;

/** As `engines` in package.json has it. */
export const oldestNode = '20.19.0';

export function checkNode(version: string): Finding {
  const isOld = version.localeCompare(oldestNode, 'en', { numeric: true }) < 0;
  return isOld
    ? fail('node', `Node ${version} is too old.`, `Install Node ${oldestNode} or later.`)
    : ok('node', `Node ${version}`);
}

export function checkCertificates(env: Env, caFile: string | undefined): Finding[] {
  const extra = env.NODE_EXTRA_CA_CERTS;
  const findings: Finding[] = [];
  if (caFile !== undefined) findings.push(ok('certificates', `also trusted: those in ${caFile}`));
  if (extra) {
    findings.push(
      allows(extra, constants.R_OK)
        ? ok('certificates', `also trusted: those in ${extra} (NODE_EXTRA_CA_CERTS)`)
        : warn('certificates', `${extra} cannot be read.`, 'Correct NODE_EXTRA_CA_CERTS.'),
    );
  }
  return findings;
}

export function checkProxy(env: Env, host: string | undefined): Finding[] {
  const name = env.https_proxy ? 'https_proxy' : 'HTTPS_PROXY';
  const proxy = env[name];
  if (!proxy) {
    const other = ['http_proxy', 'HTTP_PROXY', 'all_proxy', 'ALL_PROXY'].find((each) => env[each]);
    if (other === undefined) return [];
    return [warn('proxy', `${other} is set, but Databricks is reached by https.`, 'Behind a proxy, set HTTPS_PROXY.')];
  }
  // "user:password@host" parses too: as the scheme "user:".
  if (!/^https?:\/\//i.test(proxy) || !URL.canParse(proxy))
    return [fail('proxy', `${name} is no address.`, 'Write it as http://host:port.')];
  if (host !== undefined && isLoopback(new URL(host).hostname)) {
    return [ok('proxy', `${name} is set, and not used for this machine itself`)];
  }
  const exceptions = env.no_proxy ?? env.NO_PROXY;
  return [ok('proxy', `${withoutPassword(proxy)} (${name})${exceptions ? `, except for ${exceptions}` : ''}`)];
}

function withoutPassword(address: string): string {
  const url = new URL(address);
  if (url.password !== '') url.password = '***';
  return url.href.replace(/\/$/, '');
}

/** Creates nothing: looks at the folder, or at where it would be made. */
export function checkFolder(path: string): Finding {
  let existing = path;
  while (!exists(existing) && dirname(existing) !== existing) existing = dirname(existing);
  const isUsable = statSync(existing).isDirectory() && allows(existing, constants.W_OK | constants.X_OK);
  return isUsable
    ? ok('folder', `usage files and new secrets go to ${path}`)
    : fail(
        'folder',
        `${existing} cannot be written to.`,
        'Make it a folder of this user, or set XDG_STATE_HOME.',
        'storage',
      );
}

const exists = (path: string) => statSync(path, { throwIfNoEntry: false }) !== undefined;

function allows(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}
