/** What counts as an approval, and what does not: every way a yes can be missing, late, forged, reused or about something else. */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { ActionError } from '../../src/core/errors.js';
import { createApprovalFiles } from '../../src/guard/approval-files.js';
import {
  type ApprovalParts,
  type AskedQuestion,
  createApprovals,
  type Form,
  type FormAnswer,
  type Question,
} from '../../src/guard/approvals.js';
import { temporaryDirectory } from '../databricks/servers.js';

const question: Question = {
  action: 'databricks_delete_user',
  label: 'Delete User',
  risk: 'destructive',
  accountId: 'a-1',
  sandbox: true,
  caller: 'stdio',
  binding: 'delete user 1',
  snapshot: 'user 1 as it is',
  lines: ['Delete user "ana@example.com"', 'Roles: none'],
};

interface Desk {
  readonly obtain: (changes?: Partial<Question>, form?: Form) => Promise<{ channel: string; by: string; id: string }>;
  readonly store: ReturnType<typeof createApprovalFiles>;
  readonly clock: { now: number; date: number };
  readonly events: string[];
}

function desk(t: TestContext, settings: Partial<ApprovalParts> = {}, directory = temporaryDirectory(t)): Desk {
  const clock = { now: 1_000, date: 1_700_000_000_000 };
  const events: string[] = [];
  const store = createApprovalFiles({ directory, key: async () => Buffer.alloc(32, 7), date: () => clock.date });
  let ids = 0;
  const approvals = createApprovals({
    store,
    now: () => clock.now,
    date: () => clock.date,
    newId: () => {
      ids += 1;
      return `question${Math.random().toString(36).slice(2, 8)}${ids}`;
    },
    approveIn: 'auto',
    command: (id) => `approve ${id}`,
    onEvent: (event, { id }, facts) =>
      events.push([event, facts?.code ?? ''].join(' ').trim() + (id === '' ? '?' : '')),
    ...settings,
  });
  return { obtain: (changes, form) => approvals.obtain({ ...question, ...changes }, form), store, clock, events };
}

const pass = (desk: Desk, milliseconds: number) => {
  desk.clock.now += milliseconds;
  desk.clock.date += milliseconds;
};

/** A client that asks its user at once. */
const answering = (answer: FormAnswer, seen: AskedQuestion[] = []): Form => ({
  ask: async (asked) => {
    seen.push(asked);
    return answer;
  },
});

/** A client of the later protocol: the question ends the call. */
class Ended extends Error {
  readonly asked: AskedQuestion;
  constructor(asked: AskedQuestion) {
    super('asked');
    this.asked = asked;
  }
}
const later = (reply?: Form['reply']): Form => ({
  ...(reply !== undefined && { reply }),
  ask: (asked) => Promise.reject(new Ended(asked)),
});

async function askedOf(attempt: Promise<unknown>): Promise<AskedQuestion> {
  try {
    await attempt;
  } catch (error) {
    if (error instanceof Ended) return error.asked;
    throw error;
  }
  throw new Error('nobody was asked');
}

const yes: FormAnswer = { kind: 'approved' };

async function refusedWith(attempt: Promise<unknown>, code: string): Promise<ActionError> {
  let caught: unknown;
  try {
    await attempt;
  } catch (error) {
    caught = error;
  }
  assert.ok(caught instanceof ActionError, `not refused: ${String(caught)}`);
  assert.equal(caught.failure.code, code);
  assert.equal(caught.failure.sent, 'no');
  return caught;
}

describe('a form that is answered at once', () => {
  it('approves the call, once', async (t) => {
    const at = desk(t);
    const approval = await at.obtain({}, answering(yes));
    assert.equal(approval.channel, 'form');
    assert.equal(approval.by, 'stdio');
    assert.deepEqual(
      (await at.store.all()).map(({ state }) => state),
      ['used'],
    );
  });

  for (const [kind, code] of [
    ['declined', 'DECLINED'],
    ['cancelled', 'APPROVAL_CANCELLED'],
    ['timeout', 'APPROVAL_TIMEOUT'],
    ['unclear', 'APPROVAL_UNCLEAR'],
  ] as const) {
    it(`refuses the call when it comes back ${kind}, in words of its own`, async (t) => {
      const at = desk(t);
      const { message } = await refusedWith(at.obtain({}, answering({ kind })), code);
      assert.match(message, /Nothing was sent/);
    });
  }

  it('does not ask a person again about a call they have just declined', async (t) => {
    const at = desk(t);
    const seen: AskedQuestion[] = [];
    const { failure } = await refusedWith(at.obtain({}, answering({ kind: 'declined' }, seen)), 'DECLINED');
    assert.match(failure.next ?? '', /declined for five minutes/);
    await refusedWith(at.obtain({}, answering(yes, seen)), 'DECLINED');
    assert.equal(seen.length, 1);
    pass(at, 301_000);
    await at.obtain({}, answering(yes, seen));
  });

  it('leads to the terminal when the client cannot show it after all, and does not try the form again', async (t) => {
    const at = desk(t);
    const seen: AskedQuestion[] = [];
    const first = await refusedWith(at.obtain({}, answering({ kind: 'failed' }, seen)), 'APPROVAL_NEEDED');
    const second = await refusedWith(at.obtain({}, answering({ kind: 'failed' }, seen)), 'APPROVAL_NEEDED');
    assert.equal(first.failure.approval?.id, second.failure.approval?.id);
    assert.equal(seen.length, 1);
  });

  it('has to hold the name where the call needs one typed', async (t) => {
    const at = desk(t);
    await refusedWith(at.obtain({ typed: 'main' }, answering(yes)), 'NOT_TYPED');
    await refusedWith(at.obtain({ typed: 'main' }, answering({ kind: 'approved', typed: 'Main' })), 'NOT_TYPED');
    await at.obtain({ typed: 'main' }, answering({ kind: 'approved', typed: ' main ' }));
  });

  it('is not shown where the operator wants the terminal', async (t) => {
    const at = desk(t, { approveIn: 'terminal' });
    const seen: AskedQuestion[] = [];
    await refusedWith(at.obtain({}, answering(yes, seen)), 'APPROVAL_NEEDED');
    assert.equal(seen.length, 0);
  });

  it('is asked at most twenty times in five minutes', async (t) => {
    const at = desk(t);
    for (let n = 0; n < 20; n += 1) await at.obtain({ binding: `call ${n}` }, answering(yes));
    const { failure } = await refusedWith(at.obtain({ binding: 'one more' }, answering(yes)), 'TOO_MANY_QUESTIONS');
    assert.match(failure.next ?? '', /in five minutes/);
    pass(at, 301_000);
    await at.obtain({ binding: 'one more' }, answering(yes));
  });
});

describe('a question that ends the call and comes back with a reply', () => {
  it('approves the repeated call, once', async (t) => {
    const at = desk(t);
    const { id } = await askedOf(at.obtain({}, later()));
    assert.equal((await at.obtain({}, later({ id, answer: yes }))).id, id);
    await refusedWith(at.obtain({}, later({ id, answer: yes })), 'APPROVAL_USED');
  });

  it('is one question while it stands, however often the call comes without a reply', async (t) => {
    const at = desk(t);
    const first = await askedOf(at.obtain({}, later()));
    const second = await askedOf(at.obtain({}, later()));
    assert.equal(first.id, second.id);
  });

  it('lets exactly one of fifty simultaneous replies through', async (t) => {
    const at = desk(t);
    const { id } = await askedOf(at.obtain({}, later()));
    const results = await Promise.allSettled(
      Array.from({ length: 50 }, () => at.obtain({}, later({ id, answer: yes }))),
    );
    assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 1);
  });

  it('lets exactly one through when two processes share the folder', async (t) => {
    const directory = temporaryDirectory(t);
    const one = desk(t, {}, directory);
    const other = desk(t, {}, directory);
    const { id } = await askedOf(one.obtain({}, later()));
    const results = await Promise.allSettled(
      [one, other, one, other].map((at) => at.obtain({}, later({ id, answer: yes }))),
    );
    assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 1);
  });

  for (const [what, changes] of [
    ['other arguments', { binding: 'delete user 2' }],
    ['another caller', { binding: 'delete user 1 as somebody else' }],
  ] as const) {
    it(`does not serve a call with ${what}`, async (t) => {
      const at = desk(t);
      const { id } = await askedOf(at.obtain({}, later()));
      await refusedWith(at.obtain(changes, later({ id, answer: yes })), 'APPROVAL_MISMATCH');
    });
  }

  it('asks anew when the target has changed, says what is different, and the old reply is void', async (t) => {
    const at = desk(t);
    const first = await askedOf(at.obtain({}, later()));
    const changed = { snapshot: 'user 1 is an admin now', lines: [question.lines[0] ?? '', 'Roles: account_admin'] };
    const second = await askedOf(at.obtain(changed, later({ id: first.id, answer: yes })));
    assert.notEqual(second.id, first.id);
    assert.deepEqual(second.lines, [
      'Delete user "ana@example.com"',
      'This has changed since you were asked before; nothing was done.',
      'NEW  Roles: account_admin',
    ]);
    await refusedWith(at.obtain({}, later({ id: first.id, answer: yes })), 'APPROVAL_USED');
    await at.obtain(changed, later({ id: second.id, answer: yes }));
  });

  it('is too old after five minutes', async (t) => {
    const at = desk(t);
    const { id } = await askedOf(at.obtain({}, later()));
    pass(at, 301_000);
    await refusedWith(at.obtain({}, later({ id, answer: yes })), 'APPROVAL_EXPIRED');
  });

  it('is too old after five minutes also when the clock is set back an hour', async (t) => {
    const at = desk(t);
    const { id } = await askedOf(at.obtain({}, later()));
    at.clock.now += 301_000;
    at.clock.date += 301_000 - 3_600_000;
    await refusedWith(at.obtain({}, later({ id, answer: yes })), 'APPROVAL_EXPIRED');
  });

  it('is void in another process whose clock is an hour behind', async (t) => {
    const directory = temporaryDirectory(t);
    const { id } = await askedOf(desk(t, {}, directory).obtain({}, later()));
    const behind = desk(t, {}, directory);
    behind.clock.date -= 3_600_000;
    await refusedWith(behind.obtain({}, later({ id, answer: yes })), 'APPROVAL_EXPIRED');
  });

  it('is unknown when nobody asked it', async (t) => {
    await refusedWith(desk(t).obtain({}, later({ id: 'made-up', answer: yes })), 'APPROVAL_EXPIRED');
  });
});

describe('a question settled outside the client', () => {
  const decision = (at: Desk) => ({ by: 'ana', channel: 'terminal', at: at.clock.date });
  const open = async (at: Desk, changes: Partial<Question> = {}) => {
    const error = await refusedWith(at.obtain(changes), 'APPROVAL_NEEDED');
    assert.match(error.failure.next ?? '', /`approve question/);
    return error.failure.approval?.id ?? '';
  };

  it('approves the repeated call, once', async (t) => {
    const at = desk(t);
    const id = await open(at);
    assert.equal(await open(at), id, 'the same call is the same question');
    assert.ok(await at.store.approve(id, decision(at)));
    const { channel, by } = await at.obtain();
    assert.deepEqual([channel, by], ['terminal', 'ana']);
    assert.notEqual(await open(at), id);
  });

  it('approves no other call', async (t) => {
    const at = desk(t);
    await at.store.approve(await open(at), decision(at));
    await open(at, { binding: 'delete user 2' });
  });

  it('is void when the target has changed since', async (t) => {
    const at = desk(t);
    const id = await open(at);
    await at.store.approve(id, decision(at));
    assert.notEqual(await open(at, { snapshot: 'renamed' }), id);
    assert.notEqual(await open(at), id, 'changing it back does not bring the approval back');
  });

  it('is void five minutes after it was given, and after it was withdrawn or declined', async (t) => {
    const at = desk(t);
    const late = await open(at);
    await at.store.approve(late, decision(at));
    pass(at, 301_000);
    const withdrawn = await open(at);
    await at.store.approve(withdrawn, decision(at));
    await at.store.end(withdrawn, 'withdrawn');
    const declined = await open(at);
    await at.store.end(declined, 'declined');
    assert.equal(await at.store.approve(declined, decision(at)), false);
    await refusedWith(at.obtain(), 'DECLINED');
  });

  it('is not asked where the operator wants the client and the client cannot', async (t) => {
    const at = desk(t, { approveIn: 'client' });
    await refusedWith(at.obtain(), 'NO_FORM');
    await refusedWith(at.obtain({}, answering({ kind: 'failed' })), 'NO_FORM');
  });
});
