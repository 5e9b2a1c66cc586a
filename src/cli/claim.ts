/**
 * Imported first by the program: where it is going to serve over stdio, stdout is the protocol's before any other module
 * is loaded and could print.
 */
import process from 'node:process';
import { claimStdout } from '../mcp/stdout.js';

const [command] = process.argv.slice(2);
const asksForText = process.argv.slice(2).some((word) => /^(-h|--help|-V|--version)$/.test(word));

/** Whether this process is started to serve a client. */
export const serves = !asksForText && (command === undefined || command === 'stdio' || command.startsWith('-'));
if (serves) claimStdout();
