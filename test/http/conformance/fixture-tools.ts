/** The tools the conformance suite calls by name, as it describes them: plain answers, notifications, questions of 2025. */
import { setTimeout as wait } from 'node:timers/promises';
import type { CallToolResult, ServerContext, Tool } from '@modelcontextprotocol/server';

export interface FixtureTool {
  readonly name: string;
  readonly inputSchema?: Tool['inputSchema'];
  readonly run: (ctx: ServerContext, args: Readonly<Record<string, unknown>>) => Promise<CallToolResult>;
}

/** One red pixel. */
export const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==';

/** A header and no sound. */
const wav = 'UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA=';

export const text = (value: string): CallToolResult => ({ content: [{ type: 'text', text: value }] });

const image = { type: 'image', data: png, mimeType: 'image/png' } as const;

const answers = (name: string, ...content: CallToolResult['content']): FixtureTool => ({
  name,
  run: async () => ({ content }),
});

const plain: readonly FixtureTool[] = [
  answers('test_simple_text', { type: 'text', text: 'This is a simple text response for testing.' }),
  answers('test_image_content', image),
  answers('test_audio_content', { type: 'audio', data: wav, mimeType: 'audio/wav' }),
  answers('test_embedded_resource', {
    type: 'resource',
    resource: {
      uri: 'test://embedded-resource',
      mimeType: 'text/plain',
      text: 'This is an embedded resource content.',
    },
  }),
  answers('test_multiple_content_types', { type: 'text', text: 'Multiple content types test:' }, image, {
    type: 'resource',
    resource: {
      uri: 'test://mixed-content-resource',
      mimeType: 'application/json',
      text: '{"test":"data","value":123}',
    },
  }),
  {
    name: 'test_error_handling',
    run: async () => ({ ...text('This tool intentionally returns an error for testing'), isError: true }),
  },
  {
    name: 'json_schema_2020_12_tool',
    inputSchema: {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      $defs: {
        address: {
          $anchor: 'addressDef',
          type: 'object',
          properties: { street: { type: 'string' }, city: { type: 'string' } },
        },
      },
      properties: {
        name: { type: 'string' },
        address: { $ref: '#/$defs/address' },
        contactMethod: { type: 'string', enum: ['phone', 'email'] },
        phone: { type: 'string' },
        email: { type: 'string' },
      },
      allOf: [{ anyOf: [{ required: ['phone'] }, { required: ['email'] }] }],
      if: { properties: { contactMethod: { const: 'phone' } }, required: ['contactMethod'] },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: { required: ['phone'] },
      else: { required: ['email'] },
      additionalProperties: false,
    },
    run: async () => text('ok'),
  },
];

const logs = async (ctx: ServerContext, ...lines: readonly string[]) => {
  for (const line of lines) {
    await ctx.mcpReq.log('info', line);
    await wait(50);
  }
  return text('Logged.');
};

const telling: readonly FixtureTool[] = [
  {
    name: 'test_tool_with_logging',
    run: (ctx) => logs(ctx, 'Tool execution started', 'Tool processing data', 'Tool execution completed'),
  },
  { name: 'test_logging_tool', run: (ctx) => logs(ctx, 'Only for those who asked for it') },
  {
    name: 'test_tool_with_progress',
    async run({ mcpReq }) {
      const progressToken = mcpReq._meta?.progressToken;
      for (const progress of [0, 50, 100]) {
        if (progressToken !== undefined) {
          await mcpReq.notify({ method: 'notifications/progress', params: { progressToken, progress, total: 100 } });
        }
        await wait(50);
      }
      return text('Done.');
    },
  },
];

type Form = Extract<Parameters<ServerContext['mcpReq']['elicitInput']>[0], { requestedSchema: unknown }>;
type Fields = Form['requestedSchema']['properties'];

const elicits = (name: string, words: string, properties: Fields, required: string[] = []): FixtureTool => ({
  name,
  async run(ctx, { message }) {
    const { action, content } = await ctx.mcpReq.elicitInput({
      message: typeof message === 'string' ? message : 'Please fill this in.',
      requestedSchema: { type: 'object', properties, required },
    });
    return text(`${words}: action=${action}, content=${JSON.stringify(content ?? {})}`);
  },
});

const options = ['option1', 'option2', 'option3'];
const titled = (noun: string) =>
  ['First', 'Second', 'Third'].map((nth, at) => ({ const: `value${at + 1}`, title: `${nth} ${noun}` }));

const asking: readonly FixtureTool[] = [
  {
    name: 'test_sampling',
    async run(ctx, { prompt }) {
      const { content } = await ctx.mcpReq.requestSampling({
        messages: [{ role: 'user', content: { type: 'text', text: String(prompt) } }],
        maxTokens: 100,
      });
      return text(`LLM response: ${'text' in content ? content.text : ''}`);
    },
  },
  elicits(
    'test_elicitation',
    'User response',
    {
      username: { type: 'string', description: "User's response" },
      email: { type: 'string', description: "User's email address" },
    },
    ['username', 'email'],
  ),
  elicits('test_elicitation_sep1034_defaults', 'Elicitation completed', {
    name: { type: 'string', default: 'John Doe' },
    age: { type: 'integer', default: 30 },
    score: { type: 'number', default: 95.5 },
    status: { type: 'string', enum: ['active', 'inactive', 'pending'], default: 'active' },
    verified: { type: 'boolean', default: true },
  }),
  elicits('test_elicitation_sep1330_enums', 'Elicitation completed', {
    untitledSingle: { type: 'string', enum: options },
    titledSingle: { type: 'string', oneOf: titled('Option') },
    legacyEnum: {
      type: 'string',
      enum: ['opt1', 'opt2', 'opt3'],
      enumNames: ['Option One', 'Option Two', 'Option Three'],
    },
    untitledMulti: { type: 'array', items: { type: 'string', enum: options } },
    titledMulti: { type: 'array', items: { anyOf: titled('Choice') } },
  }),
];

export const fixtureTools: readonly FixtureTool[] = [...plain, ...telling, ...asking];
