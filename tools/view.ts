/**
 * What an answer shows of a resource. Paths are dotted: `name.givenName`, and `roles.value` of each element of a list.
 * Paths exist in the API reference; a test compares them.
 */
export interface View {
  /** Shown unless others are asked for, in reading order; what names the object first. */
  readonly shown: readonly string[];
  /** What else Databricks documents. */
  readonly more: readonly string[];
  /** By path: the value in fewer words. The object it stands in is the second argument. Pure. */
  readonly brief?: Readonly<Record<string, (value: unknown, owner: Readonly<Record<string, unknown>>) => unknown>>;
}

/** Paths as words: `a b.{c,d}` is a, b.c and b.d. */
export function view(shown: string, more = '', brief?: View['brief']): View {
  return { shown: paths(shown), more: paths(more), ...(brief && { brief }) };
}

function paths(words: string): string[] {
  return words
    .split(/\s+/)
    .filter((word) => word !== '')
    .flatMap((word) => {
      const [head = '', inside] = word.split(/[{}]/);
      return inside === undefined ? [word] : inside.split(',').map((each) => head + each);
    });
}
