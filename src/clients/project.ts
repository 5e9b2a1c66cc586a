/**
 * Files of a project: whoever wrote the project wrote them, and must not choose what else is changed, or what stays in
 * an entry that somebody has `init` write and then trusts.
 */
import { realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path';
import { canonicalJson } from '../core/canonical-json.js';
import type { Client } from './catalogue.js';
import { jsonEntries, jsonInput } from './json-edit.js';
import type { ServerEntry } from './server-entry.js';
import { tomlEntries } from './toml-edit.js';

/** Whether the file is in the folder once all links are followed. */
export async function isInside(path: string, folder: string): Promise<boolean> {
  const way = relative(await realOf(folder), await realOf(path));
  return !isAbsolute(way) && way.split(sep)[0] !== '..';
}

/** Of what is not there yet: where it would be made. */
async function realOf(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    const folder = dirname(path);
    return folder === path ? path : join(await realOf(folder), basename(path));
  }
}

/** Whether the entry, and what it asks for, is what `init` writes, or that without any write: nothing else may be left in it. */
export function isAsWritten(client: Client, name: string, entry: ServerEntry, text: string): boolean {
  const { key, format } = client;
  const found = (format === 'toml' ? tomlEntries : jsonEntries)(text, key).get(name);
  const input = client.input?.(name, entry);
  if (input !== undefined && canonicalJson(jsonInput(text, input.id)) !== canonicalJson(input)) return false;
  const limited = entry.kind === 'stdio' ? { ...entry, args: [...entry.args, '--read-only'] } : entry;
  return [entry, limited].some((each) => canonicalJson(client.fields(name, each)) === canonicalJson(found));
}
