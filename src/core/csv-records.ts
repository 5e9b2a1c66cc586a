// Cuts CSV (RFC 4180) into records as it arrives, holding at most one record. Knows no column.
//
// Not csv-parse: with `max_record_size` and `skip_records_with_error` its 7.0.3 drops the rest of every chunk after a record
// that is too long, and without `max_record_size` one quote that never closes makes it hold the rest of the file.

export interface CsvReader {
  push(text: string): void;
  end(): void;
}

export interface CsvSink {
  /** One well-formed record. Empty lines are no records. */
  record(fields: readonly string[]): void;
  /** Lines given up: after the closing quote came no comma, a quote never closed, or the record was too long. */
  broken(lines: number): void;
}

type State = 'start' | 'plain' | 'quoted' | 'after-quote' | 'lost';

const special = { plain: /[,\n]/g, quoted: /"/g, lost: /\n/g };

/** `maxLength` counts the characters of a record, on top of which at most one chunk is held. */
export function createCsvReader(sink: CsvSink, maxLength = 1_048_576): CsvReader {
  let state: State = 'start';
  let fields: string[] = [];
  let field = '';
  let length = 0;
  let lines = 1;

  const take = (text: string) => {
    field += text;
    length += text.length;
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines += 1;
  };
  const endField = () => {
    fields.push(field);
    field = '';
    // An empty field takes memory too.
    length += 1;
    state = 'start';
  };
  const endRecord = () => {
    if (state === 'lost' || state === 'quoted' || length > maxLength) sink.broken(lines);
    else {
      // The carriage return of a CRLF: part of a plain field, and ignored after a closing quote.
      if (state === 'plain' && field.endsWith('\r')) field = field.slice(0, -1);
      endField();
      if (fields.length > 1 || fields[0] !== '') sink.record(fields);
    }
    state = 'start';
    fields = [];
    field = '';
    length = 0;
    lines = 1;
  };
  const lose = () => {
    state = 'lost';
    fields = [];
    field = '';
  };
  /** Text up to the next character that matters here, which is returned; '' when the text ends before. */
  const stepOver = (text: string, from: number, until: RegExp): [taken: string, found: string] => {
    until.lastIndex = from;
    const at = until.exec(text)?.index ?? text.length;
    return [text.slice(from, at), text.charAt(at)];
  };

  return {
    push(text) {
      for (let at = 0; at < text.length; ) {
        if (length > maxLength && state !== 'lost') lose();
        if (state === 'start' && text[at] === '"') {
          state = 'quoted';
          at += 1;
          continue;
        }
        if (state === 'after-quote') {
          const character = text.charAt(at);
          at += 1;
          if (character === '"') {
            take('"');
            state = 'quoted';
          } else if (character === ',') endField();
          else if (character === '\n') endRecord();
          else if (character !== '\r') lose();
          continue;
        }
        if (state === 'start') state = 'plain';
        const [taken, found] = stepOver(text, at, special[state]);
        at += taken.length + found.length;
        if (state !== 'lost') take(taken);
        if (found === '"') state = 'after-quote';
        else if (found === ',') endField();
        else if (found === '\n') endRecord();
      }
    },
    end() {
      if (state !== 'start' || fields.length > 0) endRecord();
    },
  };
}
