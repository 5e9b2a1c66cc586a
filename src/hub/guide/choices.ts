/** The catalogue as the guide offers it: what a person needs to choose, and nothing a browser need not load. */
import { type Area, areas } from '../../../tools/index.js';
import type { Choice, ChoiceArea } from './selection.js';

export const choiceAreas: readonly ChoiceArea[] = areas.map(({ id, title, actions }: Area) => ({
  id,
  title,
  choices: actions.map(
    ({ id, label, scopes, risk, clouds, role, setUp }): Choice => ({
      name: id.replace(/^databricks_/, ''),
      label,
      scopes,
      risk,
      clouds,
      admin: role === 'account_admin',
      ...(setUp !== undefined && { setUp }),
    }),
  ),
}));
