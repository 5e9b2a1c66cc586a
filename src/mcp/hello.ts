/**
 * How nearly every conversation begins: `initialize`, `tools/list`. Answered here, word for word as the SDK does, so that
 * a client need not wait until that is loaded. Whatever is not exactly as expected is left to the SDK. Pure.
 */
import { isObject } from '../core/json.js';

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

  const answer = ({ method, params }: Record<string, unknown>): object | undefined => {
    if (method === 'initialize') {
      if (said.length > 0 || !isPlainHello(params)) return undefined;
      const { capabilities, serverInfo, instructions } = identity();
      return { protocolVersion: params.protocolVersion, capabilities, serverInfo, instructions };
    }
    if (said.length === 0 || !isBare(params)) return undefined;
    if (method === 'ping') return {};
    if (method !== 'tools/list') return undefined;
    isOver = true;
    return { tools: tools() };
  };

  return {
    said,
    get isOver() {
      return isOver;
    },
    reply(line) {
      const message = parsed(line);
      if (message === undefined || message.jsonrpc !== '2.0') return undefined;
      const { id, method, params } = message;
      if (id === undefined) {
        if (method !== 'notifications/initialized' || said.length !== 1 || !isBare(params)) return undefined;
        said.push(line);
        return {};
      }
      if (typeof id !== 'string' && !Number.isSafeInteger(id)) return undefined;
      const result = answer(message);
      if (result === undefined) return undefined;
      if (method === 'initialize') said.push(line);
      return { text: `${JSON.stringify({ result, jsonrpc: '2.0', id })}\n` };
    },
  };
}

function parsed(line: string): Record<string, unknown> | undefined {
  try {
    const message: unknown = JSON.parse(line);
    return isObject(message) && Object.keys(message).every((key) => known.has(key)) ? message : undefined;
  } catch {
    return undefined;
  }
}

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
