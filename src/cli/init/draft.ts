/** An account that is about to be linked: put together from flags, the environment and what a person answers. */
import { areas } from '../../../tools/index.js';
import { everything, leastScopes, splitScopes } from '../../core/scopes.js';
import { parseHostName } from '../../databricks/hosts.js';
import { shortName } from '../names.js';
import { plain, style } from '../terminal.js';
import { type Asker, Unusable } from './asker.js';
import {
  askCredentials,
  askMethod,
  type Credentials,
  knownCredentials,
  missingOf,
  type Sources,
} from './credentials.js';
import { listed } from './flags.js';
import { consoleOf, guide, whereAccountId } from './guide.js';
import { onlyReads, pick, scopesFor, summary } from './selection.js';
import { readId, readWhere, type Where } from './typed.js';

export interface Draft extends Credentials {
  readonly host: string;
  /** Where the host does not tell. */
  readonly cloud?: string;
  readonly accountId: string;
  /** None for an Entra application: its token has none. */
  readonly scopes: readonly string[];
  /** The client shall start the server without any write, as `--read-only` says. */
  readonly readOnly?: boolean;
}

type Choice = Pick<Draft, 'scopes' | 'readOnly'>;

/** What is known without asking. Throws `Unusable` for what cannot be meant. */
export function known({ flags, env }: Sources): Partial<Omit<Draft, 'secret'>> {
  const where = knownWhere({ flags, env });
  const credentials = knownCredentials({ flags, env });
  const accountId = flags.accountId ?? where.accountId ?? env.DATABRICKS_ACCOUNT_ID;
  const scopes = credentials.method === 'azure-client-secret' ? [] : knownScopes({ flags, env });
  return {
    ...credentials,
    ...(flags.host !== undefined && flags.cloud !== undefined && { cloud: flags.cloud }),
    ...(where.host !== undefined && { host: where.host }),
    ...(accountId && { accountId: readId(accountId) }),
    ...(scopes !== undefined && { scopes }),
  };
}

/** Many people have a workspace in their environment; that is no account, and says nothing here. */
function knownWhere({ flags, env }: Sources): Partial<Where> {
  const allowed = allowedHosts({ flags, env });
  const said = flags.host ?? flags.cloud;
  if (said !== undefined) return readWhere(said, allowed, consoleOf);
  const place = env.DATABRICKS_HOST || env.DATABRICKS_CLOUD;
  try {
    return place ? readWhere(place, allowed, consoleOf) : {};
  } catch (error) {
    if (error instanceof Unusable) return {};
    throw error;
  }
}

function knownScopes({ flags, env }: Sources): readonly string[] | undefined {
  if (flags.actions !== undefined) {
    const found = scopesFor(listed(flags.actions));
    if ('hint' in found) throw new Unusable(found.hint);
    return found.scopes;
  }
  const scopes = splitScopes(flags.scopes ?? env.DATABRICKS_SCOPES ?? '');
  return scopes.length > 0 ? scopes : undefined;
}

const allowedHosts = ({ flags, env }: Sources): string[] =>
  [...(flags.allowHost ?? []), ...(env.DATABRICKS_MCP_ALLOWED_HOSTS ?? '').split(',')].flatMap(
    (name) => parseHostName(name.trim()) ?? [],
  );

/** Flags that a run without a person lacks. */
export function missingFlags(draft: Partial<Draft>, sources: Sources): string[] {
  return [
    ...(draft.host === undefined ? ['--cloud or --host'] : []),
    ...(draft.accountId === undefined ? ['--account-id'] : []),
    ...missingOf(draft, sources),
    ...(draft.scopes === undefined ? ['--actions or --scopes'] : []),
  ];
}

/** Asks for what is not known. */
export async function askDraft(draft: Partial<Draft>, sources: Sources, asker: Asker): Promise<Draft> {
  const where: Where = draft.host === undefined ? await askWhere(sources, asker) : { host: draft.host };
  const accountId = draft.accountId ?? where.accountId ?? (await askAccountId(where.host, asker));
  const onAzure = (draft.cloud ?? where.cloud) === 'azure';
  const method = draft.method ?? (await askMethod(onAzure, asker));
  const choice = await chosenScopes(method, draft, sources, asker);
  const { scopes } = choice;
  if (draft.clientId === undefined) asker.say(`\n${guide({ console: where.host, scopes, method })}\n`);
  const credentials = await askCredentials(method, draft, sources, asker);
  return { ...credentials, host: where.host, ...(draft.cloud && { cloud: draft.cloud }), accountId, ...choice };
}

async function chosenScopes(method: Draft['method'], { scopes }: Partial<Draft>, sources: Sources, asker: Asker) {
  if (method === 'azure-client-secret') return { scopes: [] };
  return scopes === undefined ? askScopes(sources, asker) : { scopes };
}

export const askWhere = (sources: Sources, asker: Asker): Promise<Where> =>
  asker.text(
    'Which cloud is the account on: aws, azure, gcp or govcloud? An address of the console does, too',
    (answer) => readWhere(answer, allowedHosts(sources), consoleOf),
  );

export async function askAccountId(host: string, asker: Asker): Promise<string> {
  asker.say(whereAccountId(host));
  return asker.text('Account id', readId);
}

const keepToReads = 'You chose reads alone, and the scopes open changes, too. Shall the server keep to reads?';

/** Nothing is preselected; an empty line ends it. */
export async function askScopes({ flags }: Sources, asker: Asker): Promise<Choice> {
  asker.say('\nWhat shall the assistant be able to do? The less, the better; nothing is chosen yet.');
  asker.say(
    areas.map(({ title, id }, index) => `  ${String(index + 1).padStart(2)}  ${title} (area:${id})`).join('\n'),
  );
  asker.say(
    '  A number shows an area. Names, list_*, area:users or read choose; a - before it takes back; other words search.\n' +
      `  everything chooses the scope ${everything}, the widest there is. An empty line when you are done.`,
  );
  let chosen: ReadonlySet<(typeof areas)[number]['actions'][number]> = new Set();
  for (;;) {
    const typed = await asker.text('Choose', (answer) => answer);
    if (typed === '' && chosen.size > 0) {
      const readOnly = !flags.readOnly && onlyReads(chosen) && (await asker.confirm(keepToReads));
      return { scopes: leastScopes([...chosen]), readOnly };
    }
    if (typed === '') {
      asker.say('Nothing is chosen yet.');
      continue;
    }
    const picked = pick(chosen, typed);
    if (picked.kind === 'everything') {
      asker.say(`${everything} opens every action, and whatever Databricks adds to its API.`);
      if (await asker.confirm('Shall it be everything?')) return { scopes: [everything], readOnly: false };
    } else if (picked.kind === 'shown') {
      asker.say(style('bold', picked.title, process.stderr));
      asker.say(picked.actions.map(({ id, label, risk }) => `  ${shortName(id)}  ${label} (${risk})`).join('\n'));
    } else if (picked.kind === 'unknown') asker.say(plain(picked.hint));
    else {
      chosen = picked.chosen;
      asker.say(summary(chosen));
    }
  }
}
