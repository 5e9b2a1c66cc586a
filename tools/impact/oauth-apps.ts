/** What creating, changing or deleting a custom OAuth app opens and closes: where it sends codes and what it may ask for. */
import type { Arguments, Fact, Impact, Look, Risk } from '../action.js';
import { getCustomAppIntegration, listCustomAppIntegrations, updateCustomAppIntegration } from '../oauth-apps.js';
import { changed, fact, fieldsOf, itemsOf, only, replaced, same, textOf, textsOf, undoBy, words } from './facts.js';

/** Only a confidential app has a secret to mint. */
export function customAppRisk(input: Arguments): Risk {
  return input.confidential === true ? 'secret' : 'privilege';
}

export async function customAppCreation(look: Look, input: Arguments): Promise<Impact> {
  const present = itemsOf(await look.read(listCustomAppIntegrations, {}));
  const namesakes = present.filter((each) => each.name === input.name);
  return {
    facts: [
      ...fact('Name', input.name),
      ...fact('Client', words(input.confidential === true ? 'confidential, gets a secret' : 'public, no secret, PKCE')),
      ...fact('Redirect URLs', input.redirect_urls),
      ...insecureUrls(input.redirect_urls),
      ...fact('Scopes', input.scopes ?? words('not given: Databricks decides')),
      ...fact('Scopes to consent', input.user_authorized_scopes),
      ...policyFacts(input.token_access_policy),
      ...fact('Same name', namesakes.map((each) => textOf(each.integration_id) ?? '').filter(Boolean)),
    ],
    reversible: 'yes',
    reversal: 'The app can be deleted again; tokens it was given until then may live on until they expire.',
  };
}

const changeable = ['redirect_urls', 'scopes', 'user_authorized_scopes', 'token_access_policy'] as const;
const policyFields = {
  access_token_ttl_in_minutes: 'Access token minutes',
  refresh_token_ttl_in_minutes: 'Refresh token minutes',
  absolute_session_lifetime_in_minutes: 'Session minutes',
  enable_single_use_refresh_tokens: 'Single-use refresh',
} as const;

export async function customAppUpdate(look: Look, input: Arguments): Promise<Impact> {
  const fields = await appOf(look, String(input.integration_id));
  const wanted = only(input, ...changeable);
  const names = Object.keys(wanted).filter((name) => !same(fields[name], wanted[name]));
  const added = textsOf(wanted.redirect_urls).filter((url) => !textsOf(fields.redirect_urls).includes(url));
  const facts = [
    ...replaced('Redirect URLs', fields.redirect_urls, wanted.redirect_urls),
    ...insecureUrls(added),
    ...replaced('Scopes', fields.scopes, wanted.scopes),
    ...replaced('Consent scopes', fields.user_authorized_scopes, wanted.user_authorized_scopes),
    ...policyChanges(fields.token_access_policy, wanted.token_access_policy),
  ];
  const former = Object.fromEntries(names.flatMap((name) => formerValue(fields, name)));
  const isWhole = Object.keys(former).length === names.length;
  return {
    target: targetOf(fields, input),
    facts: facts.length === 0 ? fact('Change', words('none: it is like this already')) : facts,
    reversible: isWhole ? 'yes' : 'partly',
    reversal: isWhole
      ? 'The former values can be set again; tokens issued in between may live on until they expire.'
      : 'Most former values can be set again; a token policy cannot be taken away.',
    before: fields,
    after: { ...fields, ...wanted },
    ...(Object.keys(former).length > 0 &&
      undoBy(updateCustomAppIntegration, { integration_id: String(input.integration_id), ...former })),
  };
}

export async function customAppDeletion(look: Look, input: Arguments): Promise<Impact> {
  const fields = await appOf(look, String(input.integration_id));
  return {
    target: targetOf(fields, input),
    facts: [
      ...fact('Client id', fields.client_id),
      ...fact('Confidential', fields.confidential),
      ...fact('Redirect URLs', fields.redirect_urls),
      ...fact('Scopes', fields.scopes),
      ...fact('Created', fields.create_time),
      ...fact('Effect', words('everyone who signs in through it is cut off')),
    ],
    reversible: 'no',
    reversal: 'An app made anew gets another client id and secret: every client of it has to be set up again.',
    before: fields,
  };
}

async function appOf(look: Look, integration_id: string): Promise<Arguments> {
  const app = await look.read(getCustomAppIntegration, { integration_id });
  return app === null ? look.notFound('custom OAuth app', integration_id) : fieldsOf(app);
}

function targetOf(fields: Arguments, input: Arguments) {
  const name = textOf(fields.name);
  return { kind: 'custom OAuth app', id: String(input.integration_id), ...(name !== undefined && { name }) };
}

/** A code sent to such a URL can be read on the way or caught by another program. */
function insecureUrls(urls: unknown): readonly Fact[] {
  return fact(
    'Not https',
    textsOf(urls).filter((url) => !isSecure(url)),
  );
}

function isSecure(written: string): boolean {
  if (!URL.canParse(written)) return false;
  const { protocol, hostname } = new URL(written);
  const isLocal = hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
  return protocol === 'https:' || (protocol === 'http:' && isLocal);
}

function policyFacts(policy: unknown): readonly Fact[] {
  const fields = fieldsOf(policy);
  return Object.entries(policyFields).flatMap(([name, label]) => fact(label, fields[name]));
}

/** A policy that is given replaces the one there is. */
function policyChanges(now: unknown, then: unknown): readonly Fact[] {
  if (then === undefined) return [];
  const [before, after] = [fieldsOf(now), fieldsOf(then)];
  return Object.entries(policyFields).flatMap(([name, label]) =>
    changed(label, before[name], after[name] ?? (before[name] === undefined ? undefined : null)),
  );
}

/** The field as the update takes it; nothing where it cannot be set back. An absent list is an empty one. */
function formerValue(fields: Arguments, name: string): [string, unknown][] {
  const value = fields[name];
  if (name !== 'token_access_policy') return [[name, textsOf(value)]];
  return value === undefined ? [] : [[name, only(value, ...Object.keys(policyFields))]];
}
