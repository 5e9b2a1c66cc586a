/** What the conformance suite asks for on 2026-07-28: calls and a prompt that need an answer of the client's first. */
import { randomBytes } from 'node:crypto';
import {
  CLIENT_CAPABILITIES_META_KEY,
  createRequestStateCodec,
  type GetPromptResult,
  type InputRequiredResult,
  inputRequired,
  inputResponse,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { isObject } from '../../../src/core/json.js';
import { text } from './fixture-tools.js';

interface State {
  readonly round: number;
}

const seal = createRequestStateCodec<State>({
  key: randomBytes(32),
  ttlSeconds: 300,
  bind: ({ mcpReq }) => mcpReq.method,
});

/** For the options of a server. */
export const verifyState = seal.verify;

type Requests = NonNullable<InputRequiredResult['inputRequests']>;

const form = (message: string, field: string, schema: { type: 'string' } | { type: 'boolean' } = { type: 'string' }) =>
  inputRequired.elicit({
    message,
    requestedSchema: { type: 'object', properties: { [field]: schema }, required: [field] },
  });

const sample = (words: string, maxTokens: number) =>
  inputRequired.createMessage({
    messages: [{ role: 'user', content: { type: 'text', text: words } }],
    maxTokens,
  });

/** Which of these the client has answered in the form that belongs to them. */
function answered({ mcpReq }: ServerContext, requests: Requests): boolean {
  return Object.keys(requests).every((key) => {
    const response = inputResponse(mcpReq.inputResponses, key);
    return response.kind !== 'missing' && (response.kind !== 'elicit' || response.action === 'accept');
  });
}

const roundIn = ({ mcpReq }: ServerContext): number => {
  const state: unknown = mcpReq.requestState<State>();
  return isObject(state) && typeof state.round === 'number' ? state.round : 0;
};

const sealed = async (ctx: ServerContext, inputRequests: Requests, round: number) =>
  inputRequired({ inputRequests, requestState: await seal.mint({ round }, ctx) });

const said = (ctx: ServerContext) => JSON.stringify(ctx.mcpReq.inputResponses);

type Question = (ctx: ServerContext) => Promise<ReturnType<typeof text> | InputRequiredResult>;

/** Asks once, without a state. */
const asks =
  (requests: Requests): Question =>
  async (ctx) =>
    answered(ctx, requests) ? text(`Hello, ${said(ctx)}!`) : inputRequired({ inputRequests: requests });

/** Asks these one after the other; an answer counts only with the state that came with its question. */
const asksInTurn =
  (...rounds: readonly Requests[]): Question =>
  async (ctx) => {
    const round = roundIn(ctx);
    const open = rounds[round - 1];
    const next = open === undefined ? 0 : answered(ctx, open) ? round : round - 1;
    const requests = rounds[next];
    return requests === undefined ? text(`state-ok ${said(ctx)}`) : sealed(ctx, requests, next + 1);
  };

const confirm = { confirm: form('Please confirm', 'ok', { type: 'boolean' }) };
const name = { user_name: form('What is your name?', 'name') };

export const questions: Readonly<Record<string, Question>> = {
  test_input_required_result_elicitation: asks(name),
  test_input_required_result_sampling: asks({ capital_question: sample('What is the capital of France?', 100) }),
  test_input_required_result_list_roots: asks({ client_roots: inputRequired.listRoots() }),
  test_input_required_result_request_state: asksInTurn(confirm),
  test_input_required_result_tampered_state: asksInTurn(confirm),
  test_input_required_result_multiple_inputs: asksInTurn({
    ...name,
    greeting: sample('Generate a greeting', 50),
    client_roots: inputRequired.listRoots(),
  }),
  test_input_required_result_multi_round: asksInTurn(
    { step1: form('Step 1: What is your name?', 'name') },
    { step2: form('Step 2: What is your favorite color?', 'color') },
  ),
  test_input_required_result_capabilities: async (ctx) => {
    const envelope = ctx.mcpReq.envelope as Readonly<Record<string, unknown>> | undefined;
    const declared = envelope?.[CLIENT_CAPABILITIES_META_KEY];
    const can = (what: string) => isObject(declared) && what in declared;
    return inputRequired({
      inputRequests: {
        ...(can('elicitation') && name),
        ...(can('sampling') && { greeting: sample('Generate a greeting', 50) }),
      },
    });
  },
  // Whoever calls it without being able to answer is refused by the protocol.
  test_missing_capability: asks({ greeting: sample('Generate a greeting', 50) }),
  test_streaming_elicitation: asks(name),
};

export async function promptQuestion(ctx: ServerContext): Promise<GetPromptResult | InputRequiredResult> {
  const requests = { user_context: form('What context should the prompt use?', 'context') };
  if (!answered(ctx, requests)) return inputRequired({ inputRequests: requests });
  return { messages: [{ role: 'user', content: { type: 'text', text: `With the context ${said(ctx)}` } }] };
}
