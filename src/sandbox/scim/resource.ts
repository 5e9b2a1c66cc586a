// The six routes every SCIM resource type has, written once. A type supplies its schema and the few functions that touch records.

import { type Account, forgetPrincipal } from '../account.js';
import { Refusal } from '../errors.js';
import type { Encodable, Json, JsonObject } from '../json.js';
import type { Reader, Readers } from '../readers.js';
import type { Principal } from '../records.js';
import { jsonReply, noContent, type Reply } from '../reply.js';
import { type Route, route } from '../router.js';
import { type Draft, readDraft } from './draft.js';
import { applyPatch } from './patch.js';
import { listQuery, listResources, project, projectionQuery } from './query.js';
import type { Schema } from './schema.js';

export interface ResourceType<T extends Principal> {
  readonly schema: Schema;
  /** What GET of one resource takes besides the projection. */
  readonly getQuery?: Readers;
  /** Attributes a list leaves out even when asked for them. */
  readonly notListed?: readonly string[];
  records(account: Account): Map<string, T>;
  render(account: Account, record: T): JsonObject;
  create(account: Account, draft: Draft): T;
  toDraft(record: T): Draft;
  /** Checks a whole draft, then makes the record be it. */
  update(account: Account, record: T, draft: Draft): void;
}

const anyJson: Reader<Json> = (value) => value;

export function scimRoutes<T extends Principal>(type: ResourceType<T>): Route[] {
  const { schema } = type;
  const collection = `/api/2.0/accounts/{account_id}/scim/v2/${schema.endpoint}`;
  const needs = { scopes: ['scim'], errors: 'scim' } as const;
  const find = (account: Account, id: string): T => {
    const record = type.records(account).get(id);
    if (!record) throw new Refusal(404, 'RESOURCE_DOES_NOT_EXIST', `${schema.label} with id ${id} not found.`);
    return record;
  };

  return [
    route(`GET ${collection}`, { ...needs, query: listQuery }, ({ account, query }) => {
      const rendered = [...type.records(account).values()].map((record) => type.render(account, record));
      const hidden = {
        excludedAttributes: [query.excludedAttributes, ...(type.notListed ?? [])].filter(Boolean).join(','),
      };
      return scimReply(listResources(rendered, { ...query, ...hidden }, schema));
    }),

    route(
      `GET ${collection}/{id}`,
      { ...needs, query: { ...projectionQuery, ...type.getQuery } },
      ({ account, param, query }) =>
        scimReply(project(type.render(account, find(account, param('id'))), query, schema)),
    ),

    route(`POST ${collection}`, { ...needs, body: anyJson }, ({ account, body }) => {
      const record = type.create(account, readDraft(body, schema));
      type.records(account).set(record.id, record);
      return scimReply(type.render(account, record), 201);
    }),

    // Whether the real server answers PATCH with 204 or with 200 and the entity is not documented; every SDK discards the body.
    // 204 keeps clients honest about reading the resource again.
    route(`PATCH ${collection}/{id}`, { ...needs, body: anyJson }, ({ account, param, body }) => {
      const record = find(account, param('id'));
      type.update(account, record, applyPatch(type.toDraft(record), body, schema));
      return noContent();
    }),

    route(`PUT ${collection}/{id}`, { ...needs, body: anyJson }, ({ account, param, body }) => {
      const record = find(account, param('id'));
      type.update(account, record, readDraft(body, schema));
      return scimReply(type.render(account, record));
    }),

    route(`DELETE ${collection}/{id}`, needs, ({ account, param }) => {
      const { id } = find(account, param('id'));
      type.records(account).delete(id);
      forgetPrincipal(account, id);
      return noContent();
    }),
  ];
}

const scimReply = (body: Encodable, status = 200): Reply => jsonReply(body, status, 'application/scim+json');

/** Fields without a value are absent on the wire, lists without entries, too. */
export function present(fields: Record<string, Json | undefined>): JsonObject {
  const filled = Object.entries(fields).filter(
    ([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0),
  );
  return Object.fromEntries(filled) as JsonObject;
}

export const asEntries = (values: readonly string[]): Json[] => values.map((value) => ({ value }));
