/** `actions --openapi`: a valid OpenAPI document of every action, held against the reference, the same bytes each time. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { Validator } from '@seriousme/openapi-schema-validator';
import { reference } from '../catalogue/reference.js';
import { json, run } from './program.js';

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
}

interface Operation {
  readonly path: string;
  readonly method: string;
  readonly operationId: string;
  readonly parameters: readonly Parameter[];
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever was written
  readonly requestBody?: { content: Record<string, { schema: any }> };
  readonly security: readonly { token: readonly string[] }[];
}

describe('actions --openapi', () => {
  let text: string;
  let operations: Operation[];

  before(async () => {
    const ended = await run(['actions', '--openapi']);
    text = ended.stdout;
    const { paths } = json(ended) as { paths: Record<string, Record<string, Operation>> };
    operations = Object.entries(paths).flatMap(([path, item]) =>
      Object.entries(item)
        .filter(([method]) => method !== 'parameters')
        .map(([method, operation]) => ({ ...operation, parameters: operation.parameters ?? [], path, method })),
    );
  });

  const bodyOf = (id: string) => {
    const { requestBody } = operations.find(({ operationId }) => operationId === id)!;
    return Object.values(requestBody!.content)[0]!.schema;
  };

  it('is valid by the schema of OpenAPI 3.1', async () => {
    const validator = new Validator();
    const { valid, errors } = await validator.validate(JSON.parse(text));
    assert.ok(valid, JSON.stringify(errors)?.slice(0, 500));
    assert.equal(validator.version, '3.1');
  });

  it('is the same bytes every time', async () => {
    assert.equal((await run(['actions', '--openapi'])).stdout, text);
  });

  it('has every action once, each with the method and path of the reference', () => {
    assert.deepEqual(operations.map(({ operationId }) => operationId).sort(), reference.map(({ id }) => id).sort());
    for (const { id, unified, method, path } of reference) {
      const found = operations.find(({ operationId }) => operationId === id);
      const plain = (template = '') => template.replace(/#.*/, '').replace(/\{\w+\}/g, '{}');
      if (unified) assert.equal(found?.path, `/composed/${id.replace('databricks_', '')}`);
      else assert.deepEqual([found?.method.toUpperCase(), plain(found?.path)], [method, plain(path)], id);
    }
  });

  it('has no two paths that differ in the names of their parameters alone', () => {
    const shapes = new Map(operations.map(({ path }) => [path, path.replace(/\{\w+\}/g, '{}')]));
    assert.equal(new Set(shapes.values()).size, shapes.size);
  });

  it('declares each parameter of a path, as required', () => {
    for (const { operationId, path, parameters } of operations) {
      const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).filter((name) => name !== 'account_id');
      const declared = parameters.filter((each) => each.in === 'path' && each.required).map(({ name }) => name);
      assert.deepEqual(declared.sort(), named.sort(), operationId);
    }
  });

  it('asks for every query parameter and body field that the reference requires', () => {
    for (const { id, query, unified } of reference) {
      const { parameters } = operations.find(({ operationId }) => operationId === id)!;
      const required = query.filter((each) => each.required && !unified).map(({ name }) => name);
      for (const name of required) {
        assert.ok(
          parameters.some((each) => each.in === 'query' && each.name === name && each.required),
          `${id} ${name}`,
        );
      }
    }
  });

  it('shows bodies as they are sent: wrapped, and with what the action adds itself', () => {
    assert.deepEqual(Object.keys(bodyOf('databricks_create_budget').properties), ['budget']);
    const { schemas, Operations } = bodyOf('databricks_add_group_member').properties;
    assert.deepEqual(schemas.items.enum, ['urn:ietf:params:scim:api:messages:2.0:PatchOp']);
    const { op, path, value } = Operations.items.properties;
    assert.deepEqual([op.enum, path.enum, value.items.required], [['add'], ['members'], ['value']]);
    const removal = bodyOf('databricks_remove_group_member').properties.Operations.items.properties;
    assert.equal(removal.path.description, 'members[value eq "<member_id>"]');
  });

  it('names the scopes that open an operation, one of which is enough', () => {
    for (const { id, scope } of reference) {
      const { security } = operations.find(({ operationId }) => operationId === id)!;
      assert.ok(
        security.some(({ token }) => token.length === 1 && token[0] === scope),
        id,
      );
    }
  });

  it('is always the whole catalogue: words and filters beside it are refused', async () => {
    for (const more of [['budget'], ['--area', 'users'], ['--show', 'get_user']]) {
      const { code, stdout } = await run(['actions', '--openapi', ...more]);
      assert.deepEqual([code, stdout], [2, ''], more.join(' '));
    }
  });
});
