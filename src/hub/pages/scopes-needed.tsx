/** What a selection needs in scopes: each with what it opens, and what makes it many. Drawn by server and browser. */

import type { Needs, ScopeNeed } from '../guide/needs.js';
import type { Selection } from '../guide/selection.js';
import { Copy, Notice } from '../parts.js';
import { count, Id, Named } from './named.js';

export const ScopesNeeded = ({ needs, by }: { needs: Needs; by: Selection['by'] }) => (
  <div class="stack">
    {needs.isOpen && <Open by={by} />}
    {needs.wide.length > 0 && <Wide needs={needs} />}
    {!needs.isOpen && (
      <ul class="plain scope-list">
        {needs.scopes.map((each) => (
          <Scope need={each} by={by} />
        ))}
      </ul>
    )}
  </div>
);

const Open = ({ by }: { by: Selection['by'] }) => (
  <p class="small">
    Nothing is chosen yet. Without scopes Databricks grants <Id>all-apis</Id>, the widest choice: every action here, and
    any other API that the service principal has rights to.{' '}
    {by === 'actions' ? 'Choose actions to get by with less.' : 'Choose scopes to see what they open.'}
  </p>
);

const Wide = ({ needs: { wide, without } }: { needs: Needs }) => (
  <Notice tone="warning">
    <p>
      <strong>This takes the widest scope.</strong> <Id>all-apis</Id> is needed for{' '}
      {wide.length === 1 ? 'one of the actions:' : `${wide.length} of the actions:`}
    </p>
    <Named choices={wide} fold="wide" />
    {without.length > 0 && (
      <p class="small">
        Without {wide.length === 1 ? 'it' : 'them'} <Id>{without.join(' ')}</Id> would do.
      </p>
    )}
    {wide.some(({ scopes }) => scopes.length > 1) && (
      <p class="small">
        For secrets of service principals Databricks may accept <Id>authentication</Id> instead; try it first.
      </p>
    )}
  </Notice>
);

const Scope = ({ need: { scope, opens, also }, by }: { need: ScopeNeed; by: Selection['by'] }) => (
  <li>
    <div class="row is-spread">
      <h4>
        <Id>{scope}</Id>
      </h4>
      <Copy what={`scope ${scope}`} text={scope} />
    </div>
    {opens.length === 0 ? (
      <p class="small muted">Opens none of the actions here. It is passed on as it is.</p>
    ) : (
      <>
        <p class="small muted">{by === 'actions' ? 'Opens what you chose:' : 'Opens:'}</p>
        <Named choices={opens} fold={`opens ${scope}`} />
      </>
    )}
    {also.length > 0 && by === 'actions' && (
      <details class="fold small muted" data-fold={`also ${scope}`}>
        <summary>Opens {count(also.length)} you did not choose</summary>
        <p>A scope cannot be split. Keep the others off in the server, with its policy or --deny.</p>
        <ul class="names">
          {also.map(({ label }) => (
            <li>{label}</li>
          ))}
        </ul>
      </details>
    )}
  </li>
);
