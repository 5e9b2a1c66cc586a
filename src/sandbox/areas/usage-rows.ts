// Generates the billable usage CSV row by row while it is sent: never held in memory, the same for the same months.
// The column names come from the task's description; the official schema pages were not readable.

import type { Account } from '../account.js';
import { createDice } from '../ids.js';

const ROWS_PER_CHUNK = 200;
const header =
  'workspaceId,timestamp,clusterId,clusterName,clusterNodeType,clusterOwnerUserId,clusterCustomTags,sku,dbus,machineHours,clusterOwnerUserName,tags';
const skus = [
  'ENTERPRISE_ALL_PURPOSE_COMPUTE',
  'ENTERPRISE_JOBS_COMPUTE',
  'ENTERPRISE_SQL_PRO_COMPUTE_US_EAST_N_VIRGINIA',
];
const nodeTypes = ['i3.xlarge', 'm5d.large', 'r5d.2xlarge', 'c5d.4xlarge'];
const clusters = ['nightly-etl', 'adhoc "shared"', 'ml, training', 'reporting', 'streaming-ingest'];
const teams = ['finance', 'data-platform', 'ml "research"', 'marketing, emea'];

export function* usageCsv(account: Account, from: string, to: string, withNames: boolean): Generator<string> {
  yield `${header}\n`;
  for (let at = from; at <= to; at = monthAfter(at)) {
    let chunk = '';
    for (const [index, row] of rowsOf(account, at, withNames)) {
      chunk += row;
      if ((index + 1) % ROWS_PER_CHUNK === 0) {
        yield chunk;
        chunk = '';
      }
    }
    if (chunk) yield chunk;
  }
}

function* rowsOf(account: Account, at: string, withNames: boolean): Generator<[number, string]> {
  const dice = createDice(Number(at.replace('-', '')));
  const pick = <T>(choices: readonly T[]) => choices[Math.floor(dice() * choices.length)];
  const workspaces = [...account.workspaces.keys()];
  const owners = [...account.users.values()];
  const [year = 0, monthNumber = 0] = at.split('-').map(Number);
  const start = Date.UTC(year, monthNumber - 1);
  const step = (Date.UTC(year, monthNumber) - start) / account.usageRowsPerMonth;

  for (let index = 0; index < account.usageRowsPerMonth; index += 1) {
    const owner = pick(owners);
    const hours = (0.25 + dice() * 12).toFixed(4);
    const tags = JSON.stringify({ team: pick(teams), environment: pick(['prod', 'staging', 'dev']) });
    const fields = [
      pick(workspaces) ?? '',
      new Date(start + Math.floor(index * step)).toISOString(),
      `${String(monthNumber).padStart(2, '0')}15-${String(100_000 + Math.floor(dice() * 899_999))}-usage${index % 90}`,
      pick(clusters) ?? '',
      pick(nodeTypes) ?? '',
      owner?.id ?? '',
      tags,
      pick(skus) ?? '',
      (Number(hours) * (0.4 + dice())).toFixed(6),
      hours,
      withNames ? (owner?.userName ?? '') : '',
      tags,
    ];
    yield [index, `${fields.map(quoted).join(',')}\n`];
  }
}

/** RFC 4180: fields with commas, quotes or line breaks are quoted, quotes inside doubled. */
const quoted = (field: string): string => (/[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field);

function monthAfter(at: string): string {
  const [year = 0, monthNumber = 0] = at.split('-').map(Number);
  return new Date(Date.UTC(year, monthNumber)).toISOString().slice(0, 7);
}
