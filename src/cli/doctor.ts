/** `doctor`: checks the whole path from this machine to the account, and says what to do about each finding. */
import process from 'node:process';
import type { Command } from 'commander';
import type { App } from '../app.js';
import { createRedactor, type Redactor } from '../core/redact.js';
import { ConfigProblem } from '../databricks/config.js';
import { readCredential } from '../databricks/sign-in/method.js';
import { product } from '../version.js';
import type { Finding } from './doctor/finding.js';
import { checkNode } from './doctor/machine.js';
import { policyFailures } from './doctor/policy.js';
import { show, sum } from './doctor/report.js';
import { type Examined, examine } from './doctor/sections.js';
import { exitCodeOf, exits } from './exit-codes.js';
import { appOptions, withAccountOptions } from './options.js';
import { passing, print } from './terminal.js';
import { withApp } from './with-app.js';

interface DoctorFlags {
  readonly json?: boolean;
  readonly trustProject?: boolean;
}

export function addDoctor(program: Command): void {
  withAccountOptions(
    program
      .command('doctor')
      .description('check settings, files, network, sign-in, rights and clients, and say what to do')
      .option('--json', 'print JSON')
      .option('--trust-project', 'also start what client configurations of this folder name'),
  )
    .addHelpText(
      'after',
      `
It changes nothing and never shows a secret. Entries of this server in the configurations of MCP clients are started as
the client would, and ended. The exit code is that of the first failure. A finding has a section, a
level (ok, warn, fail, or skip for what could not be looked at), a check, a message and, where something is to be done,
a fix.

Examples:
  $ ${product.name} doctor
  $ ${product.name} doctor --profile admin --scopes scim,billing
  $ ${product.name} doctor --json | jq '.findings[] | select(.level != "ok")'`,
    )
    .action(runDoctor);
}

async function runDoctor({ json, trustProject = false }: DoctorFlags, command: Command): Promise<void> {
  const options = appOptions(command);
  const findings: (Finding & { section: string })[] = [];
  const take = ({ section, findings: found }: Examined, { scrub, scrubValue }: Redactor) => {
    passing('');
    if (!json) show({ section, findings: found }, scrub);
    findings.push(...scrubValue(found).map((finding) => ({ section, ...finding })));
  };
  const refused = policyFailures(options);
  if (refused.length > 0) {
    // No app exists under a wrong policy.
    take({ section: 'program', findings: [checkNode(process.versions.node)] }, createRedactor());
    take({ section: 'policy', findings: refused }, createRedactor());
  } else {
    await withApp(options, async (app, signal) => {
      await knowSecret(app);
      for await (const examined of examine(app, { ...options, trustProject }, signal, passing))
        take(examined, app.redactor);
    }).finally(() => passing(''));
  }
  const failed = findings.find(({ level }) => level === 'fail');
  if (json) print(JSON.stringify({ ok: failed === undefined, findings }));
  else sum(findings);
  process.exitCode = failed?.kind === undefined ? exits.ok.code : exitCodeOf(failed.kind);
}

/** Before anything is shown: a setting may repeat the secret by mistake. */
async function knowSecret({ configuration, redactor }: App): Promise<void> {
  redactor.add(process.env.DATABRICKS_CLIENT_SECRET ?? '');
  try {
    const { connection } = configuration;
    if (connection !== undefined) redactor.add(await readCredential(connection.signIn));
  } catch (error) {
    // It cannot be read any more, which the sign-in will tell.
    if (!(error instanceof ConfigProblem)) throw error;
  }
}
