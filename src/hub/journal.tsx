/** What was changed through this program: the last entries of every journal, whether each is whole, what has no outcome. */
import { stat } from 'node:fs/promises';
import type { Hono } from 'hono';
import { type AuditEntry, lastEntries, type Unsettled, unknownWrites } from '../guard/journal/tail.js';
import type { Verdict } from '../guard/journal/verify.js';
import {
  entryCells,
  entryHeads,
  safe,
  timeOf,
  unknownFacts,
  verdictWords,
  whyUnknown,
} from '../guard/journal/words.js';
import { type FoundJournal, verdictOn } from '../link/journals.js';
import { html, Layout, type Visitor } from './layout.js';
import { Notice } from './parts.js';
import type { HubEnv } from './visit.js';

/** Entries of each journal; `audit tail` shows more. */
const mostEntries = 50;

interface Shown {
  readonly journal: FoundJournal;
  readonly verdict: Verdict;
  readonly entries: readonly AuditEntry[];
  readonly unknown: readonly Unsettled[];
}

export function addJournal(app: Hono<HubEnv>, journals: () => readonly FoundJournal[]): void {
  const verdicts = rememberingVerdicts();
  app.get('/hub/journal', async (c) => {
    const shown = await Promise.all(
      journals().map(async (journal) => ({
        journal,
        verdict: await verdicts(journal),
        entries: (await lastEntries(journal.file, mostEntries)).reverse(),
        unknown: (await unknownWrites(journal.file, { lost: true })).reverse(),
      })),
    );
    return c.html(html(<JournalPage shown={shown} visitor={c.get('visitor')} />));
  });
}

/** Proving reads the whole file, so it is done again only when the file has changed. */
function rememberingVerdicts(): (journal: FoundJournal) => Promise<Verdict> {
  const known = new Map<string, { readonly version: string; readonly verdict: Promise<Verdict> }>();
  return async (journal) => {
    const { file } = journal;
    const parts = await Promise.all([file, `${file}.head`].map((path) => stat(path).catch(() => undefined)));
    const version = parts.map((part) => `${part?.ino} ${part?.mtimeMs} ${part?.size}`).join();
    const before = known.get(file);
    if (before?.version === version) return before.verdict;
    const verdict = verdictOn(journal);
    known.set(file, { version, verdict });
    verdict.catch(() => known.delete(file));
    return verdict;
  };
}

const JournalPage = ({ shown, visitor }: { shown: readonly Shown[]; visitor: Visitor | undefined }) => (
  <Layout title="Journal" path="/hub/journal" visitor={visitor}>
    <div class="stack is-loose">
      <header class="stack">
        <h1>Journal</h1>
        <p class="lead">
          What was changed through this program, by whom, and what became of it. The newest comes first.
        </p>
      </header>
      {shown.length === 0 && (
        <div class="empty">
          <p>There is no journal yet: nothing has been changed through this program on this machine.</p>
        </div>
      )}
      {shown.map((each) => (
        <OfAccount {...each} />
      ))}
    </div>
  </Layout>
);

const OfAccount = ({ journal: { accountId, sandbox }, verdict, entries, unknown }: Shown) => {
  const id = `journal-${sandbox ? 'sandbox-' : ''}${accountId}`;
  return (
    <section class="stack" aria-labelledby={id}>
      <h2 id={id}>
        Account <span class="id">{accountId}</span> {sandbox && <span class="badge">sandbox</span>}
      </h2>
      <Notice tone={verdict.whole ? 'success' : 'danger'}>
        <p>
          <strong>{verdict.whole ? 'Whole' : 'Not whole'}</strong> {safe(verdictWords(verdict), 600)}
        </p>
      </Notice>
      {unknown.length > 0 && <UnknownWrites unknown={unknown} />}
      {entries.length > 0 && (
        <section class="table is-stacking" tabindex={0} aria-label={`Last entries of account ${accountId}`}>
          <table>
            <thead>
              <tr>
                {entryHeads.map((head) => (
                  <th scope="col">{head}</th>
                ))}
              </tr>
            </thead>
            <tbody>
              {entries.map((entry) => (
                <tr>
                  {entryCells(entry).map((cell, column) => (
                    <td data-head={entryHeads[column]} {...(cell === '-' && { 'data-empty': '' })}>
                      {cell}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </section>
  );
};

const UnknownWrites = ({ unknown }: { unknown: readonly Unsettled[] }) => (
  <section class="stack">
    <h3>Writes whose outcome is not known</h3>
    {unknown.map((write) => (
      <article class="card stack">
        <p>
          {timeOf(write.time)} <span class="id">{safe(write.action, 80)}</span> ({safe(write.risk)}) by{' '}
          {safe(write.caller)}: {whyUnknown(write)}
        </p>
        <dl class="facts">
          {unknownFacts(write).map(([name, fact]) => (
            <div>
              <dt>{name}</dt>
              <dd>{fact}</dd>
            </div>
          ))}
        </dl>
      </article>
    ))}
    <p class="muted small">
      <code>audit unknown --look</code> reads the account to tell what became of them, <code>audit settle</code> records
      it.
    </p>
  </section>
);
