/** This installation, as clients have to be told it. */
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import type { Installation } from '../clients/server-entry.js';

export const installation: Installation = {
  node: process.execPath,
  main: fileURLToPath(new URL('./main.js', import.meta.url)),
};
