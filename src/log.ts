/** The one place that writes log lines: JSON to stderr, scrubbed of credentials. stdout belongs to the protocol. */
import process from 'node:process';
import type { Redactor } from './core/redact.js';
import { encodeVisible } from './core/visible-json.js';

export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

export interface Log {
  debug(event: string, facts?: Readonly<Record<string, unknown>>): void;
  info(event: string, facts?: Readonly<Record<string, unknown>>): void;
  warn(event: string, facts?: Readonly<Record<string, unknown>>): void;
  error(event: string, facts?: Readonly<Record<string, unknown>>): void;
}

export function createLog(
  level: LogLevel,
  redactor: Redactor,
  write: (line: string) => void = (line) => process.stderr.write(line),
): Log {
  const least = logLevels.indexOf(level);
  const at =
    (name: LogLevel) =>
    (event: string, facts: Readonly<Record<string, unknown>> = {}) => {
      if (logLevels.indexOf(name) < least) return;
      const line = { time: new Date().toISOString(), level: name, event, ...redactor.scrubValue(facts) };
      write(`${encodeVisible(line)}\n`);
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
