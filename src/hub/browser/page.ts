/** What a page does once scripts run. Every page works without it. */
import { enableCopying } from './copy.js';

enableCopying();
