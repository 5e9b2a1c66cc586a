// A compression bomb: valid JSON of any size, made and packed while it is sent, never held in memory.

import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createBrotliCompress, createDeflate, createGzip } from 'node:zlib';
import type { Reply } from '../reply.js';

export type Encoding = 'gzip' | 'deflate' | 'br';

const packers = {
  gzip: () => createGzip(),
  deflate: () => createDeflate(),
  // The default quality is made for files, not for streams: ten times slower for the same result here.
  br: () => createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }),
};

export async function sendBomb(
  response: ServerResponse,
  { status, headers }: Pick<Reply, 'status' | 'headers'>,
  { bytes, encoding }: { bytes: number; encoding: Encoding },
): Promise<void> {
  response.writeHead(status, { ...headers, 'content-encoding': encoding });
  await pipeline(Readable.from(filler(bytes), { objectMode: false }), packers[encoding](), response);
}

function* filler(bytes: number): Generator<Buffer> {
  const [start, end] = [Buffer.from('{"filler":"'), Buffer.from('"}')];
  const block = Buffer.alloc(64 * 1024, 'x');
  yield start;
  for (let left = bytes - start.length - end.length; left > 0; left -= block.length) yield block.subarray(0, left);
  yield end;
}
