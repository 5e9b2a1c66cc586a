/** Guesses which of the known names somebody meant. Pure. */

/** The closest names, best first; none when nothing comes close. */
export function similar(word: string, known: readonly string[], most = 3): string[] {
  return known
    .map((name) => ({ name, far: Math.min(distance(word, name), distance(sorted(word), sorted(name))) }))
    .filter(({ name, far }) => far <= Math.max(word.length, name.length) * 0.35)
    .sort((a, b) => a.far - b.far || a.name.localeCompare(b.name, 'en'))
    .slice(0, most)
    .map(({ name }) => name);
}

/** "user_list" for "list_user": the words in one order. */
const sorted = (name: string) => name.split('_').sort().join('_');

/** Levenshtein: how many letters to insert, delete or change. */
function distance(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [row, letter] of [...a].entries()) {
    const current = [row + 1];
    for (let column = 1; column <= b.length; column += 1) {
      const change = (above[column - 1] ?? 0) + (letter === b[column - 1] ? 0 : 1);
      current.push(Math.min(change, (above[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    above = current;
  }
  return above[b.length] ?? 0;
}
