/** What happened in one schedule, as the client, the account and the bytes on the wire tell it. Types and their reading. */
import type { Effect } from '../../src/sandbox/index.js';
import type { Planned, Snapshot } from './actions.js';
import type { Entry } from './journal.js';
import type { Schedule } from './schedule.js';

export type Verdict = 'applied' | 'not_applied' | 'unknown';

/** One call and how it ended. Times are epoch milliseconds, on the clock of the effect log. */
export interface Done {
  readonly planned: Planned;
  readonly start: number;
  readonly end: number;
  /** The structured answer; absent when the call ended without one. */
  // biome-ignore lint/suspicious/noExplicitAny: whatever the server answered
  readonly answer?: any;
  readonly failed?: boolean;
  /** Why there is no answer. */
  readonly broken?: string;
}

export interface History {
  readonly schedule: Schedule;
  readonly calls: readonly Done[];
  readonly effects: readonly Effect[];
  readonly after: Snapshot;
  readonly requests: { readonly api: number; readonly signIns: number; readonly unauthorized: number };
  /** The server had not signed in before. */
  readonly fresh: boolean;
  /** What was wrong with the bytes the server wrote. */
  readonly wire: readonly string[];
  readonly foreignConnections: number;
  readonly toolsChanged: boolean;
  /** What the server's journal has gained. */
  readonly journal: readonly Entry[];
  /** How often the person said yes. */
  readonly approvals: number;
}

export const verdictOf = ({ answer }: Done): Verdict | undefined => answer?.outcome;

export const overlap = (one: Done, other: Done): boolean => one.start <= other.end && other.start <= one.end;

export function tellCall({ planned, answer, failed, broken, start, end }: Done): string {
  const what = `${planned.tool} ${JSON.stringify(planned.args)}`;
  const { outcome = 'read', error, data, note } = answer ?? {};
  const said =
    broken ?? (failed ? `${outcome} ${JSON.stringify(error)}` : `${outcome} ${note ?? JSON.stringify(data)}`);
  return `${what}\n      ${end - start} ms: ${said.slice(0, 500)}`;
}
