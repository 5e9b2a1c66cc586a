/**
 * What a call of a tool asks for: an action, the status, or in search mode a look into the catalogue. Whatever is asked
 * for is known by the name of the action, never by that of the tool that runs it.
 */
import type { Action, ActionFacts } from '../../tools/action.js';
import { answerOf } from '../answers.js';
import type { App } from '../app.js';
import type { CallOptions, Result } from '../call.js';
import { createSearch } from '../core/catalogue-search.js';
import { failed, inputError } from '../core/errors.js';
import { isObject } from '../core/json.js';
import { listedSchema } from '../core/schema.js';
import { oneLine } from '../core/visible.js';
import { conversation, shownAnswer } from '../shown.js';
import { statusTool } from '../status-tool.js';
import { innerCall, runnerOf, searchTools, wholeName } from './search-tools.js';
import type { Visit } from './visit.js';

export interface Asked {
  /** For logs and measurements: one of the names there are. */
  readonly name: string;
  readonly action?: Action;
  /** What may leave: no secret is in it any more. Throws as a call does. */
  answer(options: CallOptions): Promise<Record<string, unknown>>;
}

/** Undefined where no tool of this name is shown. */
export type Reading = (visit: Visit, name: string, args: unknown) => Asked | undefined;

export function createReading(app: App): Reading {
  const searches = new WeakMap<readonly ActionFacts[], ReturnType<typeof createSearch>>();
  const clean = app.redactor.scrubAnswer;
  const permitted = ({ policy }: Visit) => app.access.under(policy).permitted;
  const find = ({ policy }: Visit, name: string): Action | undefined => {
    const action = app.action(name);
    return action && app.access.under(policy).isOpen(action) ? action : undefined;
  };

  const ofAction = (action: Action, args: unknown): Asked => ({
    name: action.id,
    action,
    answer: async (options) => shownOf(action, await app.executor.execute(action, args, options)),
  });

  /** Secrets are known by the names of their fields: they are taken out while each field still stands under its own. */
  const shownOf = (action: Action, result: Result) =>
    shownAnswer(action, clean(answerOf(result, app.configuration.accountId)), result.selection, conversation);

  const ofStatus = ({ policy }: Visit, args: unknown): Asked => ({
    name: statusTool.id,
    async answer({ signal }) {
      if (args !== undefined && (!isObject(args) || Object.keys(args).length > 0)) {
        throw failed('input', 'This tool takes no arguments.');
      }
      return clean(await app.status(signal, policy));
    },
  });

  const look = (name: string, answer: () => Record<string, unknown>): Asked => ({
    name,
    answer: async () => clean(answer()),
  });

  const finding = (visit: Visit, args: unknown) => {
    const request = onlyText(args, 'request');
    const actions = permitted(visit);
    const search = searches.get(actions) ?? createSearch(actions.flatMap(({ id }) => app.action(id) ?? []));
    searches.set(actions, search);
    const found = search(request, mostFound).map(({ id, description, ...action }) => ({
      action: id,
      does: description,
      run_with: runnerOf(action),
    }));
    return {
      actions: found,
      ...(found.length === 0 && {
        note: `Nothing fits. Say it in other words; ${statusTool.id} tells what is closed.`,
      }),
    };
  };

  const describing = (visit: Visit, args: unknown) => {
    const name = wholeName(onlyText(args, 'action'));
    if (name === statusTool.id) return { action: name, does: statusTool.description, run_with: searchTools.read };
    const action = find(visit, name);
    if (action === undefined) throw noAction(name);
    return {
      action: action.id,
      does: action.description,
      run_with: runnerOf(action),
      ...(visit.policy.gateOfAction(action) === 'ask' && { approval: 'A person approves each call.' }),
      arguments: listedSchema(action),
    };
  };

  const running = (visit: Visit, tool: string, args: unknown): Asked => {
    const inner = innerCall(tool, args);
    const refusal = (error: Error): Asked => ({ name: tool, answer: () => Promise.reject(error) });
    if (inner === undefined) return refusal(inputError('action is missing: the name of the action to run.', findFirst));
    const strangers = Object.keys(args as object).filter((key) => key !== 'action' && key !== 'arguments');
    const isStatus = inner.tool === statusTool.id;
    const action = isStatus ? undefined : find(visit, inner.tool);
    if (!isStatus && action === undefined) return refusal(noAction(inner.tool));
    const asked = action === undefined ? ofStatus(visit, inner.args) : ofAction(action, inner.args);
    const refused = (error: Error): Asked => ({ ...asked, answer: () => Promise.reject(error) });
    if (strangers.length > 0) {
      return refused(
        inputError('What the action takes goes into arguments.', `Move ${shown(strangers.join(', '))} there.`),
      );
    }
    const runner = action === undefined ? searchTools.read : runnerOf(action);
    if (runner !== tool)
      return refused(inputError(`${asked.name} is run with ${runner}.`, `Call ${runner} with the same arguments.`));
    return asked;
  };

  const noAction = (name: string) =>
    inputError(`There is no action ${shown(app.redactor.scrub(name))} here.`, findFirst);

  return (visit, name, args) => {
    if (!visit.search) {
      if (name === statusTool.id) return ofStatus(visit, args);
      const action = find(visit, name);
      return action && ofAction(action, args);
    }
    if (name === searchTools.find) return look(name, () => finding(visit, args));
    if (name === searchTools.describe) return look(name, () => describing(visit, args));
    return name === searchTools.read || name === searchTools.write ? running(visit, name, args) : undefined;
  };
}

const mostFound = 5;
const findFirst = `${searchTools.find} finds the actions there are.`;

const shown = (text: string) => oneLine(text, 80);

/** The one argument of a tool that takes one text. */
function onlyText(args: unknown, name: string): string {
  const { [name]: given, ...others } = isObject(args) ? args : {};
  if (typeof given !== 'string' || given.trim() === '' || Object.keys(others).length > 0) {
    throw inputError(`This tool takes ${name}, a text, and nothing else.`);
  }
  if (given.length > longestText) throw inputError(`${name} is too long.`, 'Say it in a sentence.');
  return given;
}

const longestText = 1_000;
