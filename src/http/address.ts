/** Where a request comes from. What it says about that itself counts only behind the operator's own proxy. Pure. */
import { isAddressOrRange } from '../core/addresses.js';

/** `forwarded`: the values of X-Forwarded-For. The proxy appends: only the last entry is its own word. */
export function clientAddress(
  peer: string | undefined,
  forwarded: readonly string[],
  isBehindProxy: boolean,
): string | undefined {
  const last = forwarded.at(-1)?.split(',').at(-1)?.trim() ?? '';
  const isAddress = isBehindProxy && !last.includes('/') && isAddressOrRange(last);
  return isAddress ? last : peer?.replace(/^::ffff:(?=\d+\.)/, '');
}
