/** Tells a step of the demo: what is wanted, the tool call, and of the answer what matters. A failing step ends it. */
import type { Client } from '@modelcontextprotocol/client';
import type { z } from 'zod';
import { unfolded } from '../../core/table.js';
import { hanging } from '../layout.js';
import { plain, print, style, width } from '../terminal.js';

export interface Stage {
  chapter(title: string): void;
  /** Calls a tool. The schema is what the story needs of the answer. */
  call<S extends z.ZodType>(wish: string, tool: string, args: Record<string, unknown>, shape: S): Promise<z.output<S>>;
  /** Calls a tool that has to be refused, and tells in which words. */
  refused(wish: string, tool: string, args: Record<string, unknown>): Promise<void>;
  tell(text: string): void;
}

const readable = 100;

/** The dialog as a client would show it, and the click of the user that the demo plays. */
export const askedOf = (question: string): string =>
  [
    `  ${style('yellow', 'The server asks the user, with facts it has just read:')}`,
    ...question.split('\n').map((line) => `  ${style('yellow', '│')} ${plain(line)}`),
    `  ${style('yellow', 'The user approves.')}`,
  ].join('\n');

export function createStage(client: Client, signal: AbortSignal): Stage {
  const columns = Math.min(width(), readable);
  const say = (head: string, text: string) => print(hanging(head, text, columns).join('\n'));
  const announce = (wish: string, tool: string, args: Record<string, unknown>) => {
    print('');
    say('  ', wish);
    say(`  ${style('dim', 'call')}  `, `${style('cyan', tool)} ${JSON.stringify(args)}`);
  };
  const tell = (text: string) => say(`  ${style('green', '→')}     `, plain(text));

  return {
    chapter: (title) => print(`\n${style('bold', title)}`),
    tell,
    async call(wish, tool, args, shape) {
      announce(wish, tool, args);
      const { structuredContent, isError } = await client.callTool({ name: tool, arguments: args }, { signal });
      if (isError) throw new Error(`${tool} failed: ${JSON.stringify(structuredContent)}`);
      const answer = structuredContent as Record<string, unknown>;
      return shape.parse({ ...answer, data: unfolded(answer.data) });
    },
    async refused(wish, tool, args) {
      announce(wish, tool, args);
      const words = await client.callTool({ name: tool, arguments: args }, { signal }).then(
        ({ structuredContent, isError }) => (isError ? JSON.stringify(structuredContent) : undefined),
        (error: Error) => error.message,
      );
      signal.throwIfAborted();
      if (words === undefined) throw new Error(`${tool} was not refused.`);
      tell(words);
    },
  };
}
