/** What SCIM users, groups and service principals share: query arguments, paging, complex values and PatchOp. */
import { z } from 'zod';
import type { Arguments, HttpAction, NextPage, Returns, Settlement } from './action.js';
import { count, flag, oneOf, text, unlisted } from './fields.js';
import { contains, createdIn, isRecord, stateIn } from './settlements.js';

const filterHelp = (example: string) => `eq/ne/co/sw: ${example}`;

/** Query arguments of a SCIM read. */
export const scimProjection = {
  // `fields` chooses from what Databricks sends; these spare it sending the rest.
  attributes: unlisted(text().optional()),
  excludedAttributes: unlisted(text().optional()),
};

const scimOrder = {
  // Sorting a page is what a model does by itself.
  sortBy: unlisted(text().optional()),
  sortOrder: unlisted(oneOf(['ascending', 'descending']).optional()),
  startIndex: count().optional(),
};

/** Arguments of a SCIM list. `count` is always sent: the server's own default differs between accounts. */
export const scimQuery = (example: string) => ({
  filter: text(filterHelp(example)).optional(),
  ...scimProjection,
  ...scimOrder,
  count: z.int().min(1).max(10_000).default(100),
});

/** `get user` takes the list's query arguments as well; only the projection has an effect. */
export const scimGetQuery = {
  ...scimProjection,
  filter: unlisted(text().optional()),
  sortBy: unlisted(text().optional()),
  sortOrder: unlisted(oneOf(['ascending', 'descending']).optional()),
  startIndex: unlisted(count().optional()),
  count: unlisted(count().optional()),
};

/** What stands against changes of users and groups, for whoever prepares the account. */
export const syncedAway =
  'Where users and groups are synchronised from an identity provider, Databricks may refuse the change or undo it.';

export const scimList: Returns = { as: 'list', key: 'Resources', total: 'totalResults' };

/** SCIM pages by position. Ends when a page is empty or the total is reached. */
export const scimPages: NextPage = (input, body, items) => {
  const first = wholeNumber(input.startIndex) ?? wholeNumber(body.startIndex) ?? 1;
  const next = first + items.length;
  const total = wholeNumber(body.totalResults);
  return items.length === 0 || total === undefined || next > total ? undefined : { startIndex: next };
};

function wholeNumber(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : undefined;
}

/** The id that SCIM paths take. */
export const scimId = () => text();

/** SCIM's multi-valued element, e.g. a member, a role or an e-mail. */
export const complexValue = z.strictObject({
  value: text(),
  display: unlisted(z.string().optional()),
  type: unlisted(z.string().optional()),
  primary: unlisted(flag().optional()),
});

/** A bare string means the element with this value, as nearly every caller does. */
const element = z
  .preprocess((given) => (typeof given === 'string' ? { value: given } : given), complexValue)
  .meta({ listedAs: 'string' });

export const roles = z.array(element).describe('E.g. account_admin');

export const members = z.array(element).describe('Numeric SCIM ids');

export const personName = z.strictObject({ givenName: z.string().optional(), familyName: z.string().optional() });

/**
 * `Operations` of a SCIM PATCH for a resource with these attributes. The value has three shapes on the wire, all in
 * use: a scalar, a list of complex values, and (without a path) an object of attributes. Clients of MCP cannot show a
 * choice of types, so the schema says string and JSON text is taken for the other two.
 */
export const patchOperations = (attributes: z.ZodRawShape, paths: string, one = 'roles[value eq "x"]') =>
  z
    .array(
      z.strictObject({
        op: oneOf(['add', 'remove', 'replace']),
        path: text(`${paths}; remove one: ${one}, all: bare path`).optional(),
        value: z
          .preprocess(
            containerFromText,
            z.union([z.string(), z.boolean(), z.number(), z.array(element), z.strictObject(attributes)]),
          )
          .meta({ type: 'string' })
          .describe('Scalar or JSON, e.g. ["account_admin"]')
          .optional(),
      }),
    )
    .min(1);

function containerFromText(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

const patchSchema = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

/** `{schemas, Operations}`: the schema URN is the same for every patch, so no caller has to know it. */
export const patchOp = (rest: Arguments) => ({ schemas: [patchSchema], Operations: rest.Operations });

export const addMember = ({ member_id }: Arguments) =>
  patchOp({ Operations: [{ op: 'add', path: 'members', value: [{ value: member_id }] }] });

export const removeMember = ({ member_id }: Arguments) =>
  patchOp({ Operations: [{ op: 'remove', path: `members[value eq ${quoted(member_id)}]` }] });

/** A string inside a SCIM filter: quotes and backslashes escaped, so that no value can become filter syntax. */
export function quoted(value: unknown): string {
  return JSON.stringify(String(value));
}

/** A create shows as a new resource with the name asked for. */
export const createdAs = (list: HttpAction, name: 'userName' | 'displayName'): Settlement =>
  createdIn(list, [name], 'id', (input) => ({ filter: `${name} eq ${quoted(input[name])}` }));

/** A membership shows in the group's members. */
export const memberIn = (getGroup: HttpAction, wanted: boolean): Settlement =>
  stateIn(
    getGroup,
    (input) => ({ id: input.group_id }),
    (data, input) => isRecord(data) && hasValue(data.members, input.member_id) === wanted,
  );

/** A patch shows as every operation having its result. */
export const patchedIn = (get: HttpAction): Settlement =>
  stateIn(
    get,
    (input) => ({ id: input.id }),
    (data, input) => {
      if (!isRecord(data)) return false;
      const results = (input.Operations as Arguments[]).map((operation) => operationHolds(data, operation));
      if (results.includes(undefined)) return undefined;
      return results.every(Boolean);
    },
  );

const hasValue = (list: unknown, value: unknown) =>
  Array.isArray(list) && list.some((each) => contains(each, { value }));

/** Whether one operation's result can be seen; undefined for forms this cannot judge. */
function operationHolds(resource: Record<string, unknown>, { op, path, value }: Arguments): boolean | undefined {
  if (typeof path !== 'string') return isRecord(value) && op !== 'remove' ? contains(resource, value) : undefined;
  const element = path.match(/^(\w+)\[value eq "([^"\\]+)"\]$/);
  if (element !== null) return op === 'remove' ? !hasValue(resource[element[1] ?? ''], element[2]) : undefined;
  if (!/^\w+(\.\w+)?$/.test(path)) return undefined;
  const [attribute = '', part] = path.split('.');
  const now = part === undefined ? resource[attribute] : (resource[attribute] as Arguments | undefined)?.[part];
  if (op === 'remove') return now === undefined || (Array.isArray(now) && now.length === 0);
  if (!Array.isArray(value)) return contains(now, value);
  // A single-valued attribute may be given as [{"value": x}] too.
  if (!Array.isArray(now)) return value.length === 1 && isRecord(value[0]) && contains(now, value[0].value);
  return op === 'add' ? value.every((each) => isRecord(each) && hasValue(now, each.value)) : contains(now, value);
}
