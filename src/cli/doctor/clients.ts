/** What `doctor` finds in the configurations of MCP clients: entries of this program, and whether each starts and signs in. */
import { type FoundEntry, findEntries, type Machine } from '../../clients/find.js';
import type { StdioEntry } from '../../clients/server-entry.js';
import { failed } from '../../core/errors.js';
import { isObject } from '../../core/json.js';
import { abbreviateHome } from '../../core/paths.js';
import type { Redactor } from '../../core/redact.js';
import { unfilled } from './client-env.js';
import { type Finding, fail, ok, skip, warn } from './finding.js';
import { launchOf } from './launch.js';
import { checkRemote } from './remote.js';
import { NoTalk, type Patience, talkTo } from './talk.js';

export interface Clients {
  readonly machine: Machine;
  /** The program file of this installation. */
  readonly main: string;
  /** Where this program serves over HTTP, as far as the environment tells. */
  readonly addresses: readonly string[];
  /** Start what files of a project name, too: whoever wrote the project chose it. */
  readonly trustProject: boolean;
  readonly redactor: Pick<Redactor, 'add'>;
  readonly patience: Patience;
}

export async function checkClients(clients: Clients): Promise<Finding[]> {
  const { machine, main, addresses } = clients;
  const { entries, unread } = await findEntries(machine, main, addresses);
  const shown = (path: string) => abbreviateHome(path, machine);
  const findings = (await Promise.all(entries.map((found) => checkEntry(found, clients)))).flat();
  const strange = unread.map(({ client, file, reason }) =>
    warn(
      'client',
      `${client.title}: ${shown(file.path)} cannot be read: ${reason}`,
      'Mend it; the client reads it too.',
    ),
  );
  if (findings.length + strange.length > 0) return [...findings, ...strange];
  return [ok('client', 'no client on this machine has this server; `init` writes it into the configuration of one')];
}

async function checkEntry(found: FoundEntry, clients: Clients): Promise<Finding[]> {
  const { client, file, name, entry } = found;
  const { machine, trustProject, patience } = clients;
  const title = `${client.title}, ${name} in ${abbreviateHome(file.path, machine)}`;
  if (entry.kind === 'http') return [await checkRemote(title, entry.url, machine.env, patience)];
  for (const [variable, value] of Object.entries(entry.env ?? {})) if (isSecret(variable)) clients.redactor.add(value);
  const exposed = Object.keys(entry.env ?? {}).find(
    (variable) => isSecret(variable) && !unfilled(entry.env?.[variable] ?? ''),
  );
  const secret =
    exposed === undefined
      ? []
      : [
          warn(
            'client',
            `${title}: ${exposed} stands in the file itself.`,
            'Put it into a file (DATABRICKS_CLIENT_SECRET_FILE) and replace it if others could read this.',
          ),
        ];
  if (file.of === 'project' && !trustProject) {
    const message = `${title}: not started, because a file of this folder names it`;
    return [...secret, skip('client', `${message}; --trust-project starts it`)];
  }
  return [...secret, await start(title, found, entry, clients)];
}

const isSecret = (variable: string) => /SECRET$|TOKEN$|PASSWORD$/.test(variable);

async function start(title: string, found: FoundEntry, entry: StdioEntry, clients: Clients): Promise<Finding> {
  const { machine, main, patience } = clients;
  const launch = launchOf({ ...found, title, entry }, machine, main);
  if ('level' in launch) return launch;
  try {
    const { tools, status } = await talkTo(launch.program, patience);
    const problem = status?.sign_in_problem;
    if (problem !== undefined) return signInProblem(title, problem);
    const signedIn = status === undefined ? 'whether it signs in was not told in time' : 'it signs in';
    return launch.doubt ?? ok('client', `${title}: starts with ${tools} tools, ${signedIn}`);
  } catch (error) {
    if (!(error instanceof NoTalk)) throw error;
    if (patience.signal.aborted) throw failed('cancelled', 'The check was cancelled.');
    const said = error.last === '' ? '' : `: ${lastWords(error.last)}`;
    const fix = 'Run its command in a terminal to see all it says, or write the entry anew with `init`.';
    return fail('client', `${title}: does not start (${error.code})${said}`, fix);
  }
}

/** As `databricks_access_status` tells it: what is missing, or what the sign-in met. */
function signInProblem(title: string, problem: unknown): Finding {
  const [setting] = isObject(problem) && Array.isArray(problem.problems) ? problem.problems : [];
  const told = isObject(setting) ? setting : isObject(problem) ? problem : {};
  const message = `${title}: starts, but does not sign in: ${told.message ?? ''}`;
  if (isObject(setting)) return fail('client', message, `In the entry, or where it points: ${told.fix ?? ''}`);
  return fail('client', message, `${told.next ?? ''}`, 'sign_in');
}

/** From the first line that calls itself an error, else all that is left of what the program said. */
function lastWords(text: string): string {
  const lines = text.split('\n').map((line) => line.trim());
  const from = Math.max(
    0,
    lines.findIndex((line) => /error/i.test(line)),
  );
  return lines.slice(from).join(' ').slice(0, 300);
}
