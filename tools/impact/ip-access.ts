/**
 * Which addresses IP access lists admit, decided as Databricks documents it: enabled BLOCK lists deny, and where there
 * is an enabled ALLOW list an address has to be in one. Pure; sets of addresses are sorted stretches of one line.
 */

export interface AccessList {
  readonly list_type: string;
  readonly enabled: boolean;
  readonly ip_addresses: readonly string[];
}

/** Addresses from the first to the last, both included. */
export interface Stretch {
  readonly first: bigint;
  readonly last: bigint;
}

/** IPv6 comes first on the line, IPv4 after it: a wide IPv6 range says nothing about IPv4. */
const v4Start = 1n << 128n;
const mappedStart = 0xffffn << 32n;

export const everywhere: readonly Stretch[] = [{ first: 0n, last: v4Start + 0xffff_ffffn }];

/** An IP address or CIDR range, host bits or not; undefined where it is neither. IPv4 in IPv6 (`::ffff:…`) is IPv4. */
export function parseRange(written: string): Stretch | undefined {
  const [address = '', prefix, ...rest] = written.split('/');
  const isV6 = address.includes(':');
  const width = isV6 ? 128 : 32;
  const value = isV6 ? parseV6(address) : parseV4(address);
  if (value === undefined || rest.length > 0) return undefined;
  if (prefix !== undefined && !(/^(0|[1-9]\d{0,2})$/.test(prefix) && Number(prefix) <= width)) return undefined;
  const size = 1n << BigInt(width - Number(prefix ?? width));
  const low = value - (value % size);
  const isMapped = isV6 && low >> 32n === mappedStart >> 32n && size <= 1n << 32n;
  const first = !isV6 ? v4Start + low : isMapped ? v4Start + (low - mappedStart) : low;
  return { first, last: first + size - 1n };
}

function parseV4(text: string): bigint | undefined {
  const parts = text.split('.');
  const isValid = parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256);
  return isValid ? parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n) : undefined;
}

function parseV6(text: string): bigint | undefined {
  // The last 32 bits may be written as an IPv4 address.
  const dotted = /^(.*:)([^:]*\.[^:]*)$/.exec(text);
  if (dotted !== null) {
    const tail = parseV4(dotted[2] ?? '');
    if (tail === undefined) return undefined;
    return parseV6(`${dotted[1]}${(tail >> 16n).toString(16)}:${(tail & 0xffffn).toString(16)}`);
  }
  const halves = text.split('::').map((half) => (half === '' ? [] : half.split(':')));
  const [head = [], tail = []] = halves;
  const missing = 8 - head.length - tail.length;
  if (halves.length > 2 || (halves.length === 2 ? missing < 1 : missing !== 0)) return undefined;
  const groups = [...head, ...Array<string>(missing).fill('0'), ...tail];
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return groups.reduce((sum, group) => (sum << 16n) + BigInt(`0x${group}`), 0n);
}

/** Of these addresses, those the lists admit. A value that cannot be read admits and denies nothing. */
export function admitted(lists: readonly AccessList[], from: readonly Stretch[]): readonly Stretch[] {
  const enabled = lists.filter((list) => list.enabled);
  const allow = enabled.filter((list) => list.list_type === 'ALLOW');
  const block = enabled.filter((list) => list.list_type === 'BLOCK');
  const inside = allow.length === 0 ? from : difference(from, difference(from, stretchesOf(allow)));
  return difference(inside, stretchesOf(block));
}

/** Of these addresses, those admitted now and denied then. */
export function shutOut(
  now: readonly AccessList[],
  then: readonly AccessList[],
  from: readonly Stretch[],
): readonly Stretch[] {
  return difference(admitted(now, merged(from)), admitted(then, merged(from)));
}

const stretchesOf = (lists: readonly AccessList[]): readonly Stretch[] =>
  merged(lists.flatMap((list) => list.ip_addresses.flatMap((written) => parseRange(written) ?? [])));

/** Sorted and without overlaps. */
function merged(stretches: readonly Stretch[]): readonly Stretch[] {
  const result: Stretch[] = [];
  for (const next of [...stretches].sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0))) {
    const last = result.at(-1);
    if (last === undefined || next.first > last.last) result.push(next);
    else if (next.last > last.last) result[result.length - 1] = { first: last.first, last: next.last };
  }
  return result;
}

/** What is in `left` and not in `right`; both sorted and without overlaps, and so is the result. */
function difference(left: readonly Stretch[], right: readonly Stretch[]): readonly Stretch[] {
  const result: Stretch[] = [];
  let at = 0;
  for (const { first, last } of left) {
    let start = first;
    while (at < right.length && (right[at]?.last ?? 0n) < start) at += 1;
    for (let next = at; start <= last; next += 1) {
      const hole = right[next];
      if (hole === undefined || hole.first > last) {
        result.push({ first: start, last });
        break;
      }
      if (hole.first > start) result.push({ first: start, last: hole.first - 1n });
      start = hole.last + 1n;
    }
  }
  return result;
}
