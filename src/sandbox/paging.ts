// page_token paging as the non-SCIM lists have it. Tokens are opaque and belong to one list; a foreign or damaged one is refused.

import { invalid } from './errors.js';

export interface Page<T> {
  readonly items: T[];
  readonly next: string | undefined;
  readonly previous: string | undefined;
}

export interface PageRequest {
  /** Names the list, so that its tokens fit no other. */
  readonly list: string;
  readonly token: string | undefined;
  /** Asked for by the caller; 0 and undefined mean the default. */
  readonly size?: number | undefined;
  readonly defaultSize: number;
  readonly maxSize: number;
}

export function paginate<T>(items: readonly T[], request: PageRequest): Page<T> {
  const asked = request.size ?? 0;
  if (asked < 0) throw invalid('The page size must not be negative.');
  const size = Math.min(asked === 0 ? request.defaultSize : asked, request.maxSize);
  const start = request.token ? offsetOf(request.token, request.list) : 0;
  const end = start + size;
  return {
    items: items.slice(start, end),
    next: end < items.length ? tokenFor(request.list, end) : undefined,
    previous: start > 0 ? tokenFor(request.list, Math.max(0, start - size)) : undefined,
  };
}

const tokenFor = (list: string, offset: number): string => Buffer.from(`${list}@${offset}`).toString('base64url');

function offsetOf(token: string, list: string): number {
  const match = /^(.*)@(\d+)$/.exec(Buffer.from(token, 'base64url').toString());
  const offset = Number(match?.[2]);
  if (match?.[1] !== list || tokenFor(list, offset) !== token) throw invalid('Invalid page_token.');
  return offset;
}
