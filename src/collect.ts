/** Collects the pages of a list into one answer, within bounds it tells about. */
import type { Arguments, Outcome } from '../tools/action.js';
import type { CallOptions } from './call.js';
import { isObject } from './core/json.js';
import type { Clock } from './databricks/session.js';

/** Where collecting stops; the time (ms) leaves room for the page in flight. */
export const collectLimits = { items: 2_000, pages: 50, time: 35_000 };

type Stop = 'items' | 'pages' | 'time' | 'loop';

export async function collectPages(
  clock: Pick<Clock, 'now'>,
  options: CallOptions,
  first: Arguments,
  page: (args: Arguments) => Promise<Outcome>,
): Promise<Outcome> {
  const started = clock.now();
  const items: unknown[] = [];
  const ids = new Set<unknown>();
  const asked = new Set<string>();
  let next: Arguments | undefined = first;
  let total: number | undefined;
  let stop: Stop | undefined;
  for (let pages = 0; next !== undefined; ) {
    if (pages >= collectLimits.pages) stop = 'pages';
    else if (items.length >= collectLimits.items) stop = 'items';
    else if (clock.now() - started > collectLimits.time) stop = 'time';
    else if (asked.has(JSON.stringify(next))) stop = 'loop';
    if (stop !== undefined) break;
    asked.add(JSON.stringify(next));
    const answer: Outcome = await page(next);
    pages += 1;
    total = answer.total ?? total;
    for (const item of answer.data as unknown[]) if (isNew(item, ids)) items.push(item);
    options.progress?.(items.length, total, 'items');
    next = answer.nextPage;
  }
  return {
    data: items,
    ...(total !== undefined && { total }),
    ...(next !== undefined && stop !== 'loop' && { nextPage: { ...next, all: true } }),
    ...(stop !== undefined && { note: `Stopped after ${items.length} items: ${reasons[stop]}` }),
  };
}

const reasons: Record<Stop, string> = {
  items: `the limit is ${collectLimits.items} items a call. nextPage goes on from here.`,
  pages: `the limit is ${collectLimits.pages} pages a call. nextPage goes on from here.`,
  time: 'the time of a call is limited. nextPage goes on from here.',
  loop: 'Databricks named a page that was read already.',
};

/** SCIM pages shift while others write, so an item may come twice. */
function isNew(item: unknown, ids: Set<unknown>): boolean {
  const id = isObject(item) ? item.id : undefined;
  if (id === undefined) return true;
  if (ids.has(id)) return false;
  ids.add(id);
  return true;
}
