/** The public page: choose what an assistant may do, see the scopes that takes, follow the steps. Pure. */
import type { Child } from 'hono/jsx';
import { similar } from '../../core/similar.js';
import { choiceAreas } from '../guide/choices.js';
import { needsOf } from '../guide/needs.js';
import { readSelection, writeSelection } from '../guide/selection.js';
import { html, Layout, type Visitor, verbatim } from '../layout.js';
import { Copy, Notice } from '../parts.js';
import { Id } from './named.js';
import { ScopesNeeded } from './scopes-needed.js';
import { Selector, SeparatorChoice, share } from './selector.js';
import { Steps } from './steps.js';

export interface GuideContext {
  readonly visitor?: Visitor | undefined;
  /** In place of links to styles and script: the guide is a file of its own. */
  readonly alone?: Child;
}

export function renderGuide(query: URLSearchParams, { visitor, alone }: GuideContext = {}): string {
  const selection = readSelection(query, choiceAreas);
  const needs = needsOf(selection, choiceAreas);
  const isAlone = alone !== undefined;
  return html(
    <Layout title="Guide" path="/hub" visitor={visitor} alone={alone}>
      <div class="stack is-loose" id="guide" data-alone={isAlone ? '' : undefined}>
        <header class="stack">
          <h1>Connect an assistant to your Databricks account</h1>
          <p class="lead">
            Choose what the assistant may do. This page tells the least OAuth scopes that takes, and the steps that
            create the credentials.
          </p>
          <Notice>
            <p>
              <strong>The steps need account-admin rights.</strong> Choosing does not: choose, then{' '}
              {isAlone
                ? 'hand this file to an account admin.'
                : 'send an account admin this page as a file, or its address if they can reach this hub.'}
            </p>
          </Notice>
          <Unknown names={selection.unknown} />
        </header>
        <section class="stack" aria-labelledby="choose-title">
          <h2 id="choose-title">What may the assistant do?</h2>
          <div class="split">
            <details class="fold choosing" open={needs.isOpen}>
              <summary>
                <span class="fold-title">{needs.isOpen ? 'Choose actions, or scopes' : 'Change the choice'}</span>
                <span class="fold-note" data-told="of">
                  {share(needs, total)}
                </span>
              </summary>
              <Selector areas={choiceAreas} selection={selection} needs={needs} alone={isAlone} />
            </details>
            <section class="card stack is-aside" id="scopes" aria-labelledby="scopes-title">
              <h3 id="scopes-title">Scopes it takes</h3>
              <div class="code is-wrapping scopes-text">
                <pre>
                  <code id="scopes-text" data-told="text">
                    {needs.text}
                  </code>
                </pre>
                <Copy what="scopes" from="scopes-text" />
              </div>
              <SeparatorChoice selection={selection} />
              <div id="scopes-needed">
                <ScopesNeeded needs={needs} by={selection.by} />
              </div>
              <p class="to-steps small">
                <a href="#steps-title">Steps for the account admin</a>
              </p>
            </section>
          </div>
        </section>
        <section class="stack" aria-labelledby="steps-title">
          <div class="row is-spread">
            <h2 id="steps-title">Guide for the account admin</h2>
            {!isAlone && <Share query={writeSelection(selection, choiceAreas)} />}
          </div>
          <div id="steps">
            <Steps needs={needs} alone={isAlone} />
          </div>
        </section>
      </div>
      <script type="application/json" id="catalogue">
        {verbatim(JSON.stringify(choiceAreas).replaceAll('<', '\\u003c'))}
      </script>
    </Layout>,
  );
}

const total = choiceAreas.reduce((sum, { choices }) => sum + choices.length, 0);

const Share = ({ query }: { query: string }) => (
  <span class="row">
    <a href={`/hub/guide.html${query}`} data-follows="">
      Save as a file
    </a>
    <a href={`/hub${query}`} data-follows="">
      Address of this choice
    </a>
    <button type="button" class="button is-quiet" data-needs-script="" data-copy-what="address" data-copy-address="">
      <span data-copy-label="">Copy</span> <span class="visually-hidden">address</span>
    </button>
  </span>
);

/** An old address, or one typed by hand. */
const Unknown = ({ names }: { names: readonly string[] }) => {
  if (names.length === 0) return null;
  const known = choiceAreas.flatMap(({ id, choices }) => [id, ...choices.map(({ name }) => name)]);
  return (
    <Notice tone="warning">
      <p>
        <strong>The address names what is not known here,</strong> and is followed without it:
      </p>
      <ul>
        {names.slice(0, mostUnknown).map((name) => {
          const guesses = similar(name.toLowerCase(), known);
          return (
            <li>
              <Id>{name}</Id>
              {guesses.length > 0 && `: did you mean ${guesses.join(', ')}?`}
            </li>
          );
        })}
        {names.length > mostUnknown && <li>and {names.length - mostUnknown} more</li>}
      </ul>
    </Notice>
  );
};

const mostUnknown = 8;
