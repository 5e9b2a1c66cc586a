/** What a change does to a file, for a person: changed lines with a few around them, as `diff -u` shows them. Pure. */

type Line = readonly [sign: ' ' | '-' | '+', text: string];

const around = 3;
/** Longer lines are cut: some programs keep everything on one. */
const widest = 300;
/** Beyond this, the middle is shown as one block instead of compared line by line. */
const comparable = 4_000_000;

export function difference(before: string, after: string): string {
  const old = linesOf(before);
  const young = linesOf(after);
  let head = 0;
  while (head < old.length && head < young.length && old[head] === young[head]) head++;
  let tail = 0;
  while (
    tail < old.length - head &&
    tail < young.length - head &&
    old[old.length - 1 - tail] === young[young.length - 1 - tail]
  ) {
    tail++;
  }
  const middle = compared(old.slice(head, old.length - tail), young.slice(head, young.length - tail));
  const all: Line[] = [
    ...old.slice(0, head).map((text): Line => [' ', text]),
    ...middle,
    ...old.slice(old.length - tail).map((text): Line => [' ', text]),
  ];
  return hunks(all).join('\n');
}

const linesOf = (text: string) => (text === '' ? [] : text.replace(/(\r\n|\n|\r)$/, '').split(/\r\n|\n|\r/));

/** The longest row of lines both have stays. */
function compared(old: readonly string[], young: readonly string[]): Line[] {
  if (old.length * young.length > comparable) {
    return [...old.map((text): Line => ['-', text]), ...young.map((text): Line => ['+', text])];
  }
  const lengths = Array.from({ length: old.length + 1 }, () => new Uint32Array(young.length + 1));
  const at = (i: number, j: number) => lengths[i]?.[j] ?? 0;
  for (let i = old.length - 1; i >= 0; i--) {
    const row = lengths[i] as Uint32Array;
    for (let j = young.length - 1; j >= 0; j--) {
      row[j] = old[i] === young[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const result: Line[] = [];
  let i = 0;
  let j = 0;
  while (i < old.length || j < young.length) {
    if (i < old.length && j < young.length && old[i] === young[j]) {
      result.push([' ', old[i] ?? '']);
      i++;
      j++;
    } else if (i < old.length && (j >= young.length || at(i + 1, j) >= at(i, j + 1)))
      result.push(['-', old[i++] ?? '']);
    else result.push(['+', young[j++] ?? '']);
  }
  return result;
}

function hunks(all: readonly Line[]): string[] {
  const near = (index: number) =>
    all.slice(Math.max(0, index - around), index + around + 1).some(([sign]) => sign !== ' ');
  const shown: string[] = [];
  let line = 1;
  let open = false;
  for (const [index, [sign, text]] of all.entries()) {
    if (near(index)) {
      if (!open) shown.push(`@@ line ${line} @@`);
      shown.push(`${sign}${text.length > widest ? `${text.slice(0, widest)}…` : text}`);
      open = true;
    } else open = false;
    if (sign !== '+') line++;
  }
  return shown;
}
