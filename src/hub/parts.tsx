/** Pieces that pages share: a notice, a copy button, a block of code with one. */
import type { Child } from 'hono/jsx';
import { CopySign, Sign, type Tone } from './icons.js';

/** `role="status"` or `"alert"` where it is told after an action, so that a screen reader speaks it. */
export const Notice = ({ tone = 'info', role, children }: { tone?: Tone; role?: string; children: Child }) => (
  <div class={`notice is-${tone}`} {...(role !== undefined && { role })}>
    <Sign tone={tone} />
    <div class="stack is-tight">{children}</div>
  </div>
);

/**
 * Copies what stands in the element of that id, or the text itself. `what` names it for a screen reader, which hears
 * "Copy <what>" and, afterwards, "<what> copied".
 */
export const Copy = ({ what, from, text }: { what: string } & Source) => (
  <button
    type="button"
    class="button is-quiet"
    data-needs-script=""
    data-copy-what={what}
    {...(from !== undefined ? { 'data-copy-from': from } : { 'data-copy': text })}
  >
    <CopySign />
    <span data-copy-label="">Copy</span> <span class="visually-hidden">{what}</span>
  </button>
);

type Source = { from: string; text?: undefined } | { from?: undefined; text: string };

/** A block to copy. `title` stands above it and names it; `id` has to be the only one of its page. */
export const Code = ({ id, title, wraps = false, children }: CodeProps) => (
  <figure class={wraps ? 'code is-wrapping' : 'code'}>
    <figcaption>
      <span>{title}</span>
      <Copy what={title} from={id} />
    </figcaption>
    {/* Scrolls sideways, so it has to be reachable by keyboard. */}
    <section tabindex={0} aria-label={title}>
      <pre>
        <code id={id}>{children}</code>
      </pre>
    </section>
  </figure>
);

interface CodeProps {
  id: string;
  title: string;
  /** Long lines break instead of scrolling. */
  wraps?: boolean;
  children: Child;
}
