/** Says something to those who listen to the page, without moving anybody's focus. */
export function speak(text: string): void {
  const place = document.getElementById('spoken');
  if (place === null) return;
  // The same words twice would be silent the second time.
  place.textContent = place.textContent === text ? `${text}\u00a0` : text;
}
