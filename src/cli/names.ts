/** Finds the action somebody means by a name: the id with or without prefix, or the label. */
import { type Action, actions } from '../../tools/index.js';
import { inputError } from '../core/errors.js';
import { similar } from '../core/similar.js';
import { product } from '../version.js';

const prefix = 'databricks_';

export const shortName = (id: string): string => (id.startsWith(prefix) ? id.slice(prefix.length) : id);

/** "List Users", "list-users" and "databricks_list_users" are one name. */
const canonical = (name: string) =>
  shortName(
    name
      .trim()
      .toLowerCase()
      .replace(/[\s-]+/g, '_'),
  );

/** Throws an `input` failure that says what may have been meant. */
export function findAction(name: string): Action {
  const wanted = canonical(name);
  const found = actions.find(({ id, label }) => shortName(id) === wanted || canonical(label) === wanted);
  if (found !== undefined) return found;
  const guesses = similar(
    wanted,
    actions.map(({ id }) => shortName(id)),
  );
  throw inputError(
    `There is no action ${JSON.stringify(name.slice(0, 80))}.`,
    guesses.length > 0
      ? `Did you mean ${guesses.join(', ')}?`
      : `\`${product.name} actions\` lists them all, \`${product.name} actions user\` those about users.`,
  );
}
