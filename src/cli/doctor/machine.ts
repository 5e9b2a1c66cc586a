/** What `doctor` asks of this machine, before any network: Node, certificates, folders. */
import { X509Certificate } from 'node:crypto';
import { accessSync, constants, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { errorCode } from '../../core/paths.js';
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

/** `caFile`: readable, or the configuration has said so. */
export function checkCertificates(env: Env, caFile: string | undefined): Finding[] {
  const extra = env.NODE_EXTRA_CA_CERTS;
  return [
    ...(caFile !== undefined ? checkAuthorities(caFile, 'ca_file') : []),
    ...(extra ? checkAuthorities(extra, 'NODE_EXTRA_CA_CERTS') : []),
  ];
}

function checkAuthorities(file: string, setting: string): Finding[] {
  const asPem =
    'Give PEM, which begins with -----BEGIN CERTIFICATE-----; `openssl x509 -inform der` makes it from DER.';
  try {
    const found = readFileSync(file, 'utf8').match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
    for (const pem of found) new X509Certificate(pem);
    if (found.length > 0) return [ok('certificates', `also trusted: those in ${file} (${setting})`)];
    return [fail('certificates', `${file} holds no certificate (${setting}).`, asPem)];
  } catch (error) {
    const code = errorCode(error);
    if (code.startsWith('ERR_'))
      return [fail('certificates', `${file} holds a broken certificate (${setting}).`, asPem)];
    // A file that a setting of ours names is told among the settings.
    if (setting === 'ca_file') return [];
    return [warn('certificates', `${file} cannot be read (${code}).`, `Correct ${setting}.`)];
  }
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
