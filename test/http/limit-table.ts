/** What the HTTP server takes at most, as docs/http.md shows it: the numbers are the program's own. */
import { type FrontLimits, frontLimits } from '../../src/http/limits.js';
import { defaultSessionLimits } from '../../src/mcp/sessions.js';
import { keepAliveTime } from '../../src/mcp/sse.js';
import { mostUnread } from '../../src/mcp/streams.js';
import { table } from '../scenario.js';

interface Row {
  readonly limits: readonly (keyof FrontLimits)[];
  readonly what: string;
  readonly value: string;
  /** What whoever goes over it meets. */
  readonly over: string;
  /** The flag that changes it. */
  readonly flag?: string;
}

const {
  headersTime,
  requestTime,
  keepAlive,
  headerBytes,
  bodyBytes,
  bodyBytesOfOne,
  bodyBytesInAll,
  stallTime,
  unreadBytes,
} = frontLimits;
const seconds = (milliseconds: number) => `${milliseconds / 1_000} s`;
const size = (bytes: number) => (bytes < 1_048_576 ? `${bytes / 1_024} KiB` : `${bytes / 1_048_576} MiB`);
const count = (number: number) => number.toLocaleString('en-US').replaceAll(',', ' ');

export const limitRows: readonly Row[] = [
  {
    limits: ['connections'],
    what: 'sockets open at once',
    value: count(frontLimits.connections),
    over: 'whoever waited longest without a call makes way, unknown ones first',
    flag: '--max-connections',
  },
  {
    limits: ['connectionsPerAddress'],
    what: 'of them from one address; not counted behind a proxy',
    value: count(frontLimits.connectionsPerAddress),
    over: 'the same, among those of the address',
    flag: '--max-connections-per-address',
  },
  {
    limits: ['headersTime', 'requestTime', 'checkEvery'],
    what: 'time for the headers, and for the whole request',
    value: `${seconds(headersTime)}, ${seconds(requestTime)}`,
    over: `408, and closed, within ${seconds(frontLimits.checkEvery)}`,
  },
  { limits: ['keepAlive'], what: 'between two requests of a connection', value: seconds(keepAlive), over: 'closed' },
  { limits: ['headerBytes'], what: 'headers of a request', value: size(headerBytes), over: '431' },
  {
    limits: ['bodyBytes', 'bodyBytesOfOne', 'bodyBytesInAll'],
    what: 'body of a request; those of one caller that are being read; all',
    value: `${size(bodyBytes)}; ${size(bodyBytesOfOne)}; ${size(bodyBytesInAll)}`,
    over: '413; 429; 503',
  },
  {
    limits: ['bodyKeys', 'batch'],
    what: 'fields in a body; messages in a batch',
    value: `${count(frontLimits.bodyKeys)}; ${count(frontLimits.batch)}`,
    over: '400',
  },
  {
    limits: ['rate', 'burst'],
    what: 'messages of one caller a second; at once',
    value: `${count(frontLimits.rate)}; ${count(frontLimits.burst)}`,
    over: '429 with `Retry-After`',
    flag: '--rate',
  },
  {
    limits: ['calls'],
    what: 'calls of one caller in flight',
    value: count(frontLimits.calls),
    over: '429 with `Retry-After`',
    flag: '--max-calls',
  },
  {
    limits: ['streams'],
    what: 'streams of one caller; all together three quarters of the sockets',
    value: count(frontLimits.streams),
    over: '429; 503',
  },
  {
    limits: ['stallTime', 'unreadBytes'],
    what: 'a reader that takes nothing; what waits for it',
    value: `${seconds(stallTime)}; ${size(unreadBytes)}, of a stream ${size(mostUnread)}`,
    over: 'cut off',
  },
  {
    limits: [],
    what: 'sessions of the 2025 revisions and of HTTP+SSE; of one caller; unused',
    value: `${count(defaultSessionLimits.all)}; ${count(defaultSessionLimits.perCaller)}; ${seconds(defaultSessionLimits.idleTime)}`,
    over: "the caller's oldest unused one ends, else 503",
  },
  { limits: [], what: 'silence of a stream', value: seconds(keepAliveTime), over: 'a comment is sent' },
  {
    limits: ['drainTime'],
    what: 'calls in flight after SIGTERM',
    value: seconds(frontLimits.drainTime),
    over: 'not waited for any longer',
  },
];

export const limitTable = (): string =>
  table(
    ['What', 'Limit', 'Over it', 'Flag'],
    limitRows.map(({ what, value, over, flag }) => [what, value, over, flag === undefined ? '–' : `\`${flag}\``]),
  );
