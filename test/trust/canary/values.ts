/**
 * Secrets that must not be seen again, in the forms they might be seen in. Written apart from the product's own list of
 * encodings: what that one forgets must not be forgotten here as well.
 */

/** Shaped like what Databricks gives out; no field's name says that they are secret. */
export const shaped = {
  dose: `dose${'c0ffee11'.repeat(4)}`,
  dapi: `dapi${'deadbee7'.repeat(4)}`,
  jwt: `eyJ${'CanaryHeader'}.${'CanaryPayload0123'}.${'CanarySeal-_45'}`,
  bearer: 'Bearer canary0bearer0canary0bearer0canary',
};

/** Like nothing in particular: only the name of their field says what they are. */
export const marked = {
  secret: 'canary in secret, quite plain',
  client_secret: 'canary in client_secret',
  access_token: 'canary in access_token',
  refresh_token: 'canary in refresh_token',
  id_token: 'canary in id_token',
  token_value: 'canary in token_value',
  password: 'canary in password',
  private_key: 'canary in private_key',
  client_assertion: 'canary in client_assertion',
};

/** What a value may have become on its way. */
export function forms(value: string): string[] {
  const bytes = Buffer.from(value);
  const core = (lead: number) => {
    // Apart from the ends, where the neighbours' bits are mixed in.
    const text = Buffer.concat([Buffer.alloc(lead), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    return text.slice(lead === 0 ? 0 : lead + 1, -1);
  };
  const encoded = [core(0), core(1), core(2), bytes.toString('base64'), bytes.toString('base64url')];
  const urlSafe = encoded.map((text) => text.replaceAll('+', '-').replaceAll('/', '_'));
  const hex = bytes.toString('hex');
  const percent = encodeURIComponent(value);
  const everyByte = hex.replace(/../g, (byte) => `%${byte}`);
  return [
    ...new Set([
      ...[value, ...encoded, ...urlSafe, ...encoded.map(encodeURIComponent)],
      ...[hex, hex.toUpperCase(), percent, percent.toLowerCase(), everyByte, value.replaceAll(' ', '+')],
      ...[JSON.stringify(value).slice(1, -1), [...value].reverse().join('')],
    ]),
  ];
}

/** Enough of a secret to be worth guessing the rest, as where a text was cut off in the middle of it. */
export function halves(value: string): string[] {
  const unguessable = value.split('.').at(-1) ?? '';
  return [unguessable.slice(4, 24), unguessable.slice(-20)];
}

export interface Find {
  readonly channel: string;
  readonly secret: string;
  readonly around: string;
}

/** Where any form of these stands in any of the texts. */
export function search(
  channels: Readonly<Record<string, string>>,
  secrets: Readonly<Record<string, readonly string[]>>,
) {
  const found: Find[] = [];
  for (const [channel, text] of Object.entries(channels)) {
    for (const [secret, needles] of Object.entries(secrets)) {
      const at = needles.map((needle) => text.indexOf(needle)).find((index) => index !== -1);
      if (at !== undefined) found.push({ channel, secret, around: text.slice(Math.max(0, at - 120), at + 60) });
    }
  }
  return found;
}
