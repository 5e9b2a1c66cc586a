// Reads fault rules that come over HTTP. What a fault does is in faults.ts.

import type { FaultRule } from './contract.js';
import { invalid } from './errors.js';
import { flag, integer, oneOf, type Reader, shape, text } from './readers.js';

const headers: Reader<Record<string, string>> = (value, name) => {
  const names = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  return shape({}, Object.fromEntries(names.map((header) => [header, text()])))(value, name) as Record<string, string>;
};

const fields = shape(
  {
    pattern: text({ pattern: /^(\*|[A-Z]+) \S+$/, hint: "a method (or '*'), a space and a path" }),
    action: oneOf('status', 'delay', 'drop'),
  },
  {
    status: integer(200, 599),
    body: text(),
    headers,
    delayMs: integer(0, 600_000),
    times: integer(1),
    offset: integer(0),
    afterHandler: flag(),
  },
);

export const readFault: Reader<FaultRule> = (value, name) => {
  const rule = fields(value, name);
  if (rule.action === 'status' && rule.status === undefined)
    throw invalid("A fault with action 'status' needs a status.");
  if (rule.action === 'delay' && rule.delayMs === undefined)
    throw invalid("A fault with action 'delay' needs delayMs.");
  return rule;
};
