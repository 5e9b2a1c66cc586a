/**
 * The keyed chain. A line ends with a MAC over its exact bytes, which hold the MAC of the line before; the anchor says
 * under a MAC where the journal ends. Looks at no disk.
 */
import { isUtf8 } from 'node:buffer';
import { createHmac } from 'node:crypto';
import { encodeJson, isObject, parseJson } from '../../core/json.js';

export type Fields = Readonly<Record<string, unknown>>;

/** Where a journal ends: its last record, and its length in bytes. */
export interface End {
  readonly seq: number;
  readonly mac: string;
  readonly size: number;
}

/** A line that was written with the key. */
export interface Sealed {
  readonly record: Fields;
  readonly seq: number;
  readonly prev: string;
  readonly mac: string;
}

export interface Chain {
  /** Before the first record. Differs by account, so that no journal passes for another's. */
  readonly start: End;
  seal(end: End, fields: Fields): { readonly line: Buffer; readonly end: End };
  /** A line without its line break; undefined when it was not written with the key. */
  unseal(line: Buffer): Sealed | undefined;
  anchor(end: End): string;
  /** Undefined when the anchor was not written with the key, or for another account. */
  readAnchor(text: string): End | undefined;
}

/** Bytes of a line, its line break included. */
export const longestLine = 64 * 1024;

const version = 1;

/** `,"mac":"` + 64 hex digits + `"}` */
const sealLength = 8 + 64 + 2;

/** Legal inside JSON strings, but ends of a line to some readers, or steering a terminal. */
const unsafe = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;
const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** JSON on one line whatever the strings in it hold. */
export const oneLine = (value: unknown): string => encodeJson(value).replace(unsafe, escaped);

/** What the line of a record with this number begins with. */
export const beginning = (seq: number): string => `{"v":${version},"seq":${seq},`;

export function createChain(key: Buffer, accountId: string): Chain {
  const macOf = (purpose: string, bytes: Buffer | string) =>
    createHmac('sha256', key).update(`${purpose}\n`).update(bytes).digest('hex');
  const sealOf = (mac: string) => `,"mac":"${mac}"}`;

  const unsealText = (purpose: string, bytes: Buffer): { fields: Fields; mac: string } | undefined => {
    if (bytes.length <= sealLength || !isUtf8(bytes)) return undefined;
    const body = bytes.subarray(0, -sealLength);
    const mac = macOf(purpose, body);
    if (bytes.subarray(-sealLength).toString('latin1') !== sealOf(mac)) return undefined;
    const fields = parseJson(`${body}}`);
    return isObject(fields) ? { fields, mac } : undefined;
  };

  return {
    start: { seq: 0, mac: macOf('start', accountId), size: 0 },
    seal(end, fields) {
      const seq = end.seq + 1;
      const body = oneLine({ v: version, seq, ...fields, prev: end.mac }).slice(0, -1);
      const mac = macOf('line', body);
      const line = Buffer.from(`${body}${sealOf(mac)}\n`);
      return { line, end: { seq, mac, size: end.size + line.length } };
    },
    unseal(line) {
      const sealed = unsealText('line', line);
      if (sealed === undefined) return undefined;
      const { seq, prev } = sealed.fields;
      if (typeof seq !== 'number' || typeof prev !== 'string') return undefined;
      return { record: sealed.fields, seq, prev, mac: sealed.mac };
    },
    anchor({ seq, mac, size }) {
      const body = oneLine({ v: version, account_id: accountId, seq, size, last: mac }).slice(0, -1);
      return `${body}${sealOf(macOf('anchor', body))}\n`;
    },
    readAnchor(text) {
      const fields = text.endsWith('\n')
        ? unsealText('anchor', Buffer.from(text.slice(0, -1), 'latin1'))?.fields
        : undefined;
      if (fields === undefined || fields.account_id !== accountId) return undefined;
      const { seq, size, last } = fields;
      if (typeof seq !== 'number' || typeof size !== 'number' || typeof last !== 'string') return undefined;
      return { seq, mac: last, size };
    },
  };
}
