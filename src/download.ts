/** The one action that answers with a file: billable usage is streamed to disk and summed up on the way. */
import type { Arguments } from '../tools/action.js';
import type { CallOptions, Result } from './call.js';
import { ActionError, failed, inputError } from './core/errors.js';
import type { WireRequest } from './core/wire.js';
import type { Session } from './databricks/session.js';
import { saveUsage, UsageTooLarge } from './databricks/usage-file.js';

export async function downloadUsage(
  session: Session,
  request: WireRequest,
  { start_month, end_month }: Arguments,
  directory: string,
  { signal, progress }: CallOptions,
): Promise<Result> {
  if (String(start_month) > String(end_month)) throw inputError('start_month must not be after end_month.');
  const unwanted = new AbortController();
  const ends = AbortSignal.any([unwanted.signal, ...(signal === undefined ? [] : [signal])]);
  const stream = await session.open(request, { signal: ends });
  try {
    const { text, summary, ...file } = await saveUsage({
      body: stream.body,
      dir: directory,
      name: `usage-${String(start_month)}-${String(end_month)}.csv`,
      ...(signal && { signal }),
      ...(progress && { onProgress: (bytes: number) => progress(bytes, undefined, 'bytes') }),
    });
    return { data: { ...file, ...summary, ...(text !== undefined && { csv: text }) } };
  } catch (error) {
    // Where the file could not even be made, nobody has touched the stream, and its socket would stay open.
    unwanted.abort();
    throw asFailure(error, signal);
  }
}

function asFailure(error: unknown, signal: AbortSignal | undefined): unknown {
  if (error instanceof ActionError) return error;
  if (signal?.aborted) return failed('cancelled', 'The download was cancelled; no file was kept.');
  if (error instanceof UsageTooLarge) {
    return failed('unreadable', 'The usage file is larger than this server keeps; no file was kept.', {
      code: 'RESPONSE_TOO_LARGE',
      next: 'Ask for fewer months.',
    });
  }
  const code = (error as NodeJS.ErrnoException).code;
  if (code === undefined) return error;
  return failed('storage', `The usage file could not be written (${code}).`, {}, error);
}
