/** `call`: runs one action through the same executor as MCP, for scripts, for trying out and for emergencies. */
import process from 'node:process';
import type { Command } from 'commander';
import type { Action, Arguments } from '../../tools/action.js';
import { answerOf } from '../answers.js';
import type { CallOptions } from '../call.js';
import { ActionError, failed } from '../core/errors.js';
import { visibleAnswer } from '../core/visible-json.js';
import { conversation, type Showing, shownAnswer } from '../shown.js';
import { statusTool } from '../status-tool.js';
import { product } from '../version.js';
import { terminalForm } from './ask-person.js';
import { readArguments } from './call/arguments.js';
import { reportFailure } from './failure.js';
import { findAction, shortName } from './names.js';
import { appOptions, withAccountOptions } from './options.js';
import { isTerminal, passing, print } from './terminal.js';
import { noteWarnings, withApp } from './with-app.js';

interface CallFlags {
  readonly input?: string;
  readonly json?: boolean;
}

export function addCall(program: Command): void {
  withAccountOptions(
    program
      .command('call')
      .description('run one action and print its answer')
      .argument('<action>', 'id, with or without databricks_, or label')
      .argument('[arguments...]', 'name=value; lists and objects as JSON')
      .option('--input <json>', 'arguments as a JSON object; @file reads a file, - reads stdin')
      .option('--json', 'one line of JSON with everything in it, failures too; fields=a,b chooses'),
  )
    .addHelpText(
      'after',
      `
The arguments of an action: ${product.name} actions --show <action>
Secrets that Databricks makes go to a private file; the answer tells which.

Examples:
  $ ${product.name} call list_users filter='userName eq "ana@example.com"'
  $ ${product.name} call list_groups all=true --json | jq -r '.data[].displayName'
  $ ${product.name} call create_group --input '{"displayName": "data-stewards"}'
  $ ${product.name} call create_budget --input @budget.json
  $ ${product.name} call unified_get_me --sandbox`,
    )
    .action(runCall);
}

async function runCall(name: string, words: readonly string[], flags: CallFlags, command: Command): Promise<void> {
  const options = appOptions(command);
  if (shortName(name) === shortName(statusTool.id)) {
    return withApp(options, async (app, signal) => show(app.redactor.scrubAnswer(await app.status(signal)), flags));
  }
  const action = findAction(name);
  const input = await readArguments(action, words, flags.input);
  await withApp(options, async (app, signal) => {
    const { accountId } = app.configuration;
    noteWarnings(app);
    try {
      const form = terminalForm(signal);
      const how = { signal, progress, caller: 'terminal', ...(form !== undefined && { form }) };
      const result = await app.executor.execute(action, selected(action, input, flags), how).finally(() => passing(''));
      const answer = app.redactor.scrubAnswer(answerOf(result, accountId));
      show(shownAnswer(action, answer, result.selection, flags.json ? program : showing()), flags);
    } catch (error) {
      process.exitCode = reportFailure(isClosedQuestion(error) ? givenUp : error, {
        json: flags.json === true,
        action,
        accountId,
        problems: app.configuration.problems,
        scrub: app.redactor.scrub,
      });
    }
  });
}

/** Who closes the question with Ctrl-C gives up the call, as with Ctrl-C at any other time. */
const isClosedQuestion = (error: unknown): boolean =>
  error instanceof ActionError && error.failure.code === 'APPROVAL_CANCELLED';

const givenUp = failed('cancelled', 'Cancelled at the question. Nothing was sent.');

/** For a program, everything unless it says what: no call of its own has to be told which fields there are. */
function selected(action: Action, input: Arguments, { json }: CallFlags): Arguments {
  const isSaid = 'fields' in input || 'detail' in input;
  return !json || isSaid || action.view === undefined ? input : { ...input, detail: 'full' };
}

/** A program reads to the end, by names. */
const program: Showing = { most: Number.POSITIVE_INFINITY, tables: false };

/** What a model would see; at a terminal with the names beside the values. */
const showing = (): Showing => (isTerminal() ? { ...conversation, tables: false } : conversation);

/** Indented for a person, one line for a program. */
function show(answer: Record<string, unknown>, { json }: CallFlags): void {
  print(visibleAnswer(answer, isTerminal() && !json ? 2 : undefined).text);
}

const progress: NonNullable<CallOptions['progress']> = (done, total, unit) =>
  passing(`${done}${total === undefined ? '' : ` of ${total}`} ${unit} …`);
