/** What the bench needs of a conversation with a server, whichever door it comes through. */

// biome-ignore lint/suspicious/noExplicitAny: each server answers what it likes
export type Message = any;

export interface Door {
  readonly pid: number | undefined;
  /** Shakes hands; answers with the result of `initialize`, where there is one. */
  open(): Promise<Message>;
  /** Sends a request and waits for the message that answers it. `signal` cancels it as a client of this door would. */
  request(method: string, params?: object, signal?: AbortSignal): Promise<Message>;
  close(): Promise<void>;
}

export const hello = {
  protocolVersion: '2025-11-25',
  capabilities: {},
  clientInfo: { name: 'bench', version: '1' },
};

/** Throws where a call failed: a fast refusal is no result. */
export function resultOf(message: Message): Message {
  if (message === undefined) throw new Error('A request was not answered.');
  if (message.error !== undefined || message.result?.isError === true) {
    throw new Error(`A call failed: ${JSON.stringify(message).slice(0, 300)}`);
  }
  return message.result;
}

export const textOf = (result: Message): string =>
  (result.content as { text?: string }[]).map(({ text = '' }) => text).join('\n');
