// Adds up a billable usage CSV as it streams by, in memory that does not grow with the file. Never fails: what it cannot
// read it counts and says.

import { createCsvReader } from './csv-records.js';
import { formatDecimal, parseDecimal } from './decimal.js';
import { createTally, type Share, type Tally } from './tally.js';

export interface UsageSummary {
  /** Well-formed rows; everything below is made of them. */
  readonly rows: number;
  /** Lines left out: wrong number of columns, broken quotes, too long, or no number of DBUs. */
  readonly malformed_rows: number;
  readonly columns: readonly string[];
  /** YYYY-MM, in order. */
  readonly months?: readonly string[];
  /** Decimal strings, exact to eighteen decimals. */
  readonly total_dbus?: string;
  /** The largest by DBUs. What they leave is in `other`. */
  readonly by_sku?: readonly ({ readonly sku: string } & Share)[];
  readonly by_workspace?: readonly ({ readonly workspace_id: string } & Share)[];
  readonly other?: { readonly by_sku?: Share; readonly by_workspace?: Share };
  /** What is missing above, and why. */
  readonly notes: readonly string[];
}

export interface UsageSummarizer {
  push(chunk: Uint8Array | string): void;
  end(): UsageSummary;
}

const SHOWN_COLUMNS = 100;
const SHOWN_NAME = 100;
/** A century of them, so that dates made up by a hostile file are bounded too. */
const month = /^20\d\d-(0[1-9]|1[0-2])(?=-|$)/;

interface Header {
  readonly names: readonly string[];
  readonly timestamp: number;
  readonly dbus: number;
  readonly sku: number;
  readonly workspace: number;
}

export function createUsageSummary(): UsageSummarizer {
  const decoder = new TextDecoder();
  const months = new Set<string>();
  const skus = createTally();
  const workspaces = createTally();
  let header: Header | undefined;
  let rows = 0;
  let malformed = 0;
  let total = 0n;

  const add = (fields: readonly string[], { names, timestamp, dbus, sku, workspace }: Header) => {
    const amount = dbus === -1 ? 0n : parseDecimal((fields[dbus] ?? '').trim());
    if (fields.length !== names.length || amount === undefined) {
      malformed += 1;
      return;
    }
    rows += 1;
    total += amount;
    const [when] = month.exec(fields[timestamp] ?? '') ?? [];
    if (when) months.add(when);
    if (sku !== -1) skus.add(fields[sku] ?? '', amount);
    if (workspace !== -1) workspaces.add(fields[workspace] ?? '', amount);
  };
  const reader = createCsvReader({
    record(fields) {
      if (header) add(fields, header);
      else header = readHeader(fields);
    },
    broken(lines) {
      malformed += lines;
    },
  });

  return {
    push(chunk) {
      reader.push(typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true }));
    },
    end() {
      reader.push(decoder.decode());
      reader.end();
      const counts = { rows, malformed_rows: malformed };
      if (!header) return { ...counts, columns: [], notes: ['The file has no header line.'] };
      const shown = header.names.slice(0, SHOWN_COLUMNS).map((name) => name.slice(0, SHOWN_NAME));
      return {
        ...counts,
        columns: shown,
        ...(header.timestamp !== -1 && { months: [...months].sort() }),
        ...(header.dbus !== -1 && { total_dbus: formatDecimal(total), ...breakdowns(header, skus, workspaces) }),
        notes: [...notesOn(header), ...skus.notes('sku'), ...workspaces.notes('workspace')],
      };
    },
  };
}

/** Case and underscores do not count: the names are believed, not documented. Of columns of one name the first counts. */
function readHeader(fields: readonly string[]): Header {
  const names = fields.map((name, index) => (index === 0 ? name.replace(/^\uFEFF/, '') : name).trim());
  const plain = names.map((name) => name.toLowerCase().replaceAll('_', ''));
  const at = (name: string) => plain.indexOf(name);
  return { names, timestamp: at('timestamp'), dbus: at('dbus'), sku: at('sku'), workspace: at('workspaceid') };
}

function breakdowns(header: Header, skus: Tally, workspaces: Tally): Partial<UsageSummary> {
  const bySku = skus.result();
  const byWorkspace = workspaces.result();
  const other = {
    ...(bySku.other && { by_sku: bySku.other }),
    ...(byWorkspace.other && { by_workspace: byWorkspace.other }),
  };
  return {
    ...(header.sku !== -1 && { by_sku: bySku.top.map(({ key, ...share }) => ({ sku: key, ...share })) }),
    ...(header.workspace !== -1 && {
      by_workspace: byWorkspace.top.map(({ key, ...share }) => ({ workspace_id: key, ...share })),
    }),
    ...(Object.keys(other).length > 0 && { other }),
  };
}

function notesOn({ names, timestamp, dbus, sku, workspace }: Header): string[] {
  const notes: string[] = [];
  if (names.length > SHOWN_COLUMNS)
    notes.push(`Only the first ${SHOWN_COLUMNS} of ${names.length} columns are listed.`);
  if (timestamp === -1) notes.push('There is no column "timestamp", so no months.');
  if (dbus === -1) return [...notes, 'There is no column "dbus", so nothing to add up.'];
  if (sku === -1) notes.push('There is no column "sku", so no sums by SKU.');
  if (workspace === -1) notes.push('There is no column "workspaceId", so no sums by workspace.');
  return notes;
}
