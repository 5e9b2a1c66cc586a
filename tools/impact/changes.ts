/** What a patch gives and takes, as facts, and the patch that takes it back. Pure. */
import type { Arguments, Fact, FactValue } from '../action.js';
import { isRecord } from '../settlements.js';
import { fact, words } from './facts.js';
import type { Patched } from './patch.js';
import { type Element, elementsOf, type Resource } from './resource.js';

const attributes = ['displayName', 'name', 'active', 'externalId', 'roles', 'members'];

/** What gives or takes rights comes first: a person may read no further. */
const asTold = ['roles', 'active', 'members', 'displayName', 'name', 'externalId'];

/** Elements that come and go. */
export function difference(
  before: unknown,
  after: unknown,
): { added: readonly Element[]; removed: readonly Element[] } {
  const [old, fresh] = [elementsOf(before), elementsOf(after)];
  const lacks = (list: readonly Element[]) => (each: Element) => !list.some(({ value }) => value === each.value);
  return { added: fresh.filter(lacks(old)), removed: old.filter(lacks(fresh)) };
}

/** Facts of a change in the field's own terms. `nameOf` names members by id. */
export function changeFacts(
  before: Resource,
  patched: Patched | undefined,
  operations: unknown,
  nameOf: (member: Element) => string = ({ display, value }) => display ?? value,
): readonly Fact[] {
  if (patched === undefined) return fact('Result', words('cannot be told from these operations'));
  const after = patched.resource;
  const shown = asTold.filter((name) => !patched.unclear.has(name) && !isEqual(before[name], after[name]));
  const facts = shown.flatMap((name): readonly Fact[] => {
    if (name === 'roles' || name === 'members') {
      const { added, removed } = difference(before[name], after[name]);
      const word = name === 'roles' ? (each: Element) => each.value : nameOf;
      const [gives, takes] =
        name === 'roles' ? ['Roles granted', 'Roles removed'] : ['Members added', 'Members removed'];
      return [
        ...(added.length > 0 ? fact(gives ?? '', added.map(word)) : []),
        ...(removed.length > 0 ? fact(takes ?? '', removed.map(word)) : []),
      ];
    }
    const [was, is] = [shownValue(before[name]), shownValue(after[name])];
    return name === 'active'
      ? fact('Effect', words(is === true ? 'reactivated, may sign in again' : 'deactivated, may not sign in any more'))
      : becomes(name, was, is);
  });
  const unclear = [...patched.unclear];
  return [
    ...facts,
    ...wholeList(before, patched, operations),
    ...(unclear.length > 0 ? fact('Result cannot be told of', unclear) : []),
    ...(facts.length === 0 && unclear.length === 0 ? fact('Change', words('none: it is so already')) : []),
  ];
}

const labels: Readonly<Record<string, string>> = {
  displayName: 'Display name',
  name: 'Name',
  externalId: 'External id',
};

const becomes = (name: string, was: FactValue | undefined, is: FactValue | undefined): readonly Fact[] => [
  ...fact(`${labels[name]} now`, was ?? words('none')),
  ...fact(`${labels[name]} then`, is ?? words('none')),
];

function shownValue(value: unknown): FactValue | undefined {
  if (isRecord(value)) return [value.givenName, value.familyName].filter((part) => typeof part === 'string').join(' ');
  return typeof value === 'string' || typeof value === 'boolean' ? value : undefined;
}

/** A list that is swapped as a whole loses everyone who is not named again. */
function wholeList(before: Resource, patched: Patched, operations: unknown): readonly Fact[] {
  const replaced = (name: string) =>
    Array.isArray(operations) &&
    operations.some(
      (each: unknown) =>
        isRecord(each) &&
        each.op !== 'add' &&
        (typeof each.path === 'string'
          ? each.path.toLowerCase().endsWith(name)
          : isRecord(each.value) && each.value[name] !== undefined),
    );
  return ['roles', 'members']
    .filter((name) => replaced(name) && !patched.unclear.has(name))
    .flatMap((name) => [
      ...fact(`All ${name} replaced`, true),
      ...fact(`${name === 'roles' ? 'Roles' : 'Members'} before`, elementsOf(before[name]).length),
      ...fact(`${name === 'roles' ? 'Roles' : 'Members'} after`, elementsOf(patched.resource[name]).length),
    ]);
}

/** The operations that restore the changed attributes; undefined where nothing changes or it cannot be told what does. */
export function inverse(before: Resource, patched: Patched | undefined): readonly Arguments[] | undefined {
  if (patched === undefined) return undefined;
  const changed = attributes.filter(
    (name) => patched.unclear.has(name) || !isEqual(before[name], patched.resource[name]),
  );
  const operations = changed.flatMap((name) => restoring(name, before[name], patched.resource[name]));
  return operations.length === 0 ? undefined : operations;
}

function restoring(name: string, before: unknown, after: unknown): Arguments[] {
  if (name === 'name') {
    const [old, now] = [isRecord(before) ? before : {}, isRecord(after) ? after : {}];
    return ['givenName', 'familyName']
      .filter((part) => old[part] !== now[part])
      .flatMap((part) => restoring(`name.${part}`, old[part], now[part]));
  }
  if (before === undefined) return [{ op: 'remove', path: name }];
  const value = Array.isArray(before) ? elementsOf(before).map(({ value }) => ({ value })) : before;
  return [{ op: 'replace', path: name, value }];
}

function isEqual(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) || Array.isArray(b)) {
    const { added, removed } = difference(a, b);
    return added.length === 0 && removed.length === 0;
  }
  if (isRecord(a) && isRecord(b))
    return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((k) => a[k] === b[k]);
  return a === b;
}
