/**
 * A secret value on its way into the one answer that may show it. Whatever prints, logs or copies it on the way gets a
 * mark; only `Redactor.scrubAnswer` opens it, and only once. Pure.
 */

export const mark = '[redacted]';

export class Disclosed {
  #value: string | undefined;

  constructor(value: string) {
    this.#value = value;
  }

  /** The value, the first time; it is gone afterwards. */
  take(): string {
    const value = this.#value ?? mark;
    this.#value = undefined;
    return value;
  }

  toJSON(): string {
    return mark;
  }

  toString(): string {
    return mark;
  }
}
