/** Calls that wait for a person, with the facts the server has read, to be approved or declined: the terminal's `approve`. */
import type { Hono } from 'hono';
import { oneLine, plain } from '../core/visible.js';
import { type ApprovalRecord, approvalTime } from '../guard/approvals.js';
import type { Waiting } from '../link/waiting.js';
import { html, Layout, type Visitor } from './layout.js';
import { Notice } from './parts.js';
import { type HubEnv, sessionOf, type Visiting } from './visit.js';

export interface ApprovalPageParts {
  readonly waiting: Waiting;
  /** Milliseconds since 1970. */
  readonly date: () => number;
}

/** What became of a question, as the address of the page tells it after the form was taken. */
const outcomes = {
  approved: ['success', 'Approved. Have the client make the call again now.'],
  declined: ['info', 'Declined. Nothing happens.'],
  over: ['warning', 'This question was settled in the meantime, or it is older than five minutes.'],
} as const;

type Outcome = keyof typeof outcomes;

/** A name that was typed wrong, to be corrected in its place. */
interface Slip {
  readonly id: string;
  readonly typed: string;
}

export function addApprovals(app: Hono<HubEnv>, { waiting, date }: ApprovalPageParts): void {
  const page = async (c: Visiting, slip?: Slip) => {
    const { done } = c.req.query();
    const outcome = done !== undefined && Object.hasOwn(outcomes, done) ? (done as Outcome) : undefined;
    const records = await waiting.open();
    const props = { records, now: date(), visitor: c.get('visitor'), csrf: sessionOf(c).csrf, slip, outcome };
    return c.html(html(<ApprovalsPage {...props} />), slip === undefined ? 200 : 422);
  };

  app.get('/hub/approvals', (c) => page(c));

  /** Which wait, for a page that is open: it asks again and again. */
  app.get('/hub/approvals/open', async (c) => c.text(idsOf(await waiting.open())));

  app.post('/hub/approvals', async (c) => {
    const form = c.get('form');
    const by = sessionOf(c).operator.name;
    const record = (await waiting.open()).find(({ id }) => id === form.get('id'));
    const done = (outcome: Outcome) => c.redirect(`/hub/approvals?done=${outcome}`, 303);
    if (record === undefined) return done('over');
    switch (form.get('decision')) {
      case 'approve': {
        const typed = (form.get('typed') ?? '').trim();
        if (record.typed !== undefined && typed !== record.typed) return page(c, { id: record.id, typed });
        return done((await waiting.approve(record, by)) ? 'approved' : 'over');
      }
      case 'decline':
        return done((await waiting.end(record, 'declined', by)) ? 'declined' : 'over');
      default:
        return page(c);
    }
  });
}

const idsOf = (records: readonly ApprovalRecord[]): string => records.map(({ id }) => id).join(' ');

interface PageProps {
  records: readonly ApprovalRecord[];
  now: number;
  visitor: Visitor | undefined;
  csrf: string;
  slip: Slip | undefined;
  outcome: Outcome | undefined;
}

const ApprovalsPage = ({ records, now, visitor, csrf, slip, outcome }: PageProps) => (
  <Layout title="Approvals" path="/hub/approvals" visitor={visitor}>
    <div class="stack is-loose" data-watch="/hub/approvals/open" data-watch-now={idsOf(records)}>
      <header class="stack">
        <h1>Approvals</h1>
        <p class="lead">
          Calls that wait for a person. An approval covers one call with just these arguments and this state of its
          target, for five minutes, once.
        </p>
      </header>
      {outcome !== undefined && (
        <Notice tone={outcomes[outcome][0]} role="status">
          <p>{outcomes[outcome][1]}</p>
        </Notice>
      )}
      <div data-watch-notice="" hidden>
        <Notice role="status">
          <p>
            What waits has changed. <a href="/hub/approvals">Load the page again</a>
          </p>
        </Notice>
      </div>
      {records.length === 0 && (
        <div class="empty">
          <p>
            Nothing waits for approval. <a href="/hub/approvals">Look again</a>
          </p>
        </div>
      )}
      {records.map((record) => (
        <Question record={record} now={now} csrf={csrf} slip={slip?.id === record.id ? slip : undefined} />
      ))}
    </div>
  </Layout>
);

/** The line as it is; what stands before its value is set apart for the eye. */
const Fact = ({ line }: { line: string }) => {
  const label = line.match(/^[^":]{1,40}: /)?.[0] ?? '';
  return (
    <>
      <b>{label}</b>
      {`${line.slice(label.length)}\n`}
    </>
  );
};

const Question = ({
  record,
  now,
  csrf,
  slip,
}: {
  record: ApprovalRecord;
  now: number;
  csrf: string;
  slip: Slip | undefined;
}) => {
  const { id, lines, typed, caller, client, askedAt } = record;
  const [title = '', ...facts] = lines;
  const seconds = Math.max(0, Math.round((now - askedAt) / 1_000));
  const left = Math.max(0, Math.ceil((askedAt + approvalTime - now) / 60_000));
  return (
    <article class="card stack" aria-labelledby={`question-${id}`}>
      <h2 id={`question-${id}`}>{title}</h2>
      <div class="code is-wrapping">
        <pre>
          {facts.map((line) => (
            <Fact line={line} />
          ))}
        </pre>
      </div>
      <p class="muted small">
        Asked {seconds < 90 ? `${seconds} s` : `${Math.round(seconds / 60)} min`} ago through {plain(caller)}
        {client !== undefined && ` by the client ${oneLine(client, 80)}`}. It can be settled for {left} more min.
      </p>
      <form method="post" action="/hub/approvals" class="stack" autocomplete="off">
        <input type="hidden" name="csrf" value={csrf} />
        <input type="hidden" name="id" value={id} />
        {typed !== undefined && <TypedName id={id} typed={typed} slip={slip} />}
        <div class="row">
          <button type="submit" name="decision" value="approve" class="button is-danger" data-deliberate="">
            Approve
          </button>
          <button type="submit" name="decision" value="decline" class="button" formnovalidate>
            Decline
          </button>
        </div>
      </form>
    </article>
  );
};

/** Where the loss is great and final a yes is not enough. */
const TypedName = ({ id, typed, slip }: { id: string; typed: string; slip: Slip | undefined }) => (
  <div class="field">
    <label for={`typed-${id}`}>To approve it, type {typed}</label>
    {slip !== undefined && (
      <p class="error" id={`slip-${id}`} role="alert">
        That is not it, so nothing was approved. The question still waits.
      </p>
    )}
    <input
      id={`typed-${id}`}
      name="typed"
      value={slip?.typed ?? ''}
      required
      autocapitalize="off"
      spellcheck={false}
      {...(slip !== undefined && { 'aria-invalid': 'true' as const, 'aria-describedby': `slip-${id}` })}
    />
  </div>
);
