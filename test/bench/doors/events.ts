/** Reads an event stream: the name and the data of each event. */
import type { Readable } from 'node:stream';

export function onEvents(stream: Readable, event: (data: string, name: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    const events = (rest + text).split(/\r?\n\r?\n/);
    rest = events.pop() ?? '';
    for (const each of events) {
      const data = each.match(/^data: (.*)$/m)?.[1];
      if (data !== undefined) event(data, each.match(/^event: (.*)$/m)?.[1] ?? 'message');
    }
  });
  // It is cut off when the door closes.
  stream.on('error', () => {});
}
