/** What people say for the verbs the catalogue has: a search for "drop" has to find what is called delete. Data. */

/** By the catalogue's word. */
const saidFor: Readonly<Record<string, string>> = {
  list: 'which what all every any exist many overview show find search who',
  get: 'show is details look inspect read',
  create: 'new add register invite generate need start make set setup open onboard issue block allow only',
  update:
    'change rename raise lower shorten extend fix edit modify replace turn enable disable deactivate activate make ' +
    'grant promote demote stop resume pause adjust rotate another',
  delete: 'remove rid drop destroy revoke away obsolete detach take lose unused clean decommission',
  remove: 'kick out leave take lose delete',
  add: 'put join into new',
  assign: 'attach connect link let give',
};

const byWord = new Map<string, string[]>();
for (const [verb, words] of Object.entries(saidFor)) {
  for (const word of words.split(' ')) byWord.set(word, [...(byWord.get(word) ?? []), verb]);
}

/** The catalogue's verbs a word may stand for. */
export const verbsFor = (word: string): readonly string[] => byWord.get(word) ?? [];
