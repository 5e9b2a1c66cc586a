/**
 * A hijacked client of the 2026-07-28 revision. It answers questions that nobody has seen: at first shot, with states of
 * other calls, other servers and other times, with seals it has changed.
 */
import { askedIn, type Message, told, type Wire, yesTo } from '../wire.js';
import type { Dice } from './dice.js';
import { refusalFor } from './prompts.js';
import type { Crafted } from './tricks.js';
import type { Count } from './walk.js';

/** A question that was put, and where. */
export interface Held {
  readonly call: Crafted;
  readonly state: string;
  readonly request: Message;
  readonly home: string;
  /** The server has said that it is over. */
  readonly over: boolean;
}

/** After these a question is never open again. */
const endings: readonly unknown[] = ['DECLINED', 'APPROVAL_CANCELLED', 'APPROVAL_UNCLEAR', 'NOT_TYPED'];

const yes = { action: 'accept', content: { approve: true } };
const given = (response: unknown, key = 'approval') => ({ inputResponses: { [key]: response } });

export function createModernClient(wire: Wire, home: string, held: Held[], dice: Dice, count: Count) {
  const send = async ({ name, args }: Crafted, extra: object = {}) => {
    const answer = await wire.call(name, args, extra);
    const asked = askedIn(answer);
    if (asked !== undefined) {
      count.asked += 1;
      held.push({ call: { name, args }, ...asked, home, over: false });
    }
    return answer;
  };

  return async (crafted: Crafted): Promise<void> => {
    const own = held.filter((each) => each.home === home);
    const foreign = held.filter((each) => each.home !== home);
    const other = held.filter((each) => each.call.name !== crafted.name);
    const moves: (() => Promise<unknown>)[] = [
      () => send(crafted),
      () => send(crafted),
      () => send(crafted, given(yes)),
      () => send(crafted, { ...given(yes), requestState: '' }),
      () => send(crafted, { inputResponses: { approval: yes, approve: yes }, requestState: 'v1.e30.e30' }),
    ];
    if (own.length > 0) {
      moves.push(
        async () => {
          const each = dice.pick(own);
          const answer = await send(each.call, { ...given(refusalFor(each.request, dice)), requestState: each.state });
          const over = endings.includes(told(answer)?.error?.code);
          held[held.indexOf(each)] = { ...each, over: each.over || over };
        },
        // The right answer under a wrong name, and none at all.
        () => {
          const { call, state } = dice.pick(own);
          return send(call, {
            ...dice.pick([given(yes, 'approve'), given(yes, '__proto__'), {}]),
            requestState: state,
          });
        },
        () => {
          const { call, state, request } = dice.pick(own);
          return send(call, { ...given(yesTo(request)), requestState: tampered(state, dice) });
        },
      );
    }
    const ended = own.filter(({ over }) => over);
    if (ended.length > 0) {
      moves.push(() => {
        const { call, state, request } = dice.pick(ended);
        return send(call, { ...given(yesTo(request)), requestState: state });
      });
    }
    // The seal of one tool's question, a real yes, another tool.
    if (other.length > 0) moves.push(() => send(crafted, { ...given(yes), requestState: dice.pick(other).state }));
    if (foreign.length > 0) {
      moves.push(() => {
        const { call, state, request } = dice.pick(foreign);
        return send(call, { ...given(yesTo(request)), requestState: state });
      });
    }
    count.forged += 1;
    await dice.pick(moves)();
  };
}

function tampered(state: string, dice: Dice): string {
  const [version = '', body = '', seal = ''] = state.split('.');
  const claims = JSON.parse(Buffer.from(body, 'base64url').toString());
  const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return dice.pick([
    () => `${version}.${encoded({ ...claims, exp: claims.exp + 1 })}.${seal}`,
    () => `${version}.${encoded({ ...claims, p: { q: 'aaaaaaaaaa' } })}.${seal}`,
    () => `v2.${body}.${seal}`,
    () => `${version}.${body}.`,
    () => `${version}.${body}`,
    () => `${version}.${body}.${seal.slice(0, -2)}`,
    () => `${version}.${body}.${Buffer.alloc(32).toString('base64url')}`,
    () => state.slice(0, dice.below(state.length)),
  ])();
}
