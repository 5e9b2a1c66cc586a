import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { after, describe, it } from 'node:test';
import { stateDirectory } from '../../src/core/paths.js';
import { saveUsage, UsageTooLarge } from '../../src/databricks/usage-file.js';

const base = mkdtempSync(join(tmpdir(), 'usage-'));
after(() => rmSync(base, { recursive: true }));
let count = 0;
const freshDir = () => {
  count += 1;
  return join(base, `${count}`, 'usage');
};

const header = 'workspaceId,timestamp,sku,dbus\n';
async function* chunks(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}
const posixOnly = { skip: process.platform === 'win32' };

describe('saving a usage download', () => {
  it('writes the bytes as they are, adds them up and hands back short text', async () => {
    const dir = freshDir();
    const seen: number[] = [];
    const text = `${header}1,2026-01-01,S,1.5\n`;
    const saved = await saveUsage({
      body: chunks(header, '1,2026-01-01,S,1.5\n'),
      dir,
      name: 'usage.csv',
      onProgress: (bytes) => seen.push(bytes),
    });
    assert.equal(saved.path, join(dir, 'usage.csv'));
    assert.equal(readFileSync(saved.path, 'utf8'), text);
    assert.equal(saved.sha256, createHash('sha256').update(text).digest('hex'));
    assert.deepEqual([saved.bytes, saved.text, saved.summary.total_dbus], [text.length, text, '1.5']);
    assert.deepEqual(seen, [header.length, text.length]);
    assert.deepEqual(readdirSync(dir), ['usage.csv']);
  });

  it('keeps file and directory to their owner', posixOnly, async () => {
    const dir = freshDir();
    const { path } = await saveUsage({ body: chunks(header), dir, name: 'usage.csv' });
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.equal(statSync(dir).mode & 0o777, 0o700);
    assert.equal(statSync(join(dir, '..')).mode & 0o777, 0o700);
  });

  it('hands back no text beyond the inline limit', async () => {
    const save = (inlineLimit: number) =>
      saveUsage({ body: chunks(header), dir: freshDir(), name: 'u.csv', inlineLimit });
    assert.equal((await save(header.length)).text, header);
    assert.ok(!('text' in (await save(header.length - 1))));
  });

  it('overwrites nothing: it counts up, even when several arrive at once', async () => {
    const dir = freshDir();
    const save = (text: string) => saveUsage({ body: chunks(text), dir, name: 'u.csv' });
    const saved = await Promise.all(['a', 'b', 'c'].map(save));
    assert.deepEqual(readdirSync(dir).sort(), ['u-2.csv', 'u-3.csv', 'u.csv']);
    for (const { path, text } of saved) assert.equal(readFileSync(path, 'utf8'), text);
  });

  it('follows no symbolic link, neither for the file nor for the directory', posixOnly, async () => {
    const dir = freshDir();
    await saveUsage({ body: chunks('first'), dir, name: 'x.csv' });
    const victim = join(base, 'victim');
    writeFileSync(victim, 'untouched');
    symlinkSync(victim, join(dir, 'u.csv'));
    symlinkSync(join(base, 'not-there'), join(dir, 'u-2.csv'));
    const { path } = await saveUsage({ body: chunks('second'), dir, name: 'u.csv' });
    assert.equal(path, join(dir, 'u-3.csv'));
    assert.equal(readFileSync(victim, 'utf8'), 'untouched');
    symlinkSync(dir, join(base, 'link'));
    await assert.rejects(saveUsage({ body: chunks(''), dir: join(base, 'link'), name: 'u.csv' }), /symbolic link/);
  });

  it('refuses a name that leads elsewhere', async () => {
    for (const name of ['../u.csv', 'a/b', '.hidden', '', 'a\\b', 'c:d']) {
      await assert.rejects(saveUsage({ body: chunks(''), dir: freshDir(), name }), TypeError);
    }
  });

  it('leaves nothing behind when the source fails', async () => {
    const dir = freshDir();
    async function* body() {
      yield Buffer.from(header);
      throw new Error('reset');
    }
    await assert.rejects(saveUsage({ body: body(), dir, name: 'u.csv' }), /reset/);
    assert.deepEqual(readdirSync(dir), []);
  });

  it('leaves nothing behind beyond the cap, and lets go of the source', async () => {
    const dir = freshDir();
    let released = false;
    async function* body() {
      try {
        for (;;) yield Buffer.alloc(100);
      } finally {
        released = true;
      }
    }
    await assert.rejects(saveUsage({ body: body(), dir, name: 'u.csv', maxBytes: 950 }), UsageTooLarge);
    assert.deepEqual(readdirSync(dir), []);
    assert.ok(released);
    const exact = await saveUsage({ body: chunks('x'.repeat(950)), dir, name: 'u.csv', maxBytes: 950 });
    assert.equal(exact.bytes, 950);
  });

  it('ends when aborted, even while the source is silent', async () => {
    const dir = freshDir();
    const controller = new AbortController();
    async function* body() {
      yield Buffer.from(header);
      controller.abort(new Error('enough'));
      await new Promise(() => undefined);
    }
    await assert.rejects(saveUsage({ body: body(), dir, name: 'u.csv', signal: controller.signal }), /enough/);
    assert.deepEqual(readdirSync(dir), []);
    await assert.rejects(saveUsage({ body: chunks(''), dir, name: 'u.csv', signal: controller.signal }), /enough/);
  });

  it('needs no more memory for 64 MB than for a little', async () => {
    const size = 64 * 1024 * 1024;
    let peak = 0;
    async function* body() {
      for (let sent = 0, chunk = 0; sent < size; chunk += 1) {
        let text = chunk === 0 ? header : '';
        // Thousands of long keys: a tally that kept slices of its chunks would keep the chunks.
        for (let row = 0; row < 1000; row += 1) text += `${row},2026-01-01,A_RATHER_LONG_SKU_NAME_${chunk},0.25\n`;
        const bytes = Buffer.from(text);
        sent += bytes.length;
        if (chunk % 100 === 0) peak = Math.max(peak, process.memoryUsage().heapUsed);
        yield bytes;
      }
    }
    const before = process.memoryUsage().heapUsed;
    const { bytes, summary } = await saveUsage({ body: body(), dir: freshDir(), name: 'u.csv' });
    assert.ok(bytes >= size);
    assert.equal(summary.malformed_rows, 0);
    const growth = (peak - before) / 1024 / 1024;
    assert.ok(growth < 48, `${growth.toFixed(1)} MiB`);
  });
});

describe('where files go', () => {
  const table: [platform: NodeJS.Platform, env: Record<string, string>, home: string, want: string][] = [
    ['linux', {}, '/home/ann', '/home/ann/.local/state/databricks-actions-mcp'],
    ['linux', { XDG_STATE_HOME: '/var/x' }, '/home/ann', '/var/x/databricks-actions-mcp'],
    ['linux', { XDG_STATE_HOME: 'relative' }, '/home/ann', '/home/ann/.local/state/databricks-actions-mcp'],
    [
      'darwin',
      { XDG_STATE_HOME: '/var/x' },
      '/Users/ann',
      '/Users/ann/Library/Application Support/databricks-actions-mcp',
    ],
    ['win32', { LOCALAPPDATA: 'C:\\L' }, 'C:\\Users\\ann', 'C:\\L\\databricks-actions-mcp'],
    ['win32', {}, 'C:\\Users\\ann', 'C:\\Users\\ann\\AppData\\Local\\databricks-actions-mcp'],
  ];
  for (const [platform, env, home, want] of table) {
    it(`is ${want} on ${platform}`, () => {
      assert.equal(stateDirectory(env, platform, home), want);
    });
  }
});
