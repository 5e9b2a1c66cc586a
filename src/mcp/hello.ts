/**
 * How nearly every conversation begins: `initialize`, `tools/list`. Answered here, word for word as the SDK does, so that
 * a client need not wait until that is loaded. Whatever is not exactly as expected is left to the SDK. Pure.
 */
import { isObject, objectIn } from '../core/json.js';

/** What a server says of itself. */
export interface Identity {
  readonly capabilities: object;
  readonly serverInfo: object;
  readonly instructions: string;
}

export interface Hello {
  /**
   * What is answered to a message: a line, or nothing for a notification. Undefined where it is not for this file; then
   * neither is anything that follows.
   */
  reply(line: string): { readonly text?: string } | undefined;
  /** The same for a message that has been read already, as a line. */
  answer(message: unknown): string | undefined;
  /** Whether the client has its list. */
  readonly isOver: boolean;
  /** What the client has said of itself, to be said again to the SDK. */
  readonly said: readonly string[];
}

/** Revisions that begin with `initialize`. For others the SDK knows what to answer. */
export const greetedRevisions = ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05', '2024-10-07'];

export function createHello(identity: () => Identity, tools: () => readonly object[]): Hello {
  const said: string[] = [];
  let isOver = false;

  let text: { readonly of: readonly object[]; readonly json: string } | undefined;

  /** The same list is the same text, made once. */
  const listText = (): string => {
    const of = tools();
    if (text?.of !== of) text = { of, json: JSON.stringify({ tools: of }) };
    return text.json;
  };

  const resultOf = ({ method, params }: Record<string, unknown>): string | undefined => {
    if (method === 'initialize') {
      if (said.length > 0 || !isPlainHello(params)) return undefined;
      const { capabilities, serverInfo, instructions } = identity();
      return JSON.stringify({ protocolVersion: params.protocolVersion, capabilities, serverInfo, instructions });
    }
    if (said.length === 0 || !isBare(params)) return undefined;
    if (method === 'ping') return '{}';
    if (method !== 'tools/list') return undefined;
    isOver = true;
    return listText();
  };

  const answer = (message: unknown): string | undefined => {
    if (!isObject(message) || message.jsonrpc !== '2.0') return undefined;
    const { id } = message;
    if (typeof id !== 'string' && !Number.isSafeInteger(id)) return undefined;
    if (Object.keys(message).some((key) => !known.has(key))) return undefined;
    const result = resultOf(message);
    return result && `{"result":${result},"jsonrpc":"2.0","id":${JSON.stringify(id)}}\n`;
  };

  return {
    said,
    get isOver() {
      return isOver;
    },
    answer,
    reply(line) {
      const message = objectIn(line);
      if (message === undefined) return undefined;
      if (isInitialized(message)) {
        if (said.length !== 1) return undefined;
        said.push(line);
        return {};
      }
      const isFirst = said.length === 0;
      const text = answer(message);
      if (text === undefined) return undefined;
      if (isFirst) said.push(line);
      return { text };
    },
  };
}

const isInitialized = ({ jsonrpc, method, params, ...others }: Record<string, unknown>) =>
  jsonrpc === '2.0' && method === 'notifications/initialized' && isBare(params) && Object.keys(others).length === 0;

const known = new Set(['jsonrpc', 'id', 'method', 'params']);

/** No parameters, or none that change the answer. */
function isBare(params: unknown): boolean {
  if (params === undefined) return true;
  if (!isObject(params)) return false;
  const { _meta: meta, ...others } = params;
  return Object.keys(others).length === 0 && (meta === undefined || (isObject(meta) && Object.keys(meta).length === 0));
}

function isPlainHello(params: unknown): params is { protocolVersion: string } {
  if (!isObject(params)) return false;
  const { protocolVersion, capabilities, clientInfo, ...others } = params;
  return (
    Object.keys(others).length === 0 &&
    greetedRevisions.includes(protocolVersion as string) &&
    isObject(capabilities) &&
    Object.values(capabilities).every(isPlainCapability) &&
    isObject(clientInfo) &&
    typeof clientInfo.name === 'string' &&
    typeof clientInfo.version === 'string' &&
    Object.values(clientInfo).every((value) => typeof value === 'string')
  );
}

/** Objects and yes or no; everything else may be wrong, and the SDK says so. */
const isPlainCapability = (value: unknown): boolean =>
  isObject(value) && Object.values(value).every((inner) => typeof inner === 'boolean' || isEmpty(inner));

const isEmpty = (value: unknown) => isObject(value) && Object.keys(value).length === 0;
