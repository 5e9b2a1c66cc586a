/** An account that is about to be linked: put together from flags, the environment and what a person answers. */
import { areas } from '../../../tools/index.js';
import { everything, leastScopes, splitScopes } from '../../core/scopes.js';
import { parseHostName } from '../../databricks/hosts.js';
import { shortName } from '../names.js';
import { plain, style } from '../terminal.js';
import { type Asker, Unusable } from './asker.js';
import { type InitFlags, listed } from './flags.js';
import { consoleOf, guide, whereAccountId } from './guide.js';
import { type Env, hasSecret, readSecret } from './secret.js';
import { pick, scopesFor, summary } from './selection.js';
import { readId, readWhere, type Where } from './typed.js';

export interface Draft {
  readonly host: string;
  readonly accountId: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly secret: string;
}

export interface Sources {
  readonly flags: InitFlags;
  readonly env: Env;
}

/** What is known without asking. Throws `Unusable` for what cannot be meant. */
export function known({ flags, env }: Sources): Partial<Omit<Draft, 'secret'>> {
  const where = knownWhere({ flags, env });
  const accountId = flags.accountId ?? where.accountId ?? env.DATABRICKS_ACCOUNT_ID;
  const clientId = flags.clientId ?? env.DATABRICKS_CLIENT_ID;
  const scopes = knownScopes({ flags, env });
  return {
    ...(where.host !== undefined && { host: where.host }),
    ...(accountId && { accountId: readId(accountId) }),
    ...(clientId && { clientId: clientId.trim() }),
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
    ...(draft.clientId === undefined ? ['--client-id'] : []),
    ...(hasSecret(sources.flags, sources.env)
      ? []
      : ['--client-secret-file or --secret-from-stdin (or DATABRICKS_CLIENT_SECRET)']),
    ...(draft.scopes === undefined ? ['--actions or --scopes'] : []),
  ];
}

/** Asks for what is not known. */
export async function askDraft(draft: Partial<Draft>, sources: Sources, asker: Asker): Promise<Draft> {
  const where = draft.host === undefined ? await askWhere(sources, asker) : { host: draft.host };
  const accountId = draft.accountId ?? where.accountId ?? (await askAccountId(where.host, asker));
  const isNew = draft.clientId === undefined;
  const scopes = draft.scopes ?? (await askScopes(asker));
  if (isNew) asker.say(`\n${guide({ console: where.host, scopes })}\n`);
  const clientId = draft.clientId ?? (await askClientId(asker));
  return { host: where.host, accountId, scopes, clientId, secret: draft.secret ?? (await askSecret(sources, asker)) };
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

export const askClientId = (asker: Asker): Promise<string> =>
  asker.text('Client id (application id of the service principal)', (answer) => {
    if (answer === '' || /\s/.test(answer)) throw new Unusable('It is one word, mostly a UUID.');
    return answer;
  });

export async function askSecret({ flags, env }: Sources, asker: Asker): Promise<string> {
  return hasSecret(flags, env) ? readSecret(flags, env) : asker.secret('Client secret');
}

/** Nothing is preselected; an empty line ends it. */
export async function askScopes(asker: Asker): Promise<readonly string[]> {
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
    if (typed === '' && chosen.size > 0) return leastScopes([...chosen]);
    if (typed === '') {
      asker.say('Nothing is chosen yet.');
      continue;
    }
    const picked = pick(chosen, typed);
    if (picked.kind === 'everything') {
      asker.say(`${everything} opens every action, and whatever Databricks adds to its API.`);
      if (await asker.confirm('Shall it be everything?')) return [everything];
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
