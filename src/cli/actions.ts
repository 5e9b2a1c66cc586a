/** `actions`: the catalogue and the scopes it takes, without configuration and without network. */
import { type Command, Option } from 'commander';
import { areas, type Risk } from '../../tools/index.js';
import { inputError } from '../core/errors.js';
import { leastScopes, type Separator, separators, splitScopes } from '../core/scopes.js';
import type { Cloud } from '../databricks/config.js';
import { product } from '../version.js';
import { allFacts, areaOf, facts, type Selection, select } from './catalogue/entry.js';
import { listing } from './catalogue/list.js';
import { openApiDocument } from './catalogue/openapi.js';
import { showing } from './catalogue/show.js';
import { findAction } from './names.js';
import { isTerminal, note, print, width } from './terminal.js';

const risks: readonly Risk[] = ['read', 'write', 'privilege', 'destructive', 'secret'];

interface ActionsFlags {
  readonly area?: string;
  readonly risk?: Risk;
  readonly cloud?: Cloud;
  readonly openWith?: string;
  readonly scopesFor?: string[];
  readonly separator: Separator;
  readonly show?: string;
  readonly openapi?: boolean;
  readonly json?: boolean;
}

export function addActions(program: Command): void {
  program
    .command('actions')
    .description('list, search and explain the actions, and the scopes they need')
    .argument('[words...]', 'words to find in ids, labels, scopes and descriptions')
    .addOption(new Option('--area <area>', 'only this area').choices(areas.map(({ id }) => id)))
    .addOption(new Option('--risk <risk>', 'only this risk').choices(risks))
    .addOption(new Option('--cloud <name>', 'only what this cloud has').choices(['aws', 'azure', 'gcp']))
    .option('--open-with <scopes>', 'only what these scopes open')
    .addOption(
      new Option('--scopes-for <names...>', 'the least scopes that open these actions').conflicts(['show', 'openWith']),
    )
    .addOption(new Option('--separator <name>', 'between the scopes').choices(Object.keys(separators)).default('space'))
    .addOption(new Option('--show <name>', 'one action in full').conflicts(['openWith']))
    .addOption(
      new Option('--openapi', 'print all of them as an OpenAPI 3.1 document').conflicts(
        'area risk cloud openWith scopesFor show'.split(' '),
      ),
    )
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Names are ids with or without databricks_, or labels.

Examples:
  $ ${product.name} actions budget
  $ ${product.name} actions --risk destructive --cloud azure
  $ ${product.name} actions --open-with scim,billing
  $ ${product.name} actions --scopes-for list_users create_budget --separator comma
  $ ${product.name} actions --show add_group_member
  $ ${product.name} actions --openapi > openapi.json`,
    )
    .action(runActions);
}

function runActions(words: readonly string[], flags: ActionsFlags): void {
  if (flags.openapi) printOpenApi(words);
  else if (flags.show !== undefined) showOne(flags.show, words, flags.json);
  else if (flags.scopesFor !== undefined) tellScopes(flags.scopesFor, flags);
  else list(words, flags);
}

function list(words: readonly string[], { openWith, area, risk, cloud, json }: ActionsFlags): void {
  const selection: Selection = {
    words,
    ...(area !== undefined && { area }),
    ...(risk !== undefined && { risk }),
    ...(cloud !== undefined && { cloud }),
    ...(openWith !== undefined && { granted: splitScopes(openWith) }),
  };
  const entries = select(selection);
  if (json) print(JSON.stringify(entries.map(facts)));
  else if (entries.length > 0) print(listing(entries, width()));
  else note('No action matches. Without words and options all are listed.');
  if (isTerminal() && !json) note(`\n${entries.length} actions. One in full: ${product.name} actions --show <name>`);
}

function showOne(name: string, words: readonly string[], json = false): void {
  if (words.length > 0) throw inputError('--show takes one action.', 'Put a label of several words in quotes.');
  const action = findAction(name);
  const area = areaOf(action);
  print(
    json
      ? JSON.stringify(allFacts({ area: area?.id ?? '', action }))
      : showing({ area: area?.title ?? '', action }, width()),
  );
}

function printOpenApi(words: readonly string[]): void {
  if (words.length > 0) throw inputError('--openapi takes no words.', 'It prints every action.');
  print(JSON.stringify(openApiDocument(), null, 2));
}

/** Nothing but the scopes, so that the line can go straight into a setting. */
function tellScopes(names: readonly string[], { separator, json }: ActionsFlags): void {
  const selected = names
    .flatMap((name) => name.split(','))
    .filter((name) => name.trim() !== '')
    .map(findAction);
  const scopes = leastScopes(selected);
  const text = scopes.join(separators[separator]);
  print(json ? JSON.stringify({ actions: selected.map(({ id }) => id), scopes, text }) : text);
}
