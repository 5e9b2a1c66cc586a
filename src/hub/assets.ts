/**
 * The files a page loads: its styles, its script, its icon. Each has a hash of its content in its name, so it may be kept
 * for ever. Built by `npm run build` beside this file; read once, when the first page needs them.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { failed } from '../core/errors.js';

const types = {
  'styles.css': 'text/css; charset=utf-8',
  'page.js': 'text/javascript; charset=utf-8',
  'icon.svg': 'image/svg+xml',
} as const;

export type AssetName = keyof typeof types;

export interface Asset {
  readonly path: string;
  readonly type: string;
  readonly text: string;
}

const read = new Map<AssetName, Asset>();

export function asset(name: AssetName): Asset {
  const known = read.get(name);
  if (known !== undefined) return known;
  const text = content(name);
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 12);
  const path = `/hub/assets/${name.replace('.', `-${hash}.`)}`;
  const made = { path, type: types[name], text };
  read.set(name, made);
  return made;
}

/** What lies at an address below `/hub/assets/`; undefined for every other one, names of other builds included. */
export const assetAt = (path: string): Asset | undefined =>
  (Object.keys(types) as AssetName[]).map(asset).find((each) => each.path === path);

function content(name: AssetName): string {
  try {
    return readFileSync(new URL(`assets/${name}`, import.meta.url), 'utf8');
  } catch (cause) {
    throw failed('configuration', `The hub's ${name} is not built.`, { next: 'Run npm run build.' }, cause);
  }
}
