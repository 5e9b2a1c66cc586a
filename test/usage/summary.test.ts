import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { createCsvReader } from '../../src/core/csv-records.js';
import { formatDecimal, parseDecimal } from '../../src/core/decimal.js';
import { createUsageSummary, type UsageSummary } from '../../src/core/usage-csv.js';

const header = 'workspaceId,timestamp,clusterName,sku,dbus';
const summarize = (...chunks: (string | Uint8Array)[]): UsageSummary => {
  const summary = createUsageSummary();
  for (const chunk of chunks) summary.push(chunk);
  return summary.end();
};

describe('the summary of a usage CSV', () => {
  const csv = `\uFEFF${header}\r\n1,2026-01-02T00:00:00.000Z,"nightly ""ETL"", α\r\nβ",JOBS,1.1\r\n2,2026-02-01T00:00:00.000Z,,SQL,10.2\r\n\r\n1,2026-01-03T00:00:00.000Z,x,JOBS,2.2`;

  it('adds up DBUs exactly, by SKU and by workspace, the largest first', () => {
    assert.deepEqual(summarize(csv), {
      rows: 3,
      malformed_rows: 0,
      columns: ['workspaceId', 'timestamp', 'clusterName', 'sku', 'dbus'],
      months: ['2026-01', '2026-02'],
      total_dbus: '13.5',
      by_sku: [
        { sku: 'SQL', dbus: '10.2', rows: 1 },
        { sku: 'JOBS', dbus: '3.3', rows: 2 },
      ],
      by_workspace: [
        { workspace_id: '2', dbus: '10.2', rows: 1 },
        { workspace_id: '1', dbus: '3.3', rows: 2 },
      ],
      notes: [],
    });
  });

  it('does not depend on where the bytes are cut', () => {
    const bytes = Buffer.from(csv);
    const whole = summarize(bytes);
    for (let at = 0; at <= bytes.length; at += 1) {
      assert.deepEqual(summarize(bytes.subarray(0, at), bytes.subarray(at)), whole, `cut at ${at}`);
    }
    assert.deepEqual(summarize(...[...bytes].map((byte) => Uint8Array.of(byte))), whole);
  });

  const malformed: [what: string, lines: string, rows: number, malformed: number][] = [
    ['too few columns', '1,2026-01-01,c,S\n1,2026-01-01,c,S,1', 1, 1],
    ['too many columns', '1,2026-01-01,c,S,1,\n1,2026-01-01,c,S,1', 1, 1],
    ['no number', '1,2026-01-01,c,S,much\n1,2026-01-01,c,S,\n1,2026-01-01,c,S,1', 1, 2],
    ['text after a closing quote', '1,2026-01-01,"c"d,S,1\n1,2026-01-01,c,S,1', 1, 1],
    ['a quote that never closes', '1,2026-01-01,c,S,1\n1,2026-01-01,"c,S,1\n1,2026-01-01,c,S,1\n', 1, 3],
    ['a quote inside a plain field, which is harmless', '1,2026-01-01,c"d,S,1', 1, 0],
    ['a quote closed at the very end', '1,2026-01-01,c,S,"1"', 1, 0],
  ];
  for (const [what, lines, rows, bad] of malformed) {
    it(`goes on after ${what}`, () => {
      const summary = summarize(`${header}\n${lines}`);
      assert.deepEqual([summary.rows, summary.malformed_rows], [rows, bad]);
    });
  }

  it('gives up a record of more than a mebibyte and goes on with the next line', () => {
    const long = 'x'.repeat(1_100_000);
    for (const row of [`1,2026-01-01,${long},S,1`, `1,2026-01-01,"${long}",S,1`]) {
      const summary = summarize(`${header}\n`, ...row.match(/.{1,65536}/g)!, '\n1,2026-01-01,c,S,1\n');
      assert.deepEqual([summary.rows, summary.malformed_rows], [1, 1]);
    }
  });

  it('matches columns whatever their case and leaves out what they do not give', () => {
    const lower = summarize('WORKSPACE_ID,Dbus\n7,1e-3\n');
    assert.deepEqual(lower.by_workspace, [{ workspace_id: '7', dbus: '0.001', rows: 1 }]);
    assert.ok(!('by_sku' in lower) && !('months' in lower));
    assert.equal(lower.notes.length, 2);
    const bare = summarize('sku\nA\n');
    assert.ok(!('total_dbus' in bare) && !('by_sku' in bare));
    assert.match(bare.notes.join(), /"dbus", so nothing/);
    assert.deepEqual(summarize('').notes, ['The file has no header line.']);
  });

  it('shows the top thirty and adds up the rest', () => {
    const lines = Array.from({ length: 60 }, (_, index) => `1,2026-01-01,c,S${index},${index}`);
    const { by_sku, other } = summarize(`${header}\n${lines.join('\n')}`);
    assert.equal(by_sku?.length, 30);
    assert.deepEqual(by_sku?.[0], { sku: 'S59', dbus: '59', rows: 1 });
    assert.deepEqual(other, { by_sku: { dbus: '435', rows: 30 } });
  });

  it('loses no amount to a hundred thousand SKUs, __proto__ or a SKU of a thousand letters', () => {
    const summary = createUsageSummary();
    summary.push(`${header}\n1,2026-01-01,c,__proto__,100\n1,2026-01-01,c,${'S'.repeat(1000)},1\n`);
    for (let index = 0; index < 100_000; index += 1) summary.push(`1,2026-01-01,c,S${index},1\n`);
    const { by_sku, other, total_dbus, notes } = summary.end();
    assert.equal(total_dbus, '100101');
    assert.deepEqual(by_sku?.[0], { sku: '__proto__', dbus: '100', rows: 1 });
    assert.deepEqual(other?.by_sku, { dbus: String(100_001 - 29), rows: 100_001 - 29 });
    assert.match(notes.join(), /sku after the first 10000/);
  });
});

describe('the CSV reader', () => {
  const read = (chunks: string[]) => {
    const records: string[][] = [];
    let broken = 0;
    const reader = createCsvReader({
      record: (fields) => records.push([...fields]),
      broken: (lines) => {
        broken += lines;
      },
    });
    for (const chunk of chunks) reader.push(chunk);
    reader.end();
    return { records, broken };
  };
  const piece = fc.constantFrom('"', '""', ',', '\n', '\r\n', '\r', 'a', 'é', ' ');

  it('reads back what was written, however it is cut', () => {
    const cell = fc.array(piece).map((parts) => parts.join(''));
    const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1 });
    fc.assert(
      fc.property(table, fc.integer({ min: 1, max: 9 }), (rows, size) => {
        const csv = rows.map((row) => row.map((text) => `"${text.replaceAll('"', '""')}"`).join(',')).join('\r\n');
        const chunks = Array.from({ length: Math.ceil(csv.length / size) }, (_, at) =>
          csv.slice(at * size, (at + 1) * size),
        );
        assert.deepEqual(read(chunks), { records: rows, broken: 0 });
      }),
    );
  });

  it('says the same of any text, however it is cut', () => {
    fc.assert(
      fc.property(
        fc.array(piece).map((parts) => parts.join('')),
        (text) => {
          assert.deepEqual(read(text.split('')), read([text]));
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe('decimals', () => {
  const table: [text: string, want: string | undefined][] = [
    ['0', '0'],
    ['-0.0', '0'],
    ['1.50', '1.5'],
    ['+.5', '0.5'],
    ['5.', '5'],
    ['-12.25', '-12.25'],
    ['1.2E-5', '0.000012'],
    ['1e3', '1000'],
    ['0.0000000000000000019', '0.000000000000000001'],
    ['', undefined],
    ['.', undefined],
    ['1,5', undefined],
    ['NaN', undefined],
    ['0x1', undefined],
    ['1e999', undefined],
    ['9'.repeat(31), undefined],
  ];
  for (const [text, want] of table) {
    it(`reads "${text}" as ${want}`, () => {
      const parsed = parseDecimal(text);
      assert.equal(parsed === undefined ? undefined : formatDecimal(parsed), want);
    });
  }
});
