/**
 * The catalogue as one OpenAPI 3.1 document, for generators and for servers that are driven by such a document. The
 * schemas are those of the tools. Pure, and the same bytes every time.
 *
 * OpenAPI has one operation for each method and path, the catalogue has not: where actions share them, or name the
 * parameters of one path differently, the action's name follows the path as a fragment, which no client sends. A
 * composed action has no request of its own: it stands under a path that only this document knows.
 */
import { type Action, areas, type HttpAction } from '../../../tools/index.js';
import { inputSchema, type JsonSchema } from '../../core/schema.js';
import { accountHostOf } from '../../databricks/hosts.js';
import { product } from '../../version.js';
import { shortName } from '../names.js';
import { bodySchema } from './openapi-body.js';

const about =
  'Every action of this server as an operation. 64-bit ids are strings of digits, and the value of a SCIM patch may be ' +
  'JSON text: this server sends both as what Databricks takes. A fragment at the end of a path tells operations apart ' +
  'that are one request to Databricks. Paths below /composed/ are no endpoints: this server composes their answers of ' +
  'other reads.';

export interface OpenApi {
  readonly openapi: '3.1.0';
  readonly paths: Readonly<Record<string, PathItem>>;
  readonly [field: string]: unknown;
}

/** Operations by method, and what they have in common. */
export type PathItem = Readonly<Record<string, unknown>>;

export function openApiDocument(): OpenApi {
  return {
    openapi: '3.1.0',
    info: { title: 'Databricks account actions', version: product.version, description: about },
    servers: (['aws', 'azure', 'gcp', 'govcloud'] as const).map((cloud) => ({
      url: accountHostOf(cloud),
      description: cloud,
    })),
    tags: areas.map(({ id, title }) => ({ name: id, description: title })),
    paths: pathsOf(areas.flatMap(({ id, actions }) => actions.map((action) => ({ area: id, action })))),
    components: {
      parameters: {
        account_id: {
          name: 'account_id',
          in: 'path',
          required: true,
          description: 'Account id, a UUID.',
          schema: { type: 'string' },
        },
      },
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'An OAuth access token with one of the scopes named.' },
      },
    },
  };
}

interface Listed {
  readonly area: string;
  readonly action: Action;
}

function pathsOf(list: readonly Listed[]): Record<string, PathItem> {
  const paths: Record<string, PathItem> = {};
  /** The first way each path is written. */
  const written = new Map<string, string>();
  for (const { area, action } of list) {
    const path = action.kind === 'http' ? action.path : `/composed/${shortName(action.id)}`;
    const method = action.kind === 'http' ? action.method.toLowerCase() : 'get';
    const shape = path.replace(/\{\w+\}/g, '{}');
    if (!written.has(shape)) written.set(shape, path);
    const isFree = written.get(shape) === path && paths[path]?.[method] === undefined;
    const key = isFree ? path : `${path}#${shortName(action.id)}`;
    paths[key] = { ...(paths[key] ?? shared(action)), [method]: operation(area, action) };
  }
  return paths;
}

const shared = ({ kind }: Action): PathItem =>
  kind === 'http' ? { parameters: [{ $ref: '#/components/parameters/account_id' }] } : {};

function operation(area: string, action: Action): Record<string, unknown> {
  const input = inputSchema(action);
  const inPath = action.kind === 'http' ? action.params : [];
  const hasBody = action.kind === 'http' && !['GET', 'DELETE'].includes(action.method);
  const parameters = Object.entries(input.properties ?? {})
    .filter(([name]) => !hasBody || inPath.includes(name))
    .map(([name, schema]) => parameter(name, schema, input, inPath));
  return {
    operationId: action.id,
    summary: action.label,
    description: action.description,
    tags: [area],
    security: [...new Set([...action.scopes, 'all-apis'])].map((scope) => ({ token: [scope] })),
    ...(parameters.length > 0 && { parameters }),
    ...(hasBody && { requestBody: { required: true, content: body(action, input) } }),
    responses: { 200: { description: 'The answer.', ...answer(action) } },
    'x-risk': action.risk,
    'x-clouds': action.clouds,
    ...(action.kind === 'derived' && { 'x-composed': true }),
  };
}

function parameter(name: string, { description, ...schema }: JsonSchema, input: JsonSchema, inPath: readonly string[]) {
  return {
    name,
    in: inPath.includes(name) ? 'path' : 'query',
    ...(input.required?.includes(name) && { required: true }),
    ...(description !== undefined && { description }),
    ...(schema.type === 'object' && { style: 'deepObject', explode: true }),
    schema,
  };
}

const json = 'application/json';
const typeOf = ({ path }: HttpAction) => (path.includes('/scim/v2/') ? 'application/scim+json' : json);

const body = (action: HttpAction, input: JsonSchema) => ({ [typeOf(action)]: { schema: bodySchema(action, input) } });

function answer(action: Action): Record<string, unknown> {
  if (action.kind === 'derived') return { content: { [json]: { schema: { type: 'object' } } } };
  const { returns } = action;
  if (returns.as === 'csv') return { content: { 'text/plain': { schema: { type: 'string' } } } };
  const inner = returns.as === 'list' ? { type: 'array', items: { type: 'object' } } : { type: 'object' };
  const schema = returns.key === undefined ? inner : { type: 'object', properties: { [returns.key]: inner } };
  return { content: { [typeOf(action)]: { schema } } };
}
