/**
 * Finds texts by words: BM25 over words as they are and without their endings, the verbs of a request in the catalogue's
 * words too. Deterministic: equal scores keep the order the texts came in. Pure.
 */
import { verbsFor } from './vocabulary.js';

export interface Text {
  readonly id: string;
  /** What it is called: a word found here counts more. */
  readonly name: string;
  readonly body: string;
}

/** The ids of the texts that share words with the request, the best first. */
export type Ranking = (request: string, most: number) => string[];

/** How fast a word that is repeated stops counting, and how much a long text is held against it. */
const saturation = 1.2;
const lengthPenalty = 0.4;
const nameWeight = 3;
/** What a verb counts that the request only seems to mean. */
const guessed = 0.5;

/** Words that stand in any text. */
const idle = new Set(
  (
    'a an and are as at be been but by can could did do does for from had has have he her him his how i if in into is it ' +
    'its just me my no not now of on or our please she should so that the their them then there these they this to us ' +
    'was we were when where whose will with would you your'
  ).split(' '),
);

export function createRanking(texts: readonly Text[]): Ranking {
  const counts = texts.map(({ name, body }) => {
    const found = new Map<string, number>();
    const add = (weight: number) => (word: string) => found.set(word, (found.get(word) ?? 0) + weight);
    wordsOf(name).flatMap(formsOf).forEach(add(nameWeight));
    wordsOf(body).flatMap(formsOf).forEach(add(1));
    return found;
  });
  const lengths = counts.map((found) => [...found.values()].reduce((sum, each) => sum + each, 0));
  const usual = lengths.reduce((sum, each) => sum + each, 0) / Math.max(1, texts.length);
  const rarity = (form: string) => {
    const having = counts.filter((found) => found.has(form)).length;
    return Math.log(1 + (texts.length - having + 0.5) / (having + 0.5));
  };

  return (request, most) => {
    const wanted = [...weighted(request)].map(([form, weight]) => ({ form, weight: weight * rarity(form) }));
    const scored = texts.map(({ id }, at) => {
      const found = counts[at] ?? new Map<string, number>();
      const norm = saturation * (1 - lengthPenalty + (lengthPenalty * (lengths[at] ?? 0)) / usual);
      let score = 0;
      for (const { form, weight } of wanted) {
        const times = found.get(form) ?? 0;
        score += (weight * times * (saturation + 1)) / (times + norm);
      }
      return { id, score };
    });
    return scored
      .filter(({ score }) => score > 0)
      .sort((a, b) => b.score - a.score)
      .slice(0, most)
      .map(({ id }) => id);
  };
}

/** The forms a request asks for. What it says itself counts in full. */
function weighted(request: string): Map<string, number> {
  const words = wordsOf(request);
  const meant = allWords(request).flatMap(verbsFor).flatMap(formsOf);
  return new Map([
    ...meant.map((form) => [form, guessed] as const),
    ...words.flatMap(formsOf).map((form) => [form, 1] as const),
  ]);
}

/** In lower case; `workspaceId` and `workspace_id` are two words. */
const allWords = (text: string): string[] =>
  text
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .match(/[a-z0-9]+/g) ?? [];

const wordsOf = (text: string) => allWords(text).filter((word) => !idle.has(word));

/** As it is, which tells one from many, and without its ending. */
const formsOf = (word: string): string[] => [`=${word}`, stem(word)];

/** Plural and participle: enough to let "deleted users" find `delete_user`. */
function stem(word: string): string {
  if (word.length < 4) return word;
  const base = word
    .replace(/ies$/, 'y')
    .replace(/(?<=ss|sh|ch|x)es$/, '')
    .replace(/(?<![su])s$/, '');
  const root = base.length > 5 ? base.replace(/(?:ing|ed)$/, '') : base;
  return root.length > 3 ? root.replace(/e$/, '').replace(/([^aeiouls])\1$/, '$1') : root;
}
