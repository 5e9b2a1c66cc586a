/** Whom to believe when a host shows its certificate: the authorities of Node and those the operator adds. */
import { readFileSync } from 'node:fs';
import { rootCertificates } from 'node:tls';
import { failed } from '../core/errors.js';

export interface Trust {
  /** Said outright, because an environment variable of Node's switches the default off. */
  readonly rejectUnauthorized: true;
  readonly minVersion: 'TLSv1.2';
  readonly ca?: string[];
}

/** `caFile`: PEM of further authorities. Throws where a file cannot be read. */
export function trustOf(caFile: string | undefined, env: Readonly<Record<string, string | undefined>>): Trust {
  // Naming authorities replaces Node's own choice, so those of its variable are named too.
  const extra = env.NODE_EXTRA_CA_CERTS ? [env.NODE_EXTRA_CA_CERTS] : [];
  const ca = caFile === undefined ? undefined : [...rootCertificates, ...[caFile, ...extra].map(certificates)];
  return { rejectUnauthorized: true, minVersion: 'TLSv1.2', ...(ca !== undefined && { ca }) };
}

function certificates(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw failed(
      'configuration',
      'A file of certificate authorities cannot be read.',
      { next: `Make ${file} readable.` },
      error,
    );
  }
}
