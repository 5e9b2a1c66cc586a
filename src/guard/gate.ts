/**
 * What stands between a write that was called and its sending: the operator's policy, limits, facts about the target,
 * lock-outs, and a person's approval. Decides and asks; sends nothing.
 */
import { createHash } from 'node:crypto';
import type { Arguments, HttpAction, Impact, Look, Risk } from '../../tools/action.js';
import { canonicalJson } from '../core/canonical-json.js';
import { ActionError, failed } from '../core/errors.js';
import { oneLine } from '../core/visible.js';
import type { Approval, Approvals, Form, Question } from './approvals.js';
import type { Journal } from './journal.js';
import type { Gate, Policy } from './policy.js';
import { isCounted, overLimit, type SharedVelocity, type VelocityLimit } from './velocity.js';
import { inWords } from './wording.js';

/** One write on its way. */
export interface GuardedCall {
  readonly action: HttpAction;
  readonly input: Arguments;
  /** Each look has time of its own: a person may have thought for minutes since the one before. */
  readonly look: () => Look;
  /** Who calls, as the server knows it. */
  readonly caller: string;
  /** The operator's policy as far as this caller may use it; without one, all of it. */
  readonly policy?: Pick<Policy, 'gateOf'>;
  /** Name of the MCP client, as the client gives it. */
  readonly client?: string;
  /** The client's own way to ask its user. */
  readonly form?: Form;
  /** Throws where what the call makes could not be kept: nobody is asked about a call that would end there. */
  readonly ready: () => Promise<void>;
}

/** A call that may be sent now. */
export interface Passed {
  readonly risk: Risk;
  readonly impact: Impact | undefined;
  readonly approval?: Approval;
  /** To be checked once more where the intent is recorded: two processes must not share the last place. */
  readonly limit?: VelocityLimit;
}

/** What would stand in a call's way, for a dry run. */
export interface Prospect extends Omit<Passed, 'approval' | 'limit'> {
  readonly gate: Gate;
  readonly refusal?: ActionError;
}

export interface GateParts {
  readonly policy: Policy;
  readonly approvals: Approvals;
  readonly journal: Journal;
  /** The limits of all replicas together, where there are several. */
  readonly velocity?: SharedVelocity;
  readonly account: {
    readonly id: string;
    readonly host: string;
    readonly cloud: string;
    /** Of the service principal that would do it: an approval is for this one. */
    readonly clientId: string;
    readonly sandbox: boolean;
  };
  /** Takes credentials out of a JSON value. */
  readonly scrub: <T>(value: T) => T;
  /** Epoch milliseconds. */
  readonly date: () => number;
}

export interface Guard {
  /** Returns only when the call may be sent. Throws `ActionError`. */
  pass(call: GuardedCall): Promise<Passed>;
  /** Throws where a call that has passed would by now lock out: others were sent since it was looked at. */
  recheck(call: GuardedCall): Promise<void>;
  /** What `pass` would find out, without asking anybody. */
  foresee(call: GuardedCall): Promise<Prospect>;
}

/** How often a person is asked again because the target changed meanwhile. */
const mostRounds = 3;

export function createGuard(parts: GateParts): Guard {
  const { policy, journal, account } = parts;

  const gateOf = ({ action, input, ...call }: GuardedCall, seen?: Risk) => {
    const decided = (call.policy ?? policy).gateOf(action, input, seen);
    if (decided.gate !== 'deny') return decided;
    throw failed('not_available', `The operator's policy does not allow this call (${decided.by}).`, {
      code: 'DENIED',
    });
  };

  const limitOf = async (risk: Risk): Promise<VelocityLimit | undefined> => {
    if (!isCounted(risk)) return undefined;
    const limit = { risks: [risk], ...policy.limits[risk] };
    const refusal = overLimit(limit, await journal.recent(limit.risks, limit.minutes), parts.date());
    if (refusal !== undefined) throw refusal;
    await parts.velocity?.check(limit);
    return limit;
  };

  const refusalOf = ({ lockouts = [], obstacle }: Impact): ActionError | undefined => {
    if (lockouts.length > 0 && !policy.allowSelfLockout)
      return failed('lockout', lockouts.join(' '), { code: 'SELF_LOCKOUT' });
    if (obstacle === undefined) return undefined;
    return failed('conflict', obstacle.message, { code: 'OBSTACLE', next: obstacle.next });
  };

  const look = async (call: GuardedCall): Promise<Impact | undefined> => {
    const impact = await call.action.impact?.(call.look(), call.input);
    const refusal = impact && refusalOf(impact);
    if (refusal === undefined) return impact;
    await noteRefusal(call, refusal);
    throw refusal;
  };

  const noteRefusal = ({ action, caller }: GuardedCall, { failure }: ActionError) =>
    journal.event('refused', { action: action.id, caller, code: failure.code });

  const questionOf = (call: GuardedCall, risk: Risk, impact: Impact): Question => {
    const { action, input, caller, client } = call;
    const shown = parts.scrub(input);
    if (canonicalJson(shown) !== canonicalJson(input)) throw hidden();
    return {
      action: action.id,
      label: action.label,
      risk,
      accountId: account.id,
      sandbox: account.sandbox,
      caller,
      ...(client !== undefined && { client }),
      binding: digest([account.id, account.host, account.clientId, caller, action.id, input]),
      snapshot: snapshotOf(risk, impact),
      // Values first: in a line they are cut, and half a secret is no longer recognised.
      lines: inWords({
        action,
        risk,
        accountId: account.id,
        cloud: account.cloud,
        sandbox: account.sandbox,
        arguments: shown,
        impact: parts.scrub(impact),
        ...(client !== undefined && { client: parts.scrub(client) }),
      }).map((line) => parts.scrub(line)),
      ...(impact.typed !== undefined && {
        typed: typable(impact.typed) ? impact.typed : (impact.target?.id ?? action.label),
      }),
    };
  };

  return {
    async pass(call) {
      const byName = gateOf(call);
      let limit = await limitOf(byName.risk);
      let impact = await look(call);
      const { gate, risk } = impact?.risk === undefined ? byName : gateOf(call, impact.risk);
      if (risk !== byName.risk) limit = await limitOf(risk);
      const allowed = { risk, ...(limit !== undefined && { limit }) };
      await call.ready();
      if (gate !== 'ask') return { ...allowed, impact };
      let seen: readonly string[] | undefined;
      for (let round = 1; ; round += 1) {
        const question = questionOf(call, risk, impact ?? nothingKnown);
        const approval = await parts.approvals.obtain(question, call.form, seen);
        if (!approval.waited) return { ...allowed, impact, approval };
        // While the person thought about it, somebody else may have changed what they were shown.
        impact = await look(call);
        if (snapshotOf(risk, impact ?? nothingKnown) === question.snapshot) return { ...allowed, impact, approval };
        if (round === mostRounds)
          throw failed('approval', 'The target keeps changing while a person is asked. Nothing was sent.', {
            code: 'TARGET_CHANGED',
          });
        seen = question.lines;
      }
    },
    async recheck(call) {
      await look(call);
    },
    async foresee(call) {
      const byName = gateOf(call);
      const impact = await call.action.impact?.(call.look(), call.input);
      const { gate, risk } = impact?.risk === undefined ? byName : gateOf(call, impact.risk);
      let refusal = impact && refusalOf(impact);
      try {
        await limitOf(risk);
        if (gate === 'ask') questionOf(call, risk, impact ?? nothingKnown);
      } catch (error) {
        if (!(error instanceof ActionError)) throw error;
        refusal ??= error;
      }
      // A plan tells fields by name beside their values, where their names no longer mark them.
      return { risk, gate, impact: parts.scrub(impact), ...(refusal !== undefined && { refusal }) };
    },
  };
}

/** Whether a person can be expected to type it as it is shown. */
const typable = (name: string) => name.length <= 60 && name === name.trim() && oneLine(name) === `"${name}"`;

const nothingKnown: Impact = { facts: [], reversible: 'no', reversal: 'Nothing is known about what it touches.' };

/** What would be masked before a person sees it may hide anything, such as the host of a URL. */
const hidden = () =>
  failed('approval', 'An argument looks like a credential, which no person is shown and so none can approve.', {
    code: 'ARGUMENT_NOT_SHOWN',
    next: 'Nothing was sent. Call without it.',
  });

const digest = (value: unknown) => createHash('sha256').update(canonicalJson(value)).digest('base64url');

/** All a person is shown about the target: if any of it is different later, they were shown something else. */
const snapshotOf = (risk: Risk, { target, facts, before, after, typed, reversible, lockouts }: Impact) =>
  digest([risk, target, facts, before, after, typed, reversible, lockouts]);
