/** Actions and scopes inside text: a few are named in the line, many fold away. */
import type { Choice } from '../guide/selection.js';

export const Id = ({ children }: { children: string }) => <code class="id is-whole">{children}</code>;

/** `fold` names the list, so that it stays open when it is drawn again; it has to be the only one of its page. */
export function Named({ choices, fold }: { choices: readonly Choice[]; fold: string }) {
  if (choices.length <= few) {
    return <p class="small">{choices.map(({ label }) => label).join(' · ')}</p>;
  }
  return (
    <details class="fold small" data-fold={fold}>
      <summary>{count(choices.length)}</summary>
      <ul class="names">
        {choices.map(({ label }) => (
          <li>{label}</li>
        ))}
      </ul>
    </details>
  );
}

const few = 4;

export const count = (number: number): string => (number === 1 ? '1 action' : `${number} actions`);

export const cloudNames = { aws: 'AWS', azure: 'Azure', gcp: 'Google Cloud' } as const;
