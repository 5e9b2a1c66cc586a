/**
 * Lets the conformance suite start on Node 20: it imports `globSync`, which `node:fs` has from 22 on, for a command that
 * is not used here. Given to Node as `--import`.
 */
import * as fs from 'node:fs';
import { register } from 'node:module';

const hooks = `
export const resolve = (name, context, next) =>
  /^(node:)?fs$/.test(name) && context.parentURL?.includes('/@modelcontextprotocol/conformance/')
    ? { url: 'newer:fs', format: 'module', shortCircuit: true }
    : next(name, context);
export const load = (url, context, next) =>
  url === 'newer:fs'
    ? {
        format: 'module',
        shortCircuit: true,
        source: "export * from 'node:fs'; export const globSync = () => { throw new Error('Not on this Node.'); };",
      }
    : next(url, context);
`;
if (!('globSync' in fs)) register(`data:text/javascript,${encodeURIComponent(hooks)}`);
