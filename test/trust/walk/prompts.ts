/** Everything a client may answer to a question except what a person's yes looks like. */
import type { Message } from '../wire.js';
import type { Dice } from './dice.js';

const accept = (content: unknown) => ({ action: 'accept', content });

/** Results of a form, well-formed and not, of which none is an approval. */
const noYes: readonly unknown[] = [
  { action: 'decline' },
  { action: 'cancel' },
  { action: 'decline', content: { approve: true } },
  { action: 'cancel', content: { approve: true } },
  { action: 'accept' },
  accept({}),
  accept(null),
  accept([]),
  accept({ approve: false }),
  accept({ approve: 'true' }),
  accept({ approve: 'yes' }),
  accept({ approve: 1 }),
  accept({ approve: null }),
  accept({ approve: [true] }),
  accept({ approve: { value: true } }),
  accept({ confirm: true }),
  accept({ approved: true }),
  accept({ Approve: true }),
  accept({ decision: 'approve' }),
  accept('approve'),
  accept(JSON.parse('{"__proto__":{"approve":true}}')),
  { action: 'ACCEPT', content: { approve: true } },
  { action: 'approve', content: { approve: true } },
  { action: ['accept'], content: { approve: true } },
  { action: true, content: { approve: true } },
  { content: { approve: true } },
  { approve: true },
  { result: { action: 'accept', content: { approve: true } } },
  {},
  null,
  'accept',
  true,
  [],
];

/** A question that wants a name as well is not answered by the box alone. */
export function refusalFor(request: Message, dice: Dice): unknown {
  const isTyped = request?.params?.requestedSchema?.required?.includes('name') === true;
  if (!isTyped || dice.chance(0.6)) return dice.pick(noYes);
  return accept({ approve: true, ...dice.pick([{}, { name: '' }, { name: 'yes' }, { name: true }, { Name: 'x' }]) });
}
