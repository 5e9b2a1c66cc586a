/** What a page does once scripts run. Every page works without it. */
import { enableCopying } from './copy.js';
import { enliven } from './guide.js';

enableCopying();

const guide = document.getElementById('guide');
const form = document.querySelector<HTMLFormElement>('#choose');
if (guide !== null && form !== null) enliven(guide, form);
