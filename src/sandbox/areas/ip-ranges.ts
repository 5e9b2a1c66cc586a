// IP addresses and CIDR ranges: reads them and tells whether one covers an address. Knows no access list.

import { BlockList, isIP } from 'node:net';

interface Range {
  readonly address: string;
  readonly prefix: number;
  readonly family: 'ipv4' | 'ipv6';
}

export function parseRange(written: string): Range | undefined {
  const [base = '', prefix, ...rest] = written.split('/');
  const version = isIP(base);
  const longest = version === 4 ? 32 : 128;
  if (version === 0 || rest.length > 0 || (prefix !== undefined && !/^\d{1,3}$/.test(prefix))) return undefined;
  const bits = prefix === undefined ? longest : Number(prefix);
  return bits <= longest ? { address: base, prefix: bits, family: version === 4 ? 'ipv4' : 'ipv6' } : undefined;
}

/** Is this address in one of the ranges? */
export function covers(written: readonly string[], caller: string): boolean {
  const blocked = new BlockList();
  for (const range of written.map(parseRange)) if (range) blocked.addSubnet(range.address, range.prefix, range.family);
  return blocked.check(caller, isIP(caller) === 6 ? 'ipv6' : 'ipv4');
}
