/** Seals a JSON value with a key of this installation, so that nobody without the key can write or change one. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { isObject } from '../core/json.js';

export interface Sealing {
  /** `what`: what the value is, and of what; sealed as one thing it opens as no other. */
  seal(what: string, value: unknown): Promise<string>;
  /** Undefined where it was not sealed with this key, or as something else. */
  unseal(what: string, sealed: string): Promise<unknown>;
}

export const createSealing = (key: () => Promise<Buffer>): Sealing => ({
  async seal(what, value) {
    const text = JSON.stringify(value);
    return `${JSON.stringify({ mac: mac(await key(), what, text), text })}\n`;
  },
  async unseal(what, sealed) {
    const outer = parsed(sealed);
    if (!isObject(outer) || typeof outer.text !== 'string' || typeof outer.mac !== 'string') return undefined;
    const wanted = Buffer.from(mac(await key(), what, outer.text));
    const given = Buffer.from(outer.mac);
    return wanted.length === given.length && timingSafeEqual(wanted, given) ? parsed(outer.text) : undefined;
  },
});

const mac = (key: Buffer, what: string, text: string) =>
  createHmac('sha256', key).update(`${what}\n${text}`).digest('base64url');

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
