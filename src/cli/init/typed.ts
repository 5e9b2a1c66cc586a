/** What people type or paste for hosts, ids and names, read as what they mean. Pure; complains in a sentence. */
import { type CloudName, parseCloud, resolveHost } from '../../databricks/hosts.js';
import { Unusable } from './asker.js';

const uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/i;

export interface Where {
  readonly host: string;
  readonly cloud?: CloudName;
  /** Of an address of the console. */
  readonly accountId?: string;
}

/** A cloud's name or an address. `allowed`: further hosts the operator vouches for. */
export function readWhere(text: string, allowed: readonly string[], hostOf: (cloud: CloudName) => string): Where {
  const cloud = parseCloud(text);
  if (cloud !== undefined) return { host: hostOf(cloud), cloud };
  const host = resolveHost(text, new Set(allowed));
  if ('refused' in host) throw new Unusable(`${host.refused} ${host.hint}`);
  return {
    host: host.origin,
    ...(host.cloud !== undefined && { cloud: host.cloud }),
    ...(host.accountId !== undefined && { accountId: host.accountId }),
  };
}

/** An id, alone or within an address. */
export function readId(text: string): string {
  const id = uuid.exec(text)?.[0];
  if (id === undefined) throw new Unusable('That is no UUID, such as 12345678-1234-1234-1234-123456789abc.');
  return id.toLowerCase();
}

export function readProfileName(text: string): string {
  if (!/^[A-Za-z0-9_][A-Za-z0-9_.@-]{0,63}$/.test(text)) {
    throw new Unusable('Use up to 64 letters, digits and _ . @ -, beginning with a letter or digit.');
  }
  return text;
}
