/** Medians and paired ratios. Pure. */

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

/** The median of each pair's ratio: what disturbs the machine for a while disturbs both of a pair. */
export const pairedRatio = (values: readonly number[], floor: readonly number[]): number =>
  median(values.map((value, at) => value / (floor[at] ?? Number.NaN)));

/** Three digits are all that a median of a few runs can carry. */
export function rounded(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toFixed(digits);
}
