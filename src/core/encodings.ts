/** The forms in which a secret value may turn up in texts: what a log, an error page or an echo makes of it. Pure. */
import type { Needle } from './finder.js';

/** Every form of the value, each once. For values of at least eight characters: shorter ones have too short forms. */
export function formsOf(value: string): Needle[] {
  const secret = value.toWellFormed();
  const plain = new Set([
    value,
    ...hexadecimal(secret),
    ...percentEncoded(secret),
    ...jsonEscaped(value),
    ...htmlEscaped(value),
  ]);
  const grown = new Set(base64(secret).flatMap((core) => [core, ...percentEncoded(core), ...jsonEscaped(core)]));
  return [
    ...[...plain].map((text) => ({ text })),
    ...[...grown].filter((text) => !plain.has(text)).map((text) => ({ text, grows: true })),
  ];
}

/**
 * What of the value's base64 does not depend on its neighbours, for the three places of a group of four it can begin at.
 * So `Basic base64(id:secret)` is found too.
 */
function base64(secret: string): string[] {
  const bytes = Buffer.from(secret, 'utf8');
  return [0, 1, 2].flatMap((before) => {
    const whole = Buffer.concat([Buffer.alloc(before), bytes]);
    const from = Math.ceil((before * 8) / 6);
    const to = Math.floor((whole.length * 8) / 6);
    return [whole.toString('base64').slice(from, to), whole.toString('base64url').slice(from, to)];
  });
}

function hexadecimal(secret: string): string[] {
  const lower = Buffer.from(secret, 'utf8').toString('hex');
  return [lower, lower.toUpperCase()];
}

function percentEncoded(secret: string): string[] {
  const forms = [encodeURIComponent(secret), new URLSearchParams({ v: secret }).toString().slice(2)];
  return forms.flatMap((form) => [form, form.replace(/%[0-9A-F]{2}/g, (byte) => byte.toLowerCase())]);
}

/**
 * As JSON writers differ: some escape the slash, some all that is not ASCII, some what means something in HTML (Go, and
 * more of it .NET); and each once more, as when an error quotes a body.
 */
function jsonEscaped(value: string): string[] {
  const text = JSON.stringify(value).slice(1, -1);
  const some = [
    text,
    text.replaceAll('/', '\\/'),
    escaped(text, /[<>&\u2028\u2029]/g),
    escaped(text.replaceAll('\\"', '"'), /[<>&'"`+]/g),
  ];
  const all = [...some, ...some.map((each) => escaped(each, /[^\0-\x7f]/g)), escaped(value, /[\s\S]/g)];
  const cased = all.flatMap((each) => [each, each.replace(/\\u[0-9a-f]{4}/g, upperHex)]);
  return cased.flatMap((each) => [each, JSON.stringify(each).slice(1, -1)]);
}

const escaped = (text: string, what: RegExp): string =>
  text.replace(what, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

const upperHex = (unit: string): string => `\\u${unit.slice(2).toUpperCase()}`;

/** Quotes are written in several ways, or left alone. */
function htmlEscaped(value: string): string[] {
  const text = value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return ['"', '&quot;', '&#34;', '&#x22;'].flatMap((double) =>
    ["'", '&#39;', '&#039;', '&apos;', '&#x27;'].map((single) => text.replaceAll('"', double).replaceAll("'", single)),
  );
}
