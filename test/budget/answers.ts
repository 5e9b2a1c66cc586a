/** Answers as a model reads them: a page of a hundred users in each view, and a usage file too large to hold. */
import { answerOf } from '../../src/answers.js';
import { parseInput } from '../../src/core/input.js';
import { createUsageSummary } from '../../src/core/usage-csv.js';
import { visibleAnswer } from '../../src/core/visible-json.js';
import { readAnswer } from '../../src/core/wire.js';
import { conversation, shownAnswer } from '../../src/shown.js';
import type { Action, Arguments, Outcome } from '../../tools/action.js';
import { downloadBillableUsage } from '../../tools/billing.js';
import { listUsers } from '../../tools/users.js';
import { accountId, usageParts, userPage } from '../bench/accounts.js';

function answered(action: Action, args: Arguments, outcome: Outcome): string {
  const { given, all, full, fields, from } = parseInput(action, args);
  const selection = { given, all, full, from, ...(fields && { fields }) };
  return visibleAnswer(shownAnswer(action, answerOf(outcome, accountId), selection, conversation)).text;
}

const page = (args: Arguments) =>
  answered(listUsers as unknown as Action, args, readAnswer(listUsers as never, args, userPage()));

/** What a file of about so many bytes is told as. */
function usage(bytes: number): string {
  const summary = createUsageSummary();
  for (const part of usageParts(bytes)) summary.push(part);
  const file = {
    path: `/home/ana/.local/state/databricks-actions-mcp/usage/${accountId}/usage-2026-01-2026-03.csv`,
    bytes,
    sha256: 'a3f1b2c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f80',
  };
  const args = { start_month: '2026-01', end_month: '2026-03' };
  return answered(downloadBillableUsage as unknown as Action, args, { data: { ...file, ...summary.end() } });
}

/** The page as Databricks sends it. */
export const pageAsSent = () => JSON.stringify(userPage());

/** The first choice of fields is the bench's. */
export const answers = (): Readonly<Record<string, string>> => ({
  'page of 100 users': page({}),
  'page of 100 users, chosen fields': page({ fields: 'userName,displayName,active' }),
  'page of 100 users, two fields': page({ fields: 'id,displayName' }),
  'usage file': usage(2_000_000),
});
