/** How much the front takes from anybody. Times in milliseconds. */

export interface FrontLimits {
  /** Sockets open at the same time, in all and from one address. */
  readonly connections: number;
  readonly connectionsPerAddress: number;
  /** From the first byte, or from the connection, to the end of the headers; and to the end of the body. */
  readonly headersTime: number;
  readonly requestTime: number;
  /** How often sockets are checked for these times. */
  readonly checkEvery: number;
  /** Between two requests of a connection. */
  readonly keepAlive: number;
  readonly headerBytes: number;
  readonly bodyBytes: number;
  /** Of all bodies that are being read, of one caller and in all. */
  readonly bodyBytesOfOne: number;
  readonly bodyBytesInAll: number;
  /** Fields in a body, in all its objects. */
  readonly bodyKeys: number;
  /** Messages in one body: revision 2025-03-26 knows batches. */
  readonly batch: number;
  /** A reader that takes nothing for so long, or leaves so many bytes waiting, is cut off. */
  readonly stallTime: number;
  readonly unreadBytes: number;
  /** Per caller: messages a second on average and at once, calls and streams open at the same time. */
  readonly rate: number;
  readonly burst: number;
  readonly calls: number;
  readonly streams: number;
  /** How long calls in flight may take to finish after the signal to stop. */
  readonly drainTime: number;
}

export const frontLimits: FrontLimits = {
  connections: 256,
  connectionsPerAddress: 16,
  headersTime: 10_000,
  requestTime: 30_000,
  checkEvery: 500,
  keepAlive: 10_000,
  headerBytes: 16 * 1024,
  bodyBytes: 1024 * 1024,
  bodyBytesOfOne: 8 * 1024 * 1024,
  bodyBytesInAll: 64 * 1024 * 1024,
  bodyKeys: 10_000,
  batch: 20,
  stallTime: 30_000,
  unreadBytes: 16 * 1024 * 1024,
  rate: 10,
  burst: 20,
  calls: 8,
  streams: 16,
  drainTime: 25_000,
};
