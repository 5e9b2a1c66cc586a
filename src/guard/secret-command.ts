/**
 * A sink of the operator's own: a program fixed at the start, such as a vault's client. It gets the value on stdin and
 * nothing of it elsewhere; no shell, and arguments that no data reaches. The one file here that starts programs.
 */
import { spawn } from 'node:child_process';
import { isAbsolute } from 'node:path';
import process from 'node:process';
import { failed } from '../core/errors.js';
import { quote } from '../core/quote.js';
import { fingerprint, type SecretSink } from './secrets.js';

type Env = Readonly<Record<string, string | undefined>>;

export interface CommandSinkParts {
  /** The program, by its absolute path, and its arguments. */
  readonly command: readonly string[];
  /** The server's environment, of which the program gets the little that programs need. */
  readonly env: Env;
  /** Told what the program wrote to stderr, scrubbed and cut. */
  readonly onMessage: (facts: { readonly said: string; readonly ended: string }) => void;
  readonly scrub: (text: string) => string;
  /** Milliseconds the program may take. */
  readonly timeout?: number;
}

const passedOn = ['PATH', 'HOME'];
const passedOnWindows = ['SystemRoot', 'USERPROFILE', 'APPDATA', 'LOCALAPPDATA', 'TEMP', 'TMP', 'PATHEXT'];

/** Throws a `configuration` failure when the command could not be run safely. */
export function createCommandSink(parts: CommandSinkParts): SecretSink {
  const [program = '', ...args] = parts.command;
  checkCommand(parts.command);
  const names = process.platform === 'win32' ? [...passedOn, ...passedOnWindows] : passedOn;
  const env = pick(names.map((name) => [name, parts.env[name]]));

  /** Throws unless the program has taken `input` and ended with 0. */
  const run = async (input: string, facts: Env, what: string) => {
    const { ended, said, tookAll } = await start(program, args, { ...env, ...facts }, input, parts.timeout ?? 5_000);
    const isDone = ended === 'exit 0' && (tookAll || input === '');
    const why = ended === 'exit 0' ? 'it did not read the value' : ended;
    if (said !== '' || !isDone) parts.onMessage({ said: quote(said, parts.scrub), ended: isDone ? ended : why });
    if (isDone) return;
    throw failed('storage', `${what} (${why}).`, {
      next: 'The operator has to look at the program for secrets and at what it said, in the log of this server.',
    });
  };

  return {
    prepare: () =>
      run('', { DATABRICKS_MCP_SECRET_PROBE: '1' }, 'The program for secrets is not ready. Nothing was sent'),
    async store(_name, value, facts) {
      await run(value, describe(facts), 'The program for secrets did not take the secret');
      return { stored_in: 'command', ...fingerprint(value) };
    },
  };
}

/** Refuses what is not a program's own path: a search in PATH may find another program than the operator meant. */
function checkCommand(command: readonly string[]): void {
  const [program = ''] = command;
  const refuse = (message: string) => {
    throw failed('configuration', message, { next: 'Give the absolute path of the program, then its arguments.' });
  };
  if (program === '') refuse('The program for secrets is missing.');
  if (!isAbsolute(program)) refuse('The program for secrets has no absolute path.');
  if (command.some((word) => word.includes('\0'))) refuse('The program for secrets has a NUL in its command line.');
}

/** What the secret is and whose, as far as these are plain ids: they come from Databricks. */
function describe(facts: Readonly<Record<string, unknown>>): Record<string, string> {
  return pick([
    ['DATABRICKS_MCP_SECRET_ACTION', plainId(facts.action)],
    ['DATABRICKS_MCP_SECRET_ACCOUNT_ID', plainId(facts.account_id)],
    ['DATABRICKS_MCP_SECRET_ID', plainId(facts.id ?? facts.integration_id)],
    ['DATABRICKS_MCP_SECRET_OF', plainId(facts.of ?? facts.principal_id ?? facts.client_id)],
  ]);
}

const plainId = (value: unknown): string | undefined =>
  ['string', 'number', 'bigint'].includes(typeof value) && /^[A-Za-z0-9][\w-]{0,99}$/.test(String(value))
    ? String(value)
    : undefined;

const pick = (entries: readonly (readonly [string, string | undefined])[]): Record<string, string> =>
  Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== undefined));

interface Ended {
  /** `exit 0`, `exit 1`, `killed by SIGTERM`, `not started: ENOENT`, `no answer in 5 s` */
  readonly ended: string;
  /** The beginning of its stderr. */
  readonly said: string;
  readonly tookAll: boolean;
}

/** Kept of stderr; of what is kept the beginning is shown. The rest is read and dropped, so that the program can go on. */
const mostSaid = 64_000;

/** Milliseconds: whoever the program started may hold its stdin and stderr open when it has ended. */
const patienceAfterEnd = 200;

function start(program: string, args: readonly string[], env: Env, input: string, timeout: number): Promise<Ended> {
  return new Promise((resolve) => {
    // A group of its own, so that what it starts can be ended with it.
    const isGroup = process.platform !== 'win32';
    const options = { env, cwd: '/', shell: false, detached: isGroup, windowsHide: true } as const;
    let said = '';
    let ended = '';
    let tookAll = false;
    const done = () => resolve({ ended, said, tookAll });
    let child: ReturnType<typeof spawn>;
    try {
      child = spawn(program, args, { ...options, stdio: ['pipe', 'ignore', 'pipe'] });
    } catch (error) {
      ended = `not started: ${codeOf(error)}`;
      return done();
    }
    const letGo = () => {
      child.stdin?.destroy();
      child.stderr?.destroy();
    };
    const kill = () => {
      ended ||= `no answer in ${timeout / 1_000} s`;
      try {
        if (isGroup && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
        else child.kill('SIGKILL');
      } catch {
        // It has ended by itself meanwhile.
      }
      letGo();
    };
    const timer = setTimeout(kill, timeout);
    child.once('error', (error) => {
      ended ||= `not started: ${codeOf(error)}`;
      clearTimeout(timer);
      done();
    });
    child.once('exit', (code, signal) => {
      ended ||= code === null ? `killed by ${signal}` : `exit ${code}`;
      clearTimeout(timer);
      setTimeout(letGo, patienceAfterEnd);
    });
    child.once('close', done);
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      if (said.length < mostSaid) said += text.slice(0, mostSaid - said.length);
    });
    // It may have ended without reading (EPIPE): then it has not got the value, whatever it ends with.
    child.stdin
      ?.on('error', () => {})
      .once('finish', () => {
        tookAll = true;
      })
      .end(input);
  });
}

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : 'error');
