// Decimal numbers as scaled integers, so that millions of them add up without drifting. Knows plus, order and text, no more.

/** Decimals kept; digits after the last of them are cut off. Databricks' own amounts have at most eighteen. */
const DECIMALS = 18;

// The lengths are bounded, so that a hostile file cannot make numbers of a million digits.
const pattern = /^([+-]?)(\d{0,30})(?:\.(\d{0,40}))?(?:[eE]([+-]?\d{1,2}))?$/;

/** In units of 10^-18; undefined when the text is no decimal number. */
export function parseDecimal(text: string): bigint | undefined {
  const match = pattern.exec(text);
  if (!match) return undefined;
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  if (whole === '' && fraction === '') return undefined;
  const shift = DECIMALS - fraction.length + Number(exponent);
  const digits = BigInt(whole + fraction);
  const scaled = shift >= 0 ? digits * 10n ** BigInt(shift) : digits / 10n ** BigInt(-shift);
  return sign === '-' ? -scaled : scaled;
}

/** The shortest writing: '12.5', '-0.25', '3'. */
export function formatDecimal(scaled: bigint): string {
  const digits = (scaled < 0n ? -scaled : scaled).toString().padStart(DECIMALS + 1, '0');
  const fraction = digits.slice(-DECIMALS).replace(/0+$/, '');
  return `${scaled < 0n ? '-' : ''}${digits.slice(0, -DECIMALS)}${fraction && `.${fraction}`}`;
}
