/** Counts tokens as the o200k models do. Loaded once and when first needed: its table is large. */
import { Tiktoken } from 'js-tiktoken/lite';
import o200k from 'js-tiktoken/ranks/o200k_base';

let tokenizer: Tiktoken | undefined;

/** Words that are special to a model count as the text they are. */
export function countTokens(text: string): number {
  tokenizer ??= new Tiktoken(o200k);
  return tokenizer.encode(text, [], []).length;
}
