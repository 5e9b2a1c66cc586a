/**
 * A button that cannot be taken back is pressed by whoever has seen it: not in the moment in which its page comes up or
 * comes to the front. Another site can put a window of its own over the page and have it vanish between the two presses
 * of a double click; no header keeps that out.
 */

/** Milliseconds: longer than the pause between the presses of a double click, as systems count it. */
const moment = 800;

export function insistOnSeeing(buttons: readonly HTMLElement[]): void {
  if (buttons.length === 0) return;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isTooSoon = false;
  const tell = (tooSoon: boolean) => {
    isTooSoon = tooSoon;
    // Not `disabled`: that would take the focus away.
    for (const button of buttons) button.ariaDisabled = tooSoon ? 'true' : null;
  };
  const begin = () => {
    clearTimeout(timer);
    tell(true);
    timer = setTimeout(() => tell(false), moment);
  };
  const isOnOne = ({ target }: Event) => target instanceof Node && buttons.some((button) => button.contains(target));
  // Enter in a field presses the button as well, so this is all there is to hear.
  document.addEventListener(
    'click',
    (event) => {
      if (isTooSoon && isOnOne(event)) event.preventDefault();
    },
    { capture: true },
  );
  window.addEventListener('focus', begin);
  document.addEventListener('visibilitychange', begin);
  begin();
}
