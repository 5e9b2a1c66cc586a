/** `hub export`: the guide as one HTML file, to be sent to whoever creates the credentials. */
import { writeFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import { areas } from '../../../tools/index.js';
import { failed, inputError } from '../../core/errors.js';
import { type Separator, separators } from '../../core/scopes.js';
import { codeOf } from '../../guard/private-files.js';
import { product } from '../../version.js';
import { findAction } from '../names.js';
import { note, print } from '../terminal.js';

interface ExportFlags {
  readonly actions?: string[];
  readonly scopes?: string;
  readonly separator?: Separator;
  readonly force?: boolean;
}

export function addExport(hub: Command): void {
  hub
    .command('export')
    .description('write the guide as one HTML file that works without network')
    .argument('[file]', 'where to write it (default: stdout)')
    .addOption(new Option('--actions <names...>', 'actions or areas chosen in it').conflicts('scopes'))
    .option('--scopes <list>', 'scopes chosen in it')
    .addOption(new Option('--separator <name>', 'between the scopes').choices(Object.keys(separators)))
    .option('--force', 'replace a file of that name')
    .addHelpText(
      'after',
      `
Names are ids with or without databricks_, labels, areas, or all.

Examples:
  $ ${product.name} hub export guide.html
  $ ${product.name} hub export guide.html --actions users list_budgets`,
    )
    .action(runExport);
}

async function runExport(file: string | undefined, { actions, scopes, separator, force }: ExportFlags): Promise<void> {
  const query = new URLSearchParams({
    ...(actions !== undefined && { actions: namesOf(actions).join(',') }),
    ...(scopes !== undefined && { scopes }),
    ...(separator !== undefined && { sep: separator }),
  });
  // Loaded only here: the other commands start faster without it.
  const { exportGuide } = await import('../../hub/export.js');
  const html = exportGuide(query);
  if (file === undefined) return print(html);
  await writeFile(file, html, { flag: force === true ? 'w' : 'wx' }).catch((error: unknown) => {
    if (codeOf(error) === 'EEXIST') throw inputError(`${file} is there already.`, 'Choose another name, or --force.');
    throw failed('storage', `${file} cannot be written (${codeOf(error)}).`, { next: 'Choose another place.' });
  });
  note(`Written: ${file}`);
}

const namesOf = (given: readonly string[]) =>
  given
    .flatMap((name) => name.split(','))
    .filter((name) => name.trim() !== '')
    .map((name) => (isWhole(name) ? name : findAction(name).id));

const isWhole = (name: string) => name === 'all' || areas.some(({ id }) => id === name);
