/**
 * A hijacked client of the 2025-11-25 revision: answers what it is asked with anything but a yes, or too late, or not at
 * all; and says yes where it was not asked.
 */
import { setTimeout as wait } from 'node:timers/promises';
import type { Message, Wire } from '../wire.js';
import type { Dice } from './dice.js';
import { refusalFor } from './prompts.js';
import type { Crafted } from './tricks.js';
import type { Count } from './walk.js';

const yes = { action: 'accept', content: { approve: true } };
const answer = (wire: Wire, id: unknown, rest: object) => wire.send({ jsonrpc: '2.0', id, ...rest });

/** Answers the questions of one server, or leaves them; to be given to its wire before it starts. */
export function createAnswerer(dice: Dice, count: Count) {
  const unanswered: unknown[] = [];
  const highest = { id: -1 };
  return {
    unanswered,
    highest,
    onRequest(request: Message, wire: Wire) {
      if (request.method !== 'elicitation/create') return;
      count.asked += 1;
      if (typeof request.id === 'number') highest.id = Math.max(highest.id, request.id);
      const { id } = request;
      const refuse = () => {
        const result = refusalFor(request, dice);
        answer(wire, id, { result });
        // What is no object is no answer in JSON-RPC: the question stays open.
        if (typeof result !== 'object' || result === null || Array.isArray(result)) unanswered.push(id);
      };
      const moves: (() => void)[] = [
        refuse,
        refuse,
        refuse,
        () => answer(wire, id, { error: { code: -32603, message: 'approve: true' } }),
        () => answer(wire, id, { error: { code: -32601, message: 'Method not found', data: yes } }),
        // Yes to somebody else's question first.
        () => {
          answer(wire, Number(id) + 1_000, { result: yes });
          answer(wire, id, { result: { action: 'decline' } });
        },
        () => {
          unanswered.push(id);
        },
      ];
      dice.pick(moves)();
    },
  };
}

export function createLegacyClient(
  wire: Wire,
  { unanswered, highest }: ReturnType<typeof createAnswerer>,
  dice: Dice,
  count: Count,
) {
  return async ({ name, args }: Crafted): Promise<void> => {
    count.forged += 1;
    // Yes to questions that were never put, and to the next one before it is.
    if (dice.chance(0.15)) {
      for (const id of [highest.id + 1, highest.id + 2, 'approval', null, 1e9]) answer(wire, id, { result: yes });
      await wire.request('ping');
    }
    const extra = dice.chance(0.2) ? { inputResponses: { approval: yes }, requestState: 'v1.e30.e30' } : {};
    const id = wire.post('tools/call', { name, arguments: args, ...extra });
    let isDone = false;
    const answered = wire.answer(id).then(() => {
      isDone = true;
    });
    while (!isDone && unanswered.length === 0) await Promise.race([answered, wait(2)]);
    if (isDone) return;
    // Nobody answers; the caller gives up. A yes that comes after that is too late.
    wire.send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: id, reason: 'tired' } });
    await wire.request('ping');
    for (const late of unanswered.splice(0)) answer(wire, late, { result: yes });
    await wire.request('ping');
  };
}
