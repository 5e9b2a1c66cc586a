/** Name and version of this package, said once in package.json. */
import { readFileSync } from 'node:fs';

const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  name: string;
  version: string;
};

export const product = { name: manifest.name, version: manifest.version } as const;
