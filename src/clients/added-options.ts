/** What a person added to an entry of ours stays when it is brought up to date: losing `--read-only` would widen it. Pure. */
import type { ServerEntry, StdioEntry } from './server-entry.js';

/** `isProgram`: the word that starts this program; what follows it is for this program. */
export function withAdded(
  entry: ServerEntry,
  now: ServerEntry | undefined,
  isProgram: (word: string) => boolean,
): ServerEntry {
  if (entry.kind !== 'stdio' || now?.kind !== 'stdio') return entry;
  const [program = '', ...wanted] = entry.args;
  const own = options(wanted);
  const there = options(now.args.slice(now.args.findLastIndex(isProgram) + 1));
  // Options for another account are none for this one.
  if (accountOf(own) !== accountOf(there)) return entry;
  const added = there.filter(([flag]) => !own.some(([known]) => known === flag));
  const env = { ...kept(now.env), ...entry.env };
  return {
    ...entry,
    args: [program, ...wanted, ...added.flat()],
    ...(Object.keys(env).length > 0 && { env }),
  };
}

type Option = readonly [flag: string, ...values: string[]];

/** Each option with the words up to the next one. */
function options(words: readonly string[]): Option[] {
  const found: [string, ...string[]][] = [];
  for (const word of words) {
    if (word.startsWith('--') || found.length === 0) found.push([word]);
    else found.at(-1)?.push(word);
  }
  return found;
}

const accountOf = (all: readonly Option[]) =>
  all
    .filter(([flag]) => flag === '--profile' || flag === '--sandbox')
    .flat()
    .join(' ');

/** Credentials of before would win over the profile. */
const kept = (env: StdioEntry['env'] = {}) =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !/^(DATABRICKS_(?!MCP_)|ARM_)/.test(name)));
