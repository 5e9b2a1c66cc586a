/**
 * Looks now and then whether what waits has changed, and shows it: by loading the page anew where nothing would be lost
 * by that, else by saying so.
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
    if (!isBusy(page)) location.assign(location.pathname);
    else page.querySelector('[data-watch-notice]')?.removeAttribute('hidden');
  };
  const timer = setInterval(() => void look(), pause);
}

/** Somebody is at a form, or has begun to type. */
const isBusy = (page: HTMLElement): boolean =>
  page.contains(document.activeElement) ||
  [...page.querySelectorAll<HTMLInputElement>('input:not([type=hidden])')].some(({ value }) => value !== '');
