/** A person in front of a client that can ask: approves what is put to them, types a name where one is asked for. */
import type { Client } from '@modelcontextprotocol/client';

/** What a client says that can show forms. */
export const canAsk = { capabilities: { elicitation: { form: {} } } } as const;

export interface Person {
  /** The questions so far, as they were shown. */
  readonly asked: string[];
}

/** Puts a person who approves everything in front of this client, which has to be made with `canAsk`. */
export function approving(client: Client): Person {
  const asked: string[] = [];
  client.setRequestHandler('elicitation/create', ({ params }) => {
    asked.push(params.message);
    return approval(params);
  });
  return { asked };
}

/** The answer of a person who approves this. */
export function approval(question: { message: string; requestedSchema?: { properties?: object } }) {
  const fields = Object.keys(question.requestedSchema?.properties ?? {});
  const name = fields.includes('name') ? { name: nameIn(question.message) } : {};
  return { action: 'accept' as const, content: { approve: true, ...name } };
}

/** The target's name as the first line shows it: `Delete User: user "Ada" (123)`. */
function nameIn(message: string): string {
  const [, quoted] = /^[^"\n]*("(?:[^"\\]|\\.)*")/.exec(message) ?? [];
  return quoted === undefined ? '' : (JSON.parse(quoted) as string);
}
