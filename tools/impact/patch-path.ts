/** The attribute a SCIM PATCH path leads to. Reads what every server reads alike; anything else is no path here. Pure. */

export type AttributeKind = 'text' | 'flag' | 'values' | 'parts';

export interface PatchPath {
  readonly attribute: string;
  readonly kind: AttributeKind;
  readonly part?: string;
  readonly filter?: string;
  /** Another spelling than Databricks documents: a server may take it or pass it over. */
  readonly isOdd: boolean;
}

const kinds: Readonly<Record<string, AttributeKind>> = {
  active: 'flag',
  displayName: 'text',
  externalId: 'text',
  roles: 'values',
  members: 'values',
  name: 'parts',
};

/** Only the core schemas: `roles` of an extension is another attribute. */
const form =
  /^\s*(urn:ietf:params:scim:schemas:core:2\.0:(?:User|Group|ServicePrincipal):)?([a-z]+)(?:\.([a-z]+))?(?:\[([\s\S]*)\])?\s*$/i;

export function patchPath(path: string): PatchPath | undefined {
  const [, urn, given = '', part, filter] = form.exec(path) ?? [];
  const attribute = Object.keys(kinds).find((name) => name.toLowerCase() === given.toLowerCase());
  const kind = attribute === undefined ? undefined : kinds[attribute];
  if (attribute === undefined || kind === undefined) return undefined;
  return {
    attribute,
    kind,
    ...(part !== undefined && { part }),
    ...(filter !== undefined && { filter }),
    isOdd: urn !== undefined || given !== attribute,
  };
}

/** Ids and roles are far shorter; it is compared with every element there is. */
const longestValue = 1_000;

/**
 * Whether an element's value fits the filter; undefined for filters and spellings that may be read in two ways: letters
 * of another case, and ids that a server may take for the same number.
 */
export function filterTest(filter: string): ((value: string) => boolean | undefined) | undefined {
  const [, operator, literal] = /^\s*value\s+(eq|ne|co|sw)\s+("(?:[^"\\]|\\.)*")\s*$/i.exec(filter) ?? [];
  const wanted = literal === undefined ? undefined : fromLiteral(literal);
  const compare = operator === undefined ? undefined : comparisons[operator.toLowerCase()];
  if (wanted === undefined || wanted.length > longestValue || compare === undefined) return undefined;
  return (value) => {
    const exact = compare(value, wanted);
    const isClear = exact === compare(value.toLowerCase(), wanted.toLowerCase()) && !isOddId(wanted, value);
    return isClear ? exact : undefined;
  };
}

/** Other digits for the id, as in `007` or ` 7`. Which number odd ones stand for is each server's own business. */
const isOddId = (wanted: string, id: string): boolean =>
  /^\d+$/.test(id) && /\p{Nd}/u.test(wanted) && !/^(?:0|[1-9]\d*)$/.test(wanted);

const comparisons: Readonly<Record<string, (actual: string, wanted: string) => boolean>> = {
  eq: (actual, wanted) => actual === wanted,
  ne: (actual, wanted) => actual !== wanted,
  co: (actual, wanted) => actual.includes(wanted),
  sw: (actual, wanted) => actual.startsWith(wanted),
};

function fromLiteral(literal: string): string | undefined {
  try {
    return JSON.parse(literal) as string;
  } catch {
    return undefined;
  }
}
