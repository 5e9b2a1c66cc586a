/**
 * What is decided before anything is answered: the operator's policy, the account's configuration, the open actions.
 * Loads nothing that only a call needs; `app.ts` builds on it.
 */
import { homedir } from 'node:os';
import process from 'node:process';
import { type Access, createAccess } from './access.js';
import type { AppOptions } from './app.js';
import { chosenStateDirectory } from './core/paths.js';
import { createRedactor, type Redactor } from './core/redact.js';
import { type Configuration, loadConfiguration, nodeIo } from './databricks/config.js';
import type { Policy } from './guard/policy.js';
import { loadPolicy } from './guard/policy-settings.js';
import { listing } from './listing.js';
import { createLog, type Log } from './log.js';
import { storeAddress } from './store/address.js';
import { telemetrySettings } from './telemetry/settings.js';

export type Env = Readonly<Record<string, string | undefined>>;

export interface Start {
  readonly env: Env;
  readonly policy: Policy;
  readonly redactor: Redactor;
  readonly log: Log;
  /** Where files of all accounts go. */
  readonly ownState: string;
  /** Where the account is the embedded one. */
  readonly sandbox: { close(): Promise<void> } | undefined;
  readonly configuration: Configuration;
  readonly access: Access;
  /** Something else may keep the app from opening, or opens connections: it must not wait for the first call. */
  readonly opensMore: boolean;
}

/** Throws where the policy is wrong, or the address of a store or a collector. */
export async function prepare(options: AppOptions): Promise<Start> {
  const env = options.env ?? process.env;
  const { areas } = listing();
  const policy = loadPolicy(options.policy ?? {}, nodeIo(env), areas);
  const redactor = createRedactor();
  const log = createLog(options.logLevel ?? 'warn', redactor);
  const ownState = chosenStateDirectory(options.stateDirectory, env, process.platform, homedir());
  const connects =
    options.beside === undefined &&
    [options.telemetry === true ? telemetrySettings(env) : undefined, storeAddress(options.store, env)].some(
      (each) => each !== undefined,
    );
  const sandbox =
    options.sandbox === true ? await (await import('./embedded-sandbox.js')).embeddedSandbox(options.flags) : undefined;
  const configuration = sandbox?.configuration ?? loadConfiguration(options.flags, nodeIo(env));
  const actions = areas.flatMap((area) => area.actions);
  const access = createAccess(actions, configuration.scopes, configuration.cloud, policy);
  const opensMore = connects || sandbox !== undefined;
  return { env, policy, redactor, log, ownState, sandbox, configuration, access, opensMore };
}
