/**
 * Obtains a person's approval of one call, or ends the call. Nothing in a call's arguments is an approval: it comes from
 * the client's own form, or from a person who settles the question outside the client. It covers this caller, these
 * arguments and this state of the target, for five minutes, once.
 */
import type { Risk } from '../../tools/action.js';
import { type ActionError, failed } from '../core/errors.js';

/** Milliseconds a question stands, and an approval after it was given. */
export const approvalTime = 300_000;

/** Questions to people in `approvalTime`: more would wear them out until they say yes to anything. */
const mostQuestions = 20;

/** What a person is asked. */
export interface Question {
  readonly action: string;
  readonly label: string;
  readonly risk: Risk;
  readonly accountId: string;
  readonly sandbox: boolean;
  /** Who calls, as the server knows it; never what a model says of itself. */
  readonly caller: string;
  /** Name of the MCP client, as the client gives it. */
  readonly client?: string;
  /** Digest of caller, account, action and arguments. */
  readonly binding: string;
  /** Digest of all the person is shown about the target. */
  readonly snapshot: string;
  /** The facts in words, fit to be shown anywhere. */
  readonly lines: readonly string[];
  /** What has to be typed, where a yes is not enough. */
  readonly typed?: string;
}

export interface AskedQuestion extends Question {
  readonly id: string;
  /** Epoch milliseconds. */
  readonly askedAt: number;
}

export interface Decision {
  /** Who decided, as the place that asked knows it. */
  readonly by: string;
  readonly channel: string;
  readonly at: number;
}

export type Ending = 'used' | 'declined' | 'withdrawn';

export interface ApprovalRecord extends AskedQuestion {
  readonly state: 'open' | 'approved' | Ending;
  readonly decision?: Decision;
}

/** Where questions wait. Shared by all processes that serve the same people. */
export interface ApprovalStore {
  add(asked: AskedQuestion): Promise<void>;
  /** Questions of the last `approvalTime` and somewhat before, the newest last. */
  all(): Promise<readonly ApprovalRecord[]>;
  /** False where the question is over or decided already. */
  approve(id: string, decision: Decision): Promise<boolean>;
  /** Ends an open question. True for exactly one of all who try, in any process. */
  end(id: string, how: Ending): Promise<boolean>;
}

/** What came back from a form. */
export type FormAnswer =
  | { readonly kind: 'approved'; readonly typed?: string }
  /** `failed`: the client said it can ask and then could not. */
  | { readonly kind: 'declined' | 'cancelled' | 'timeout' | 'unclear' | 'failed' };

/** The client's own way to ask its user. */
export interface Form {
  /** The answer to an earlier question that came with this call, proven to be this server's by its seal. */
  readonly reply?: { readonly id: string; readonly answer: FormAnswer };
  /** Who sits there, where it asks at a terminal itself and not in a dialog of a client. */
  readonly atTerminal?: string;
  /** Asks. In the era of input_required it does not return: the call ends and comes again with a reply. */
  ask(asked: AskedQuestion): Promise<FormAnswer>;
}

export interface Approval {
  readonly id: string;
  readonly channel: string;
  readonly by: string;
  /** Time has passed while a person was asked: the target has to be looked at again. */
  readonly waited: boolean;
}

export interface ApprovalParts {
  readonly store: ApprovalStore;
  /** Milliseconds that only ever grow. */
  readonly now: () => number;
  /** Epoch milliseconds. */
  readonly date: () => number;
  readonly newId: () => string;
  readonly approveIn: 'auto' | 'client' | 'terminal';
  /** The command a person runs to settle a question. */
  readonly command: (id: string) => string;
  /** The page where a person settles it as well, where one is served just now. */
  readonly page?: () => Promise<string | undefined>;
  /** Told what became of each question. */
  readonly onEvent: (event: string, asked: AskedQuestion, facts?: Readonly<Record<string, unknown>>) => void;
}

export interface Approvals {
  /**
   * Returns only with an approval; everything else is thrown. `earlier`: what the person was shown before the target
   * changed.
   */
  obtain(question: Question, form: Form | undefined, earlier?: readonly string[]): Promise<Approval>;
}

export function createApprovals(parts: ApprovalParts): Approvals {
  const { store, onEvent } = parts;
  /** When this process asked, on the clock that nobody can set back. */
  const asked = new Map<string, number>();
  /** Questions that the client could not show, although it said it can. */
  const unshown = new Set<string>();

  const isStale = ({ id, askedAt }: AskedQuestion, since = askedAt): boolean => {
    const age = parts.date() - since;
    const sure = parts.now() - (asked.get(id) ?? parts.now());
    // A clock that was set back makes old questions look as if they were still to come.
    return Math.max(age, since === askedAt ? sure : 0) > approvalTime || age < -5_000;
  };

  const ask = async (question: Question, all: readonly ApprovalRecord[]): Promise<AskedQuestion> => {
    const recent = all.filter((each) => each.caller === question.caller && !isStale(each));
    if (recent.length >= mostQuestions) throw refusal('TOO_MANY_QUESTIONS');
    const made = { ...question, id: parts.newId(), askedAt: parts.date() };
    await store.add(made);
    for (const [id, at] of asked) if (parts.now() - at > 2 * approvalTime) asked.delete(id);
    asked.set(made.id, parts.now());
    onEvent('approval_asked', made);
    return made;
  };

  const grant = async (record: AskedQuestion, decision: Omit<Decision, 'at'>, waited: boolean): Promise<Approval> => {
    if (!(await store.end(record.id, 'used'))) throw refusal('APPROVAL_USED');
    onEvent('approval_given', record, decision);
    return { id: record.id, ...decision, waited };
  };

  const decline = async (record: AskedQuestion, code: Refusal): Promise<ActionError> => {
    await store.end(record.id, code === 'DECLINED' ? 'declined' : 'withdrawn');
    onEvent('approval_refused', record, { code });
    return refusal(code);
  };

  /** What a form's answer to a question of ours means. */
  const judge = async (
    record: AskedQuestion,
    answer: FormAnswer,
    question: Question,
    { atTerminal: by }: Form,
    waited: boolean,
  ) => {
    if (answer.kind === 'approved') {
      if (isStale(record)) throw await decline(record, 'APPROVAL_EXPIRED');
      if (question.typed !== undefined && answer.typed?.trim() !== question.typed)
        throw await decline(record, 'NOT_TYPED');
      const decision = by === undefined ? { channel: 'form', by: record.caller } : { channel: 'terminal', by };
      return grant(record, decision, waited);
    }
    throw await decline(record, formRefusals[answer.kind]);
  };

  const viaForm = async (asking: AskedQuestion, form: Form, question: Question) => {
    const answer = await form.ask(asking);
    if (answer.kind !== 'failed' || parts.approveIn !== 'auto') return judge(asking, answer, question, form, true);
    unshown.add(asking.id);
    throw await outside(asking);
  };

  const outside = async (record: AskedQuestion): Promise<ActionError> => {
    const command = parts.command(record.id);
    const page = await parts.page?.();
    const where = page === undefined ? '' : `, or to open ${page}`;
    return failed('approval', 'A person has to approve this call first; this client cannot ask.', {
      code: 'APPROVAL_NEEDED',
      approval: {
        id: record.id,
        expires_at: new Date(record.askedAt + approvalTime).toISOString(),
        command,
        ...(page !== undefined && { page }),
      },
      next: `Ask the user to run \`${command}\` in a terminal${where}. Once they have approved it, make this same call again.`,
    });
  };

  /** The approval that came with the call; or the question it answers, where the target has changed since. */
  const replied = async (
    question: Question,
    form: Form,
    { id, answer }: NonNullable<Form['reply']>,
    all: readonly ApprovalRecord[],
  ): Promise<Approval | ApprovalRecord> => {
    const record = all.find((each) => each.id === id);
    if (record === undefined) throw refusal('APPROVAL_EXPIRED');
    if (record.binding !== question.binding) throw refusal('APPROVAL_MISMATCH');
    if (record.state !== 'open' && record.state !== 'approved') throw refusal('APPROVAL_USED');
    if (record.snapshot === question.snapshot || answer.kind !== 'approved') {
      return judge(record, answer, question, form, false);
    }
    if (!(await changed(record))) throw refusal('APPROVAL_USED');
    return record;
  };

  const changed = async (record: AskedQuestion): Promise<boolean> => {
    onEvent('approval_refused', record, { code: 'TARGET_CHANGED' });
    return store.end(record.id, 'withdrawn');
  };

  return {
    async obtain(question, form, earlier) {
      const all = await store.all();
      const canAsk = form !== undefined && (parts.approveIn !== 'terminal' || form.atTerminal !== undefined);
      let before = earlier;
      let over: string | undefined;
      if (canAsk && form.reply !== undefined) {
        const answered = await replied(question, form, form.reply, all);
        if ('channel' in answered) return answered;
        before = answered.lines;
        over = answered.id;
      }
      const same = all.filter((each) => each.binding === question.binding && !isStale(each));
      if (same.some(({ state }) => state === 'declined')) throw refusal('DECLINED');
      let open = same.findLast(({ id, state }) => (state === 'approved' || state === 'open') && id !== over);
      if (open !== undefined && open.snapshot !== question.snapshot) {
        await changed(open);
        before = open.lines;
        open = undefined;
      }
      if (open?.decision !== undefined) {
        if (isStale(open, open.decision.at)) throw await decline(open, 'APPROVAL_EXPIRED');
        return grant(open, open.decision, false);
      }
      if (!canAsk && parts.approveIn === 'client') throw refusal('NO_FORM');
      // The same call again while its question stands is the same question.
      const stands = open !== undefined && (!canAsk || parts.date() - open.askedAt < approvalTime / 2);
      const asking = stands && open !== undefined ? open : await ask(marked(question, before), all);
      if (!canAsk || unshown.has(asking.id)) throw await outside(asking);
      return viaForm(asking, form, question);
    },
  };
}

/** The question with what is new in it pointed out to a person who has seen it before. */
function marked(question: Question, before: readonly string[] | undefined): Question {
  if (before === undefined) return question;
  const [title = '', ...rest] = question.lines;
  const lines = rest.map((line) => (before.includes(line) ? line : `NEW  ${line}`));
  return { ...question, lines: [title, 'This has changed since you were asked before; nothing was done.', ...lines] };
}

const refusals = {
  DECLINED: 'A person declined this call.',
  APPROVAL_CANCELLED: 'The question to the person was closed without an answer.',
  APPROVAL_TIMEOUT: 'Nobody answered the question in time.',
  APPROVAL_UNCLEAR: 'The answer to the question was neither a yes nor a no.',
  NOT_TYPED: 'The name that had to be typed is not the one of the target.',
  APPROVAL_USED: 'This approval was used already, or its question is over.',
  APPROVAL_EXPIRED: 'The approval is too old.',
  APPROVAL_MISMATCH: 'The approval is for another call.',
  NO_FORM:
    'A person has to approve this call, the operator wants to be asked in the client, and this client cannot ask.',
  TOO_MANY_QUESTIONS: 'Too many questions have been put to people in the last minutes.',
} as const;

type Refusal = keyof typeof refusals;

const formRefusals = {
  declined: 'DECLINED',
  cancelled: 'APPROVAL_CANCELLED',
  timeout: 'APPROVAL_TIMEOUT',
  unclear: 'APPROVAL_UNCLEAR',
  failed: 'NO_FORM',
} as const satisfies Record<string, Refusal>;

/** Where there is more to say than to leave it at that. */
const nexts: Partial<Record<Refusal, string>> = {
  DECLINED: 'Tell the user. The same call is declined for five minutes without asking again.',
  TOO_MANY_QUESTIONS: 'Tell the user. More can be asked in five minutes.',
};

function refusal(code: Refusal): ActionError {
  const next = nexts[code];
  return failed('approval', `${refusals[code]} Nothing was sent.`, { code, ...(next !== undefined && { next }) });
}
