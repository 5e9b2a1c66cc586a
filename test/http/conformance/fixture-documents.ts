/** The resources and prompts the conformance suite reads by name. */
import {
  type GetPromptResult,
  type InputRequiredResult,
  ProtocolError,
  ProtocolErrorCode,
  type ReadResourceResult,
  ResourceNotFoundError,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { promptQuestion } from './fixture-questions.js';
import { png } from './fixture-tools.js';

const described = (uri: string, mimeType: string) => ({ uri, name: uri, description: `Fixture ${uri}`, mimeType });

export const resources = [
  described('test://static-text', 'text/plain'),
  described('test://static-binary', 'image/png'),
  described('test://watched-resource', 'text/plain'),
];

export const resourceTemplates = [
  {
    uriTemplate: 'test://template/{id}/data',
    name: 'template',
    description: 'A template',
    mimeType: 'application/json',
  },
];

export function readResource(uri: string): ReadResourceResult {
  if (uri === 'test://static-text' || uri === 'test://watched-resource') {
    return { contents: [{ uri, mimeType: 'text/plain', text: 'This is the content of the static text resource.' }] };
  }
  if (uri === 'test://static-binary') return { contents: [{ uri, mimeType: 'image/png', blob: png }] };
  const [, id] = /^test:\/\/template\/(\w+)\/data$/.exec(uri) ?? [];
  if (id === undefined) throw new ResourceNotFoundError(uri);
  const data = JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` });
  return { contents: [{ uri, mimeType: 'application/json', text: data }] };
}

const prompt = (name: string, ...required: readonly string[]) => ({
  name,
  description: `Fixture ${name}`,
  arguments: required.map((argument) => ({ name: argument, description: argument, required: true })),
});

export const prompts = [
  prompt('test_simple_prompt'),
  prompt('test_prompt_with_arguments', 'arg1', 'arg2'),
  prompt('test_prompt_with_embedded_resource', 'resourceUri'),
  prompt('test_prompt_with_image'),
  prompt('test_input_required_result_prompt'),
];

const says = (...contents: readonly GetPromptResult['messages'][number]['content'][]): GetPromptResult => ({
  messages: contents.map((content) => ({ role: 'user', content })),
});

export async function getPrompt(
  name: string,
  args: Readonly<Record<string, string>>,
  ctx: ServerContext,
): Promise<GetPromptResult | InputRequiredResult> {
  const { arg1, arg2, resourceUri = '' } = args;
  switch (name) {
    case 'test_simple_prompt':
      return says({ type: 'text', text: 'This is a simple prompt for testing.' });
    case 'test_prompt_with_arguments':
      return says({ type: 'text', text: `Prompt with arguments: arg1='${arg1}', arg2='${arg2}'` });
    case 'test_prompt_with_embedded_resource':
      return says(
        {
          type: 'resource',
          resource: { uri: resourceUri, mimeType: 'text/plain', text: 'Embedded resource content for testing.' },
        },
        { type: 'text', text: 'Please process the embedded resource above.' },
      );
    case 'test_prompt_with_image':
      return says(
        { type: 'image', data: png, mimeType: 'image/png' },
        { type: 'text', text: 'Please analyze the image above.' },
      );
    case 'test_input_required_result_prompt':
      return promptQuestion(ctx);
    default:
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'There is no such prompt.');
  }
}
