/**
 * The checks of the conformance suite that do not come out well, each with the reason. What is listed has to fail: an
 * entry that passes by now is told as well.
 */
import type { Check, Results, Revision } from './suite.js';

export interface Exception {
  readonly reason: string;
  /** Scenarios, or single checks of one as `scenario:check`. */
  readonly of: readonly string[];
}

const each = (prefix: string, names: string): string[] => names.split(' ').map((name) => prefix + name);

/** Of the program and of the fixtures alike. */
export const inBoth: readonly Exception[] = [
  {
    reason: 'Tasks are an extension that this server does not offer: every call ends within a minute.',
    of: [
      ...each('tasks-', 'capability-negotiation dispatch-and-envelope lifecycle mrtr-composition mrtr-input'),
      ...each('tasks-', 'request-headers request-state-removal required-task-error status-notifications wire-fields'),
    ],
  },
  {
    reason: 'No parameter of a tool is marked `x-mcp-header`, so there is no header to compare with it.',
    of: ['http-custom-header-server-validation'],
  },
  {
    reason: 'A stream that broke off is not resumed, so its events carry no ids. The scenario asks for them as advice.',
    of: ['server-sse-polling:server-sse-priming-event', 'server-sse-polling:server-sse-retry-field'],
  },
  {
    reason: 'The list of prompts never changes, and no change of it is promised.',
    of: ['server-stateless:sep-2575-server-sends-prompts-list-changed-on-subscription'],
  },
];

/** Of the program alone; with the fixtures all of these pass. */
export const inProgram: readonly Exception[] = [
  {
    reason: 'The scenario calls tools of its own, which only the fixtures have.',
    of: [
      'json-schema-2020-12',
      ...each('elicitation-', 'sep1034-defaults sep1330-enums'),
      ...each('tools-call-', 'audio elicitation embedded-resource error image mixed-content sampling simple-text'),
      ...each('tools-call-', 'with-logging with-progress'),
      ...each('input-required-result-', 'basic-elicitation basic-list-roots basic-sampling capability-check'),
      ...each('input-required-result-', 'ignore-extra-params missing-input-response multi-round'),
      ...each('input-required-result-', 'multiple-input-requests request-state result-type tampered-state'),
      ...each('server-stateless:sep-2575-', 'server-rejects-undeclared-capability missing-capability-http-400'),
      ...each('server-stateless:sep-2575-', 'http-server-no-independent-requests-on-stream'),
      ...each('server-stateless:sep-2575-', 'server-no-log-without-loglevel'),
      ...each('server-stateless:sep-2575-', 'server-sends-tools-list-changed-on-subscription'),
    ],
  },
  {
    reason: 'The program offers tools and nothing else: no prompts, resources, completions or logging.',
    of: [
      ...each('', 'completion-complete logging-set-level prompts-list resources-list'),
      ...each('prompts-get-', 'embedded-resource simple with-args with-image'),
      ...each('resources-', 'read-binary read-text subscribe templates-read unsubscribe'),
      'input-required-result-non-tool-request',
      ...each('sep-2164-resource-not-found:sep-2164-', 'error-code data-uri'),
      ...each('caching:sep-2549-', 'prompts-list-caching-hints resources-list-caching-hints'),
      ...each('caching:sep-2549-', 'resources-templates-list-caching-hints resources-read-caching-hints'),
    ],
  },
  {
    reason:
      'Pages of a web origin may call once the operator has named it (`--allow-origin`), that of localhost too. The ' +
      'fixtures name it.',
    of: ['dns-rebinding-protection:localhost-host-valid-accepted'],
  },
];

/** Passed over, warned of or failed. */
export const isBad = ({ status }: Check): boolean => status !== 'SUCCESS' && status !== 'INFO';

/** The messages themselves keep to the schema of the protocol: no entry excuses one that does not. */
const isExcusable = ({ id }: Check): boolean => !id.startsWith('wire-schema-');

const names = (scenario: string, check: Check): readonly string[] => [scenario, `${scenario}:${check.id}`];

/** The exception a check falls under. */
export const exceptionFor = (
  scenario: string,
  check: Check,
  exceptions: readonly Exception[],
): Exception | undefined =>
  isExcusable(check)
    ? exceptions.find(({ of }) => names(scenario, check).some((name) => of.includes(name)))
    : undefined;

/** What came out badly and is not listed. */
export const unexpected = (results: Results, exceptions: readonly Exception[]): readonly string[] =>
  [...results].flatMap(([scenario, checks]) =>
    checks
      .filter((check) => isBad(check) && exceptionFor(scenario, check, exceptions) === undefined)
      .map(({ id, status, errorMessage = '' }) => `${scenario}:${id} ${status} ${errorMessage}`),
  );

/** What is listed and came out well in every revision, or was never seen. */
export function outdated(results: ReadonlyMap<Revision, Results>, exceptions: readonly Exception[]): readonly string[] {
  const bad = new Set(
    [...results.values()].flatMap((each) =>
      [...each].flatMap(([scenario, checks]) => checks.filter(isBad).flatMap((check) => names(scenario, check))),
    ),
  );
  return exceptions.flatMap(({ of }) => of).filter((name) => !bad.has(name));
}
