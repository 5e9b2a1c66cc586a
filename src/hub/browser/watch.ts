/**
 * Looks now and then whether what waits has changed, and shows it: by loading the page anew where nothing waited, else by
 * saying so. No question takes the place of another under the pointer of somebody who is about to answer.
 */
const pause = 4_000;

export function watch(page: HTMLElement, address: string): void {
  const known = page.dataset.watchNow ?? '';
  const look = async () => {
    // Nobody sees it; it looks again when somebody does.
    if (document.hidden) return;
    const answer = await fetch(address, { redirect: 'manual' }).catch(() => undefined);
    if (answer?.ok !== true || (await answer.text()) === known) return;
    clearInterval(timer);
    if (known === '') location.assign(location.pathname);
    else page.querySelector('[data-watch-notice]')?.removeAttribute('hidden');
  };
  const timer = setInterval(() => void look(), pause);
}
