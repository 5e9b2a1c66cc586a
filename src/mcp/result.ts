/**
 * An answer as the result of a tool call: text for models, and the same as structured content for programs. Most hosts
 * give a model one of the two (Claude Code, Codex, Cursor and VS Code the structure, others the text), some give it both
 * (GitHub Copilot, ChatGPT). So both say the same, and hosts whose reader is a model get the text alone: nobody pays
 * twice, and nothing depends on which one is read. Whoever is not known to be such a host may be a program.
 */
import { visibleAnswer } from '../core/visible-json.js';

export interface ToolResult {
  [key: string]: unknown;
  content: { type: 'text'; text: string }[];
  structuredContent?: Record<string, unknown>;
  isError?: boolean;
}

/** How hosts call themselves in `clientInfo`. */
const hosts =
  /^(?:claude|codex|cursor|visual[ -]studio[ -]code|vscode|github-copilot|copilot|openai-mcp|chatgpt|gemini-cli|windsurf|cline|roo|zed|goose|opencode|kimi)/i;

/** Revisions before it know no structured content. */
const firstStructured = '2025-06-18';

/** Whether this client gets structured content too. `revision` is unknown where a request says nothing of it. */
export const takesStructure = (client: string | undefined, revision: string | undefined): boolean =>
  !hosts.test(client ?? '') && (revision === undefined || revision >= firstStructured);

/**
 * Characters of a result's text. What is shown is cut long before, where there is a list to cut; the rest is for single
 * values, and keeps a message away from the size over which clients give up the connection.
 */
const longest = 160_000;

/** Nothing in either form is hidden. `answer` holds no secret any more. */
export function asResult(answer: Record<string, unknown>, structure: boolean): ToolResult {
  const { text, structured } = visibleAnswer(answer);
  if (text.length <= longest) return resultOf(text, structured, structure);
  const { account_id, outcome } = answer;
  const advice = 'Ask for less: fewer fields, a smaller count or page_size, a filter; no raw, no detail.';
  const short = {
    ...(account_id !== undefined && { account_id }),
    ...(outcome === undefined
      ? {
          error: {
            kind: 'unreadable',
            code: 'ANSWER_TOO_LARGE',
            message: 'The answer is too large to pass on.',
            retryable: false,
            next: advice,
          },
        }
      : { outcome, data: null, note: 'The change is made; its answer is too large to pass on. Read it back in part.' }),
  };
  return { ...resultOf(JSON.stringify(short), short, structure), ...(outcome === undefined && { isError: true }) };
}

const resultOf = (text: string, structuredContent: Record<string, unknown>, structure: boolean): ToolResult => ({
  content: [{ type: 'text', text }],
  ...(structure && { structuredContent }),
});
