/** Databricks' own words, made fit to be quoted: scrubbed first, because a cut secret is no longer recognised. Pure. */

const longest = 500;

export function quote(words: string, scrub: (text: string) => string): string {
  const clean = scrub(words);
  return clean.length > longest ? `${clean.slice(0, longest - 1).toWellFormed()}…` : clean;
}

/** An id of Databricks' as part of a sentence of ours; what does not look like one is not repeated there. */
export const named = (field: string, id: string): string =>
  /^[\w-]{1,64}$/.test(id) ? `${field} ${JSON.stringify(id)}` : `a new ${field}`;
