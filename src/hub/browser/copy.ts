/** Copy buttons: the clipboard, with a way around where the browser keeps it shut, and a word for those who listen. */
import { speak } from './speak.js';

export function enableCopying(): void {
  document.addEventListener('click', (event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-copy-what]') : null;
    if (button !== null) void copy(button);
  });
}

async function copy(button: HTMLElement): Promise<void> {
  const { copyWhat: what = '', copyFrom: from } = button.dataset;
  const given = 'copyAddress' in button.dataset ? location.href : button.dataset.copy;
  const text = given ?? (from === undefined ? undefined : document.getElementById(from)?.textContent) ?? '';
  const done = await toClipboard(text);
  speak(done ? `Copied: ${what}` : `Not copied: ${what}. Select the text and copy it by hand.`);
  const label = button.querySelector('[data-copy-label]');
  if (label === null) return;
  label.textContent = done ? 'Copied' : 'Not copied';
  setTimeout(() => {
    label.textContent = 'Copy';
  }, 2000);
}

/** A page opened as a file, or by http from another machine, has no clipboard of its own. */
async function toClipboard(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return bySelection(text);
  }
}

function bySelection(text: string): boolean {
  const before = document.activeElement;
  const area = document.createElement('textarea');
  area.className = 'visually-hidden';
  area.value = text;
  document.body.append(area);
  area.select();
  // Deprecated, and the only way where the above is refused.
  const done = document.execCommand('copy');
  area.remove();
  if (before instanceof HTMLElement) before.focus();
  return done;
}
