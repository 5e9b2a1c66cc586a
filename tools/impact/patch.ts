/**
 * What a SCIM PATCH makes of a resource, as far as it can be told without asking Databricks. Servers differ in the odd
 * forms; where two readings lead to two results the attribute is unclear, and whoever guards something has to say no. Pure.
 */
import { isRecord } from '../settlements.js';
import { filterTest, type PatchPath, patchPath } from './patch-path.js';
import { type Element, elementsOf, type Resource } from './resource.js';

export interface Patched {
  readonly resource: Resource;
  /** Attributes whose new value cannot be told. */
  readonly unclear: ReadonlySet<string>;
}

/** The value an operation leads to: undefined is "none", `unclear` is "cannot be told". */
const unclear = Symbol('unclear');
type Next = unknown | typeof unclear;
type Verb = 'add' | 'remove' | 'replace';

/** Operations that are followed. Each may go through all members of a group, and nobody writes so many by hand. */
const mostSteps = 200;

/** Undefined where an operation names nothing that is known here, or there are too many: then nothing can be told. */
export function applyPatch(before: Resource, operations: unknown): Patched | undefined {
  if (!Array.isArray(operations)) return undefined;
  if (operations.length > mostSteps) return undefined;
  const steps = operations.flatMap(stepsOf);
  const resource: Record<string, unknown> = { ...before };
  const lost = new Set<string>();
  for (const step of steps) {
    if (step === undefined) return undefined;
    const { path, verb, value } = step;
    const now = resource[path.attribute];
    const next = nextValue(now, verb, path, value);
    // Taken or passed over: alone that is one of two known states, among others it is anything.
    const isUndecided = path.isOdd && steps.length > 1;
    if (next === unclear || isUndecided) lost.add(path.attribute);
    else if (next === undefined || (Array.isArray(next) && next.length === 0)) delete resource[path.attribute];
    else resource[path.attribute] = next;
  }
  return { resource, unclear: lost };
}

interface Step {
  readonly verb: Verb;
  readonly path: PatchPath;
  readonly value: unknown;
}

/** Without a path the value is an object whose keys are paths. */
function stepsOf(operation: unknown): (Step | undefined)[] {
  if (!isRecord(operation)) return [undefined];
  const { op, path, value } = operation;
  const verb = typeof op === 'string' ? verbs[op.toLowerCase()] : undefined;
  const step = (at: string, given: unknown): Step | undefined => {
    const found = patchPath(at);
    return verb === undefined || found === undefined ? undefined : { verb, path: found, value: given };
  };
  if (typeof path === 'string') return [step(path, value)];
  if (verb === 'remove' || !isRecord(value)) return [undefined];
  return Object.entries(value)
    .filter(([, given]) => given !== undefined)
    .map(([name, given]) => step(name, given));
}

const verbs: Readonly<Record<string, Verb>> = { add: 'add', remove: 'remove', replace: 'replace' };

function nextValue(now: unknown, verb: Verb, path: PatchPath, value: unknown): Next {
  if (path.kind === 'values') return nextElements(elementsOf(now), verb, path, value);
  if (path.filter !== undefined) return unclear;
  if (path.kind === 'parts') return nextParts(isRecord(now) ? now : {}, verb, path.part, value);
  if (path.part !== undefined) return unclear;
  // Without the flag one server keeps an identity active and another may not.
  if (verb === 'remove') return path.kind === 'flag' ? unclear : undefined;
  return path.kind === 'flag' ? flagFrom(value) : textFrom(value);
}

function nextElements(now: readonly Element[], verb: Verb, path: PatchPath, value: unknown): Next {
  if (path.part !== undefined) return unclear;
  if (path.filter !== undefined) return verb === 'remove' && value === undefined ? without(now, path.filter) : unclear;
  if (value === undefined) return verb === 'remove' ? [] : unclear;
  const given = elementsFrom(value);
  if (given === undefined) return unclear;
  const named = (each: Element) => given.some((one) => one.value === each.value);
  if (verb === 'replace') return distinct(given.map((each) => now.find((one) => one.value === each.value) ?? each));
  if (verb === 'add') return distinct([...now, ...given]);
  // The standard takes all away, identity providers mean the named ones.
  return now.every(named) ? [] : unclear;
}

function without(now: readonly Element[], filter: string): Next {
  const fits = filterTest(filter);
  const verdicts = now.map((each) => fits?.(each.value));
  return verdicts.includes(undefined) ? unclear : now.filter((_, index) => verdicts[index] === false);
}

const distinct = (elements: readonly Element[]) => [...new Map(elements.map((each) => [each.value, each])).values()];

function elementsFrom(value: unknown): readonly Element[] | undefined {
  const elements = (Array.isArray(value) ? value : [value]).map((each: unknown): Element | undefined => {
    if (!isRecord(each)) return isPlain(each) ? { value: each } : undefined;
    const { value: inner, display } = each;
    return isPlain(inner) ? { value: inner, ...(typeof display === 'string' && { display }) } : undefined;
  });
  return elements.every((each) => each !== undefined) ? elements : undefined;
}

/** Text that no server takes for JSON. */
const isPlain = (value: unknown): value is string => typeof value === 'string' && /^[^\s[{"]/.test(value);

function nextParts(now: Readonly<Record<string, unknown>>, verb: Verb, part: string | undefined, value: unknown): Next {
  if (part !== undefined) {
    const known = ['givenName', 'familyName'].find((name) => name === part);
    if (known === undefined) return unclear;
    const { [known]: _, ...rest } = now;
    const text = verb === 'remove' ? undefined : textFrom(value);
    return text === unclear ? unclear : { ...rest, ...(text !== undefined && { [known]: text }) };
  }
  if (verb === 'remove') return value === undefined ? undefined : unclear;
  if (!isRecord(value)) return unclear;
  // The standard keeps the parts that are not given, some servers drop them.
  const isWhole = Object.keys(now).every((name) => name in value);
  return verb === 'add' || isWhole ? { ...now, ...value } : unclear;
}

/** Clients send the same scalar bare, as an object and as [{"value": ...}]. */
function single(value: unknown): unknown {
  const first = Array.isArray(value) && value.length === 1 ? value[0] : value;
  return isRecord(first) ? first.value : first;
}

function flagFrom(value: unknown): Next {
  const given = single(value);
  const word = typeof given === 'string' ? given.toLowerCase() : given;
  if (word === true || word === 'true') return true;
  return word === false || word === 'false' ? false : unclear;
}

function textFrom(value: unknown): Next {
  const given = single(value);
  return typeof given === 'string' ? given : unclear;
}
