/** `doctor`: checks the machine, the configuration and the account, and says what to do about each finding. */
import process from 'node:process';
import type { Command } from 'commander';
import type { App } from '../app.js';
import { createRedactor } from '../core/redact.js';
import { product } from '../version.js';
import { checkAccount } from './doctor/account.js';
import type { Finding } from './doctor/finding.js';
import { checkJournal } from './doctor/journal.js';
import { checkCertificates, checkFolder, checkNode, checkProxy } from './doctor/machine.js';
import { checkPolicy, policyFailures } from './doctor/policy.js';
import { checkSettings } from './doctor/settings.js';
import { exitCodeOf, exits } from './exit-codes.js';
import { appOptions, withAccountOptions } from './options.js';
import { passing, print, style } from './terminal.js';
import { withApp } from './with-app.js';

export function addDoctor(program: Command): void {
  withAccountOptions(
    program
      .command('doctor')
      .description('check configuration, sign-in, scopes and rights, and say what to do')
      .option('--json', 'print JSON'),
  )
    .addHelpText(
      'after',
      `
It changes nothing and never shows a secret. The exit code is that of the first failure.

Examples:
  $ ${product.name} doctor
  $ ${product.name} doctor --profile admin --scopes scim,billing
  $ ${product.name} doctor --json | jq '.findings[] | select(.level != "ok")'`,
    )
    .action(runDoctor);
}

async function runDoctor({ json }: { json?: boolean }, command: Command): Promise<void> {
  const options = appOptions(command);
  const refused = policyFailures(options);
  if (refused.length > 0) return report([checkNode(process.versions.node), ...refused], json, createRedactor().scrub);
  await withApp(options, async (app, signal) => {
    passing('Asking the account …');
    const findings = await examine(app, signal).finally(() => passing(''));
    report(findings, json, app.redactor.scrub);
  });
}

function report(findings: readonly Finding[], json: boolean | undefined, scrub: (text: string) => string): void {
  const failed = findings.find(({ level }) => level === 'fail');
  print(scrub(json ? JSON.stringify({ ok: failed === undefined, findings }) : findings.map(line).join('\n')));
  process.exitCode = failed?.kind === undefined ? exits.ok.code : exitCodeOf(failed.kind);
}

async function examine(app: App, signal: AbortSignal): Promise<Finding[]> {
  const { configuration } = app;
  const { env } = process;
  return [
    checkNode(process.versions.node),
    ...checkSettings(configuration),
    ...checkPolicy(app.policy),
    ...checkCertificates(env, configuration.caFile),
    ...checkProxy(env, configuration.host),
    checkFolder(app.stateDirectory),
    ...(await checkJournal(app)),
    ...(await checkAccount(app, signal)),
  ];
}

const colours = { ok: 'green', warn: 'yellow', fail: 'red' } as const;

function line({ level, check, message, fix }: Finding): string {
  const mark = style(colours[level], level.padEnd(4));
  return `${mark}  ${check.padEnd(13)}  ${message}${fix === undefined ? '' : ` — ${fix}`}`;
}
