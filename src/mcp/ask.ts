/**
 * Asks the client's user: by an input_required result on the 2026-07-28 revision, by an elicitation request before it.
 * A yes counts only as the answer to a question whose seal this server made.
 */
import {
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  createRequestStateCodec,
  type InputRequiredResult,
  inputRequired,
  inputResponse,
  SdkError,
  SdkErrorCode,
  type Server,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { failed } from '../core/errors.js';
import { isObject } from '../core/json.js';
import { type AskedQuestion, approvalTime, type Form, type FormAnswer } from '../guard/approvals.js';

/** Ends a call whose answer has to be a question. */
export class InputNeeded extends Error {
  readonly asked: AskedQuestion;

  constructor(asked: AskedQuestion) {
    super('A person has to be asked.');
    this.asked = asked;
  }
}

/** What a client is called by itself, e.g. `claude-ai 1.2`. */
export function clientName(server: Server, ctx: ServerContext): string | undefined {
  const info = envelopeOf(ctx)?.[CLIENT_INFO_META_KEY] ?? server.getClientVersion();
  return isObject(info) && typeof info.name === 'string'
    ? `${info.name} ${String(info.version ?? '')}`.trim()
    : undefined;
}

interface State {
  /** Id of the question. */
  readonly q: string;
}

/** The seal of questions: an HMAC over the id, bound to the caller. The key is made when it is first needed. */
export function createSeal(key: () => Promise<Buffer>, caller: string) {
  let made: Promise<ReturnType<typeof createRequestStateCodec<State>>> | undefined;
  const codec = () => {
    made ??= key().then((bytes) =>
      createRequestStateCodec<State>({
        key: bytes,
        ttlSeconds: approvalTime / 1_000,
        bind: (ctx) => `${ctx.mcpReq.method}\n${caller}`,
      }),
    );
    return made;
  };
  return {
    verify: async (state: string, ctx: ServerContext) => (await codec()).verify(inOneSpelling(state), ctx),
    mint: async (asked: AskedQuestion, ctx: ServerContext) => (await codec()).mint({ q: asked.id }, ctx),
  };
}

export type Seal = ReturnType<typeof createSeal>;

/** The last character of base64 has bits that decode to nothing: a state counts only as it was minted, else as none. */
const inOneSpelling = (state: string): string => {
  const [, ...parts] = state.split('.');
  return parts.every((part) => Buffer.from(part, 'base64url').toString('base64url') === part) ? state : '';
};

/** The call's answer when the user has to be asked on the 2026-07-28 revision. */
export async function asInputRequired(
  seal: Seal,
  asked: AskedQuestion,
  ctx: ServerContext,
): Promise<InputRequiredResult> {
  const request = inputRequired.elicit({ message: messageOf(asked), requestedSchema: schemaOf(asked) });
  return inputRequired({ inputRequests: { approval: request }, requestState: await seal.mint(asked, ctx) });
}

export type Era = 'legacy' | 'modern';

/** How this client's user can be asked; undefined where the client has not said that it can. */
export function formOf(server: Server, era: Era, ctx: ServerContext, leaving: AbortSignal): Form | undefined {
  const isModern = era === 'modern';
  const declared = isModern ? envelopeOf(ctx)?.[CLIENT_CAPABILITIES_META_KEY] : server.getClientCapabilities();
  if (!canShowForms(declared)) return undefined;
  if (!isModern) return { ask: (asked) => elicit(ctx, asked, leaving) };
  const reply = replyOf(ctx);
  return {
    ...(reply !== undefined && { reply }),
    ask: (asked) => Promise.reject(new InputNeeded(asked)),
  };
}

/** What a request of the 2026-07-28 revision says of its client. */
const envelopeOf = (ctx: ServerContext) => ctx.mcpReq.envelope as Readonly<Record<string, unknown>> | undefined;

/** A bare `elicitation: {}` means forms: so it was before there were other kinds. */
function canShowForms(capabilities: unknown): boolean {
  const elicitation = isObject(capabilities) ? capabilities.elicitation : undefined;
  return isObject(elicitation) && (Object.keys(elicitation).length === 0 || isObject(elicitation.form));
}

/** Only with a state that this server has sealed: answers that come alone are nobody's. */
function replyOf(ctx: ServerContext): Form['reply'] {
  const state: unknown = ctx.mcpReq.requestState<State>();
  if (!isObject(state) || typeof state.q !== 'string') return undefined;
  const response = inputResponse(ctx.mcpReq.inputResponses, 'approval');
  return response.kind === 'elicit' ? { id: state.q, answer: answerOf(response.action, response.content) } : undefined;
}

/** Accepting the dialog is not enough: the box in it has to be ticked. */
function answerOf(action: string, content: unknown): FormAnswer {
  if (action === 'decline') return { kind: 'declined' };
  if (action === 'cancel') return { kind: 'cancelled' };
  if (action !== 'accept' || !isObject(content) || typeof content.approve !== 'boolean') return { kind: 'unclear' };
  if (!content.approve) return { kind: 'declined' };
  return typeof content.name === 'string' ? { kind: 'approved', typed: content.name } : { kind: 'approved' };
}

/** Progress keeps clients that heed it from giving the call up while their user thinks. */
const progressEvery = 10_000;

async function elicit(ctx: ServerContext, asked: AskedQuestion, leaving: AbortSignal): Promise<FormAnswer> {
  const { signal, _meta } = ctx.mcpReq;
  const ends = AbortSignal.any([signal, leaving]);
  const token = _meta?.progressToken;
  let beats = 0;
  const beat = setInterval(() => {
    if (token === undefined) return;
    beats += 1;
    const params = { progressToken: token, progress: beats, message: 'Waiting for a person to approve' };
    ctx.mcpReq.notify({ method: 'notifications/progress', params }).catch(() => {});
  }, progressEvery);
  try {
    const params = { message: messageOf(asked), requestedSchema: schemaOf(asked) };
    const { action, content } = await ctx.mcpReq.send(
      { method: 'elicitation/create', params },
      { timeout: approvalTime, signal: ends },
    );
    return answerOf(action, content);
  } catch (error) {
    if (ends.aborted) throw failed('cancelled', 'The call was cancelled while a person was asked. Nothing was sent.');
    return { kind: error instanceof SdkError && error.code === SdkErrorCode.RequestTimeout ? 'timeout' : 'failed' };
  } finally {
    clearInterval(beat);
  }
}

const messageOf = ({ lines, typed }: AskedQuestion) =>
  [...lines, ...(typed === undefined ? [] : [`To approve, also type ${typed}`])].join('\n');

function schemaOf({ typed }: AskedQuestion) {
  return {
    type: 'object' as const,
    properties: {
      approve: { type: 'boolean' as const, title: 'Approve', description: 'Do it, once.', default: false },
      ...(typed !== undefined && { name: { type: 'string' as const, title: 'What has to be typed' } }),
    },
    required: typed === undefined ? ['approve'] : ['approve', 'name'],
  };
}
