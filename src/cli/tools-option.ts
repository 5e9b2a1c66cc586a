/** `--tools`: whether clients see every tool, or the four of search mode. Of the commands that serve clients alone. */
import process from 'node:process';
import { type Command, Option } from 'commander';
import { failed } from '../core/errors.js';

const views = ['all', 'search'];
const variable = 'DATABRICKS_MCP_TOOLS';

export const toolsOption = (): Option =>
  new Option(
    '--tools <view>',
    `search shows four tools that find and run the others (${variable}, default all)`,
  ).choices(views);

/** True for search mode. The flag counts before the environment. */
export function showsSearch(command: Command): boolean {
  const { tools } = command.opts<{ tools?: string }>();
  const view = tools ?? (process.env[variable]?.trim() || 'all');
  if (!views.includes(view)) {
    throw failed('configuration', `${variable} is not understood.`, { next: `Write one of ${views.join(', ')}.` });
  }
  return view === 'search';
}
