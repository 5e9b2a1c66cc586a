/**
 * Proves that a journal is as it was written, or says where it first is not. Reads it from the beginning, in pieces.
 * Two things it cannot see: what somebody wrote who has the key, and an older file put back together with its anchor.
 * The second shows by the head, for whoever noted it elsewhere.
 */
import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { lockPatience, withLock } from '../file-lock.js';
import type { Keys } from '../keys.js';
import { type Chain, createChain, type End, longestLine, type Sealed } from './chain.js';
import { anchorOf, isTorn, lockOf, readText } from './log-file.js';

export interface Finding {
  /** Line of the file, where there is one. */
  readonly line?: number;
  /** The first record that is not as it was written. */
  readonly seq: number;
  /** In a sentence of ours, without anything from the file. */
  readonly problem: string;
}

export interface Verdict {
  readonly account_id: string;
  readonly file: string;
  readonly whole: boolean;
  /** Records proven, from the first on. */
  readonly records: number;
  /** The last of them: whoever notes this elsewhere can tell later whether an older state was put back. */
  readonly head: { readonly seq: number; readonly mac: string };
  readonly finding?: Finding;
  /** What a crash left; the next record repairs it, and it is no sign of tampering. */
  readonly after_crash?: string;
}

export async function verifyJournal(file: string, accountId: string, keys: Keys): Promise<Verdict> {
  const chain = createChain(await keys.derive('journal'), accountId);
  const { anchor, size } = await snapshot(file);
  const examined: Followed = size === undefined ? { end: chain.start } : await follow(file, size, chain);
  const { end, finding } = examined;
  const judged = finding === undefined ? compare(examined, anchor, size, chain) : { finding };
  return {
    account_id: accountId,
    file,
    whole: judged.finding === undefined,
    records: end.seq,
    head: { seq: end.seq, mac: end.mac },
    ...judged,
  };
}

interface Followed {
  readonly end: End;
  /** Where the record before the last one ended. */
  readonly before?: End;
  /** Bytes after the last line break. */
  readonly rest?: Buffer;
  readonly finding?: Finding;
}

/** Anchor and length of one moment. A journal that cannot be locked is looked at as it is. */
async function snapshot(file: string): Promise<{ anchor: string | undefined; size: number | undefined }> {
  const look = async () => ({
    anchor: await readText(anchorOf(file)),
    size: await lstat(file).then(
      (stat) => (stat.isFile() ? stat.size : undefined),
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return undefined;
        throw error;
      },
    ),
  });
  return await withLock(lockOf(file), performance.now() + lockPatience, look).catch(look);
}

async function follow(file: string, size: number, chain: Chain): Promise<Followed> {
  let end = chain.start;
  let before: End | undefined;
  let rest: Buffer = Buffer.alloc(0);
  const stop = (problem: string, seq = end.seq + 1): Followed => ({
    end,
    finding: { line: end.seq + 1, seq, problem },
  });
  if (size === 0) return { end };
  for await (const chunk of createReadStream(file, { end: size - 1 }) as AsyncIterable<Buffer>) {
    let text = Buffer.concat([rest, chunk]);
    for (let at = text.indexOf(0x0a); at !== -1; at = text.indexOf(0x0a)) {
      const line = text.subarray(0, at);
      const sealed = chain.unseal(line);
      if (sealed === undefined) return stop(whyNot(line));
      const problem = outOfOrder(sealed, end, chain);
      if (problem !== undefined) return stop(problem);
      before = end;
      end = { seq: sealed.seq, mac: sealed.mac, size: end.size + at + 1 };
      text = text.subarray(at + 1);
    }
    if (text.length > longestLine) return stop('The line is longer than any the journal writes.');
    rest = text;
  }
  return { end, rest, ...(before !== undefined && { before }) };
}

const whyNot = (line: Buffer): string =>
  isUtf8(line)
    ? 'The line was changed, or was not written with the key of this installation and for this account.'
    : 'The line was changed: it is not UTF-8.';

function outOfOrder({ seq, prev }: Sealed, end: End, chain: Chain): string | undefined {
  const expected = end.seq + 1;
  if (seq > expected) return `Record ${expected} is missing: record ${seq} stands in its place.`;
  if (seq < expected) return `Record ${seq} stands here again or out of order.`;
  if (prev === end.mac) return undefined;
  return end.mac === chain.start.mac
    ? 'The record belongs to the journal of another account.'
    : 'The record does not follow the one before it.';
}

/** Whether the file ends where the anchor says. It may be ahead by what a crash left, and never behind. */
function compare(
  { end, before, rest = Buffer.alloc(0) }: Followed,
  text: string | undefined,
  size: number | undefined,
  chain: Chain,
): { finding?: Finding; after_crash?: string } {
  const at = (seq: number, problem: string) => ({ finding: { seq, problem } });
  if (text === undefined) {
    return at(end.seq, 'The anchor (.head) is missing, so that it cannot be told whether the end is there.');
  }
  const anchor = chain.readAnchor(text);
  if (anchor === undefined) {
    return at(end.seq, 'The anchor (.head) was changed, or is not the one of this installation and account.');
  }
  if (size === undefined && anchor.seq > 0) return at(1, `The file is missing, which held ${anchor.seq} records.`);
  if (end.seq < anchor.seq) {
    return at(end.seq + 1, `The end is missing: records ${end.seq + 1} to ${anchor.seq}.`);
  }
  const isAhead = end.seq === anchor.seq + 1;
  const anchored = isAhead ? (before ?? chain.start) : end;
  if (end.seq > anchor.seq + 1 || (isAhead && rest.length > 0)) {
    return at(anchor.seq + 1, `The anchor (.head) is older than the journal: it says ${anchor.seq} records.`);
  }
  if (anchored.mac !== anchor.mac || anchored.size !== anchor.size) {
    return at(anchor.seq, 'The anchor (.head) is not the one of this journal.');
  }
  if (rest.length > 0) {
    if (isTorn(rest, end.seq + 1)) return { after_crash: `An unfinished line of ${rest.length} bytes at the end.` };
    return { finding: { line: end.seq + 1, seq: end.seq + 1, problem: 'Something was added after the last record.' } };
  }
  return isAhead ? { after_crash: `Record ${end.seq} is not in the anchor (.head) yet.` } : {};
}
