/** Collects the pages of a list into one answer, within bounds it tells about. */
import type { Arguments, Outcome } from '../tools/action.js';
import type { CallOptions } from './call.js';
import { ActionError } from './core/errors.js';
import { isObject } from './core/json.js';
import type { Clock } from './databricks/session.js';

/** Where collecting stops; the time (ms) leaves room for the page in flight. */
export const collectLimits = { items: 2_000, pages: 50, time: 35_000, characters: 3_000_000 };

/** The same where nobody reads the list but this server, to make sure of something. */
export const lookLimits: typeof collectLimits = { items: 200_000, pages: 250, time: 35_000, characters: 40_000_000 };

type Stop = 'items' | 'pages' | 'time' | 'size' | 'loop' | 'lost';

export async function collectPages(
  clock: Pick<Clock, 'now'>,
  options: CallOptions,
  first: Arguments,
  page: (args: Arguments) => Promise<Outcome>,
  limits = collectLimits,
): Promise<Outcome> {
  const started = clock.now();
  const items: unknown[] = [];
  const ids = new Set<unknown>();
  const asked = new Set<string>();
  let next: Arguments | undefined = first;
  let total: number | undefined;
  let stop: Stop | undefined;
  let characters = 0;
  for (let pages = 0; next !== undefined; ) {
    if (pages >= limits.pages) stop = 'pages';
    else if (items.length >= limits.items) stop = 'items';
    else if (clock.now() - started > limits.time) stop = 'time';
    else if (characters > limits.characters) stop = 'size';
    else if (asked.has(JSON.stringify(next))) stop = 'loop';
    if (stop !== undefined) break;
    asked.add(JSON.stringify(next));
    const answer: Outcome | undefined = await readable(page, next, pages > 0);
    if (answer === undefined) {
      stop = 'lost';
      break;
    }
    pages += 1;
    characters += JSON.stringify(answer.data).length;
    total = answer.total ?? total;
    for (const item of answer.data as unknown[]) if (isNew(item, ids)) items.push(item);
    options.progress?.(items.length, total, 'items');
    next = answer.nextPage;
  }
  return {
    data: items,
    ...(total !== undefined && { total }),
    ...(next !== undefined && stop !== 'loop' && stop !== 'lost' && { nextPage: { ...next, all: true } }),
    ...(stop !== undefined && { note: `Stopped after ${items.length} items: ${reasons[stop]}` }),
  };
}

const reasons: Record<Stop, string> = {
  items: `the limit is ${collectLimits.items} items a call. nextPage goes on from here.`,
  pages: `the limit is ${collectLimits.pages} pages a call. nextPage goes on from here.`,
  time: 'the time of a call is limited. nextPage goes on from here.',
  size: 'the size of an answer is limited. nextPage goes on from here.',
  lost: 'Databricks named a next page that cannot be asked for.',
  loop: 'Databricks named a page that was read already.',
};

/** A page; undefined where the arguments for it came from Databricks and are refused here. */
async function readable(page: (args: Arguments) => Promise<Outcome>, args: Arguments, fromDatabricks: boolean) {
  try {
    return await page(args);
  } catch (error) {
    if (fromDatabricks && error instanceof ActionError && error.failure.kind === 'input') return undefined;
    throw error;
  }
}

/** SCIM pages shift while others write, so an item may come twice. */
function isNew(item: unknown, ids: Set<unknown>): boolean {
  const id = isObject(item) ? item.id : undefined;
  if (id === undefined) return true;
  if (ids.has(id)) return false;
  ids.add(id);
  return true;
}
