/** What a page does once scripts run. Every page works without it. */
import { enableCopying } from './copy.js';
import { insistOnSeeing } from './deliberate.js';
import { enliven } from './guide.js';
import { watch } from './watch.js';

enableCopying();
insistOnSeeing([...document.querySelectorAll<HTMLElement>('[data-deliberate]')]);

const guide = document.getElementById('guide');
const form = document.querySelector<HTMLFormElement>('#choose');
if (guide !== null && form !== null) enliven(guide, form);

const watching = document.querySelector<HTMLElement>('[data-watch]');
if (watching?.dataset.watch !== undefined) watch(watching, watching.dataset.watch);
