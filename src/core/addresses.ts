/** Internet addresses as people write them in settings. Pure. */

/** True for an IPv4 or IPv6 address, alone or as a range: `203.0.113.7`, `203.0.113.0/24`, `2001:db8::/32`. */
export function isAddressOrRange(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  const longest = isIpv4(address) ? 32 : isIpv6(address) ? 128 : undefined;
  if (longest === undefined || more.length > 0) return false;
  return bits === undefined || (/^(0|[1-9]\d{0,2})$/.test(bits) && Number(bits) <= longest);
}

const isIpv4 = (text: string) =>
  /^\d{1,3}(\.\d{1,3}){3}$/.test(text) && text.split('.').every((part) => String(Number(part)) === part && +part < 256);

/** The URL parser knows the grammar; it takes nothing but an IPv6 address between the brackets. */
const isIpv6 = (text: string) => /^[\da-fA-F:.]+$/.test(text) && URL.canParse(`http://[${text}]`);
