/** A failure of the account, as a finding. */
import type { Action } from '../../../tools/index.js';
import type { Failure } from '../../core/errors.js';
import { explain } from '../../core/explain.js';
import { plain } from '../terminal.js';
import { type Finding, fail } from './finding.js';

export function failing(check: string, failure: Failure, action?: Action): Finding {
  const { message, next } = explain(failure, action);
  const code = failure.code === undefined ? '' : ` (${plain(failure.code)})`;
  return fail(check, `${message}${code}${said(failure)}`, next, failure.kind);
}

/** Cut: a page of an error is no line. */
export const said = ({ upstreamMessage }: Failure): string =>
  upstreamMessage === undefined ? '' : `, Databricks said ${JSON.stringify(plain(upstreamMessage).slice(0, 300))}`;
