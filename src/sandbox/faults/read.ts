// Reads fault rules that come over HTTP. What a fault does is in meet.ts.

import type { FaultRule } from '../contract.js';
import { invalid } from '../errors.js';
import { flag, integer, list, oneOf, type Reader, shape, text } from '../readers.js';
import { checkRule } from './check.js';

const LONGEST_MS = 600_000;
const LARGEST_BYTES = 4 * 1024 ** 3;
const LARGEST_SKEW_MS = 100 * 366 * 86_400_000;

const headers: Reader<Record<string, string>> = (value, name) => {
  const names = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  return shape({}, Object.fromEntries(names.map((header) => [header, text()])))(value, name) as Record<string, string>;
};

const headerLine: Reader<[string, string]> = (value, name) =>
  list(text(), { min: 2, max: 2 })(value, name) as [string, string];

const fraction: Reader<number> = (value, name) => {
  if (typeof value !== 'number') throw invalid(`Invalid value for field '${name}': expected a number.`);
  return value;
};

const fields = shape(
  {
    pattern: text({ pattern: /^(\*|[A-Z]+) \S+$/, hint: "a method (or '*'), a space and a path" }),
    action: oneOf(
      'status',
      'html',
      'drop',
      'reset',
      'stall',
      'delay',
      'drip',
      'truncate',
      'bad_json',
      'bomb',
      'redirect',
      'duplicate_headers',
      'huge_headers',
      'stale_read',
      'clock_skew',
      'kill_client',
    ),
  },
  {
    offset: integer(0),
    times: integer(1),
    probability: fraction,
    seed: integer(0, 0xffff_ffff),
    afterHandler: flag(),
    delayMs: integer(0, LONGEST_MS),
    status: integer(200, 599),
    body: text(),
    headers,
    page: oneOf('login', 'gateway'),
    location: text({ min: 1 }),
    chunked: flag(),
    bytes: integer(16, LARGEST_BYTES),
    encoding: oneOf('gzip', 'deflate', 'br'),
    headerLines: list(headerLine, { min: 1 }),
    count: integer(1, 100_000),
    skewMs: integer(-LARGEST_SKEW_MS, LARGEST_SKEW_MS),
    pid: integer(Number.MIN_SAFE_INTEGER),
    signal: text(),
  },
);

export const readFault: Reader<FaultRule> = (value, name) => {
  const rule = fields(value, name);
  checkRule(rule);
  return rule;
};
