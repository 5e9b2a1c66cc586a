/** Shows what a command failed of, as JSON for a script or in words for a person, and tells the exit code. */
import process from 'node:process';
import { CommanderError } from 'commander';
import type { Action } from '../../tools/action.js';
import { answerOfFailure } from '../answers.js';
import { ActionError, type Failure } from '../core/errors.js';
import { explain } from '../core/explain.js';
import { quote } from '../core/quote.js';
import { createRedactor } from '../core/redact.js';
import { escapeHidden, oneLine } from '../core/visible.js';
import { visibleAnswer } from '../core/visible-json.js';
import type { Problem } from '../databricks/config.js';
import { product } from '../version.js';
import { exitCodeOf, exits } from './exit-codes.js';
import { note, plain, print, style } from './terminal.js';

export interface FailureContext {
  readonly json?: boolean;
  readonly action?: Action | undefined;
  readonly accountId?: string | undefined;
  /** What the configuration lacks, told one by one instead of in a paragraph. */
  readonly problems?: readonly Problem[];
  readonly scrub?: (text: string) => string;
}

export function reportFailure(error: unknown, context: FailureContext = {}): number {
  const scrub = context.scrub ?? createRedactor().scrub;
  // Commander has said it already; it calls every refusal 1.
  if (error instanceof CommanderError) return error.exitCode === 1 ? exits.usage.code : error.exitCode;
  if (!(error instanceof ActionError)) return reportBug(error, context.json === true, scrub);
  const { failure } = error;
  if (context.json)
    print(scrub(visibleAnswer(answerOfFailure(failure, context.action, context.accountId, scrub)).text));
  else if (failure.kind === 'configuration' && context.problems?.length) note(scrub(problemList(context.problems)));
  else note(`${errorMark()} ${escapeHidden(scrub(inWords(failure, context.action, scrub)))}`);
  return exitCodeOf(failure.kind);
}

function inWords(failure: Failure, action: Action | undefined, scrub: (text: string) => string): string {
  const { message, next } = explain(failure, action);
  const { code, status, requestId, upstreamMessage } = failure;
  const facts = [status, code, requestId && `request ${requestId}`].filter((fact) => fact !== undefined).join(' ');
  const isUnknown = failure.sent === 'maybe' && action !== undefined && action.effect !== 'read';
  return [
    `${message}${facts && ` (${plain(facts)})`}`,
    ...(upstreamMessage === undefined ? [] : [`  Databricks said: ${oneLine(quote(upstreamMessage, scrub), 600)}`]),
    ...(isUnknown ? ['  Whether the change was made is not known.'] : []),
    `  ${next}`,
  ].join('\n');
}

const problemList = (problems: readonly Problem[]) =>
  [
    `${errorMark()} this is not configured yet`,
    ...problems.map(({ message, fix }) => `  - ${message} ${fix}`),
    `  To try it without an account, add --sandbox. \`${product.name} doctor\` checks a configuration.`,
  ].join('\n');

const errorMark = () => style('red', 'error:', process.stderr);

/** A bug stays a bug: with its stack, so that it can be reported. */
function reportBug(error: unknown, json: boolean, scrub: (text: string) => string): number {
  const message = error instanceof Error ? error.message : String(error);
  if (json) print(scrub(JSON.stringify({ error: { kind: 'unexpected', message, retryable: false } })));
  note(scrub(error instanceof Error ? (error.stack ?? message) : message));
  note('This is an error of this program. Please report it with the lines above.');
  return exits.unexpected.code;
}
