/** The file sink: private files that are whole or not there, and a refusal before anything is minted. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import * as disk from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { type TestContext, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { inspect } from 'node:util';
import type { Disk } from '../../src/guard/private-files.js';
import { createFileSink } from '../../src/guard/secret-files.js';
import { createSecretShelf } from '../../src/guard/secret-shelf.js';
import { errorOf, failureOf, temporaryDirectory } from '../databricks/servers.js';

const canary = 'dosecafecafecafecafecafecafecafecafe';
const posix = { skip: process.platform === 'win32' };

test('file and folders are private whatever the umask is', posix, async (t) => {
  const before = process.umask(0);
  t.after(() => process.umask(before));
  const state = join(temporaryDirectory(t), 'state');
  const sink = createFileSink(join(state, 'deep', 'secrets'));
  await sink.prepare();
  const { stored_in } = await sink.store('name', canary, { id: '1' });
  assert.equal(statSync(stored_in).mode & 0o777, 0o600);
  for (const folder of ['.', 'deep', 'deep/secrets']) assert.equal(statSync(join(state, folder)).mode & 0o777, 0o700);
  assert.deepEqual(JSON.parse(readFileSync(stored_in, 'utf8')), { id: '1', value: canary });
});

test('proving that a secret could be stored leaves nothing behind', async (t) => {
  const directory = join(temporaryDirectory(t), 'secrets');
  await createFileSink(directory).prepare();
  assert.deepEqual(readdirSync(directory), []);
});

/** Folders that must not get a secret, and what the refusal says. `make` puts one at the path, or names another. */
const unfit: Record<string, { make: (path: string, t: TestContext) => unknown; says: RegExp }> = {
  'that is a file': { make: (path) => writeFileSync(path, ''), says: /it is no folder/ },
  'below a file': {
    make: (path) => {
      writeFileSync(path, '');
      return join(path, 'secrets');
    },
    says: /ENOTDIR/,
  },
  'that is a link to a private folder': {
    make: (path, t) => symlinkSync(privateFolder(t), path),
    says: /it is a link/,
  },
  'that is a link to nothing': { make: (path) => symlinkSync(`${path}-nowhere`, path), says: /it is a link/ },
  'that others may enter': {
    make: (path) => {
      mkdirSync(path);
      chmodSync(path, 0o750);
    },
    says: /others may enter it/,
  },
  'of another user': {
    // Root may give a folder away; everybody else has root's at hand.
    make: (path) => {
      if (process.getuid?.() !== 0) return '/';
      mkdirSync(path, { mode: 0o700 });
      chownSync(path, 4_321, 4_321);
      return path;
    },
    says: /belongs to another user/,
  },
};

function privateFolder(t: TestContext): string {
  const path = join(temporaryDirectory(t), 'private');
  mkdirSync(path, { mode: 0o700 });
  return path;
}

for (const [name, { make, says }] of Object.entries(unfit)) {
  test(`a folder ${name} is refused before minting, and gets no secret later either`, posix, async (t) => {
    const path = join(temporaryDirectory(t), 'secrets');
    const made = make(path, t);
    const directory = typeof made === 'string' ? made : path;
    const sink = createFileSink(directory);
    const before = await failureOf(sink.prepare());
    assert.deepEqual([before.kind, before.sent], ['storage', 'no']);
    assert.match(before.message, says);
    assert.match(before.message, /Nothing was sent\.$/);
    const error = await errorOf(sink.store('name', canary, {}));
    assert.equal(error.failure.kind, 'storage');
    assert.ok(!inspect(error, { depth: 20, showHidden: true }).includes(canary));
  });
}

const refusing = (code: string) => Object.assign(new Error(code), { code });

/** A disk that fails once something is done to a file made anew. */
const failing = (step: 'open' | 'writeFile' | 'sync' | 'rename', code: string): Disk => ({
  rename: async (from, to) => {
    if (step === 'rename') throw refusing(code);
    await disk.rename(from, to);
  },
  open: async (...args) => {
    if (step === 'open') throw refusing(code);
    const handle = await disk.open(...args);
    if (step === 'rename') return handle;
    const fail = async () => {
      throw refusing(code);
    };
    return Object.assign(handle, { [step]: fail });
  },
});

for (const [step, code] of [
  ['open', 'EROFS'],
  ['writeFile', 'ENOSPC'],
  ['sync', 'ENOSPC'],
  ['rename', 'EACCES'],
] as const) {
  test(`a disk that says ${code} at ${step} is found out before minting, and keeps no part of a secret`, async (t) => {
    const directory = join(temporaryDirectory(t), 'secrets');
    const sink = createFileSink(directory, failing(step, code));
    const failure = await failureOf(sink.prepare());
    assert.equal(failure.kind, 'storage');
    assert.match(failure.message, new RegExp(`\\(${code}\\)`));
    if (code === 'ENOSPC') assert.match(failure.next ?? '', /space/);
    const error = await errorOf(sink.store('name', canary, {}));
    assert.ok(!inspect(error, { depth: 20, showHidden: true }).includes(canary));
    assert.deepEqual(readdirSync(directory), []);
  });
}

test('the probe is larger than a secret, and it and the secret are synced before they have their names', async (t) => {
  const directory = join(temporaryDirectory(t), 'secrets');
  const steps: string[] = [];
  const sizes: number[] = [];
  const sink = createFileSink(directory, {
    rename: async (from, to) => {
      steps.push('rename');
      sizes.push(statSync(from as string).size);
      await disk.rename(from, to);
    },
    open: async (path, ...rest) => {
      const handle = await disk.open(path, ...rest);
      const sync = handle.sync.bind(handle);
      const what = path === directory ? 'folder' : 'file';
      const noted = () => {
        steps.push(`sync ${what}`);
        return sync();
      };
      return Object.assign(handle, { sync: noted });
    },
  });
  const each = process.platform === 'win32' ? ['sync file', 'rename'] : ['sync file', 'rename', 'sync folder'];
  await sink.prepare();
  assert.deepEqual(steps, each);
  await sink.store('name', canary, {});
  assert.deepEqual(steps, [...each, ...each]);
  assert.ok((sizes[0] ?? 0) > 10_000 && (sizes[1] ?? 0) < 1_000, `${sizes}`);
});

test('a process killed before the file has its name leaves nothing that looks finished', async (t) => {
  const directory = join(temporaryDirectory(t), 'secrets');
  const sinkFile = pathToFileURL(join(import.meta.dirname, '../../src/guard/secret-files.js')).href;
  const script = `
    import { createFileSink } from ${JSON.stringify(sinkFile)};
    import * as disk from 'node:fs/promises';
    const rename = () => { process.kill(process.pid, 'SIGKILL'); return new Promise(() => {}); };
    await createFileSink(${JSON.stringify(directory)}, { ...disk, rename }).store('name', ${JSON.stringify(canary)}, {});`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'ignore' });
  t.after(() => child.kill());
  const ended = await new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal ?? code)));
  assert.equal(ended, process.platform === 'win32' ? 1 : 'SIGKILL');
  const left = readdirSync(directory);
  assert.match(left.join(), /^\.[0-9a-f]+\.part$/, 'it got as far as the unfinished file');
  assert.deepEqual((await createSecretShelf(directory).list()).secrets, []);
  await createFileSink(directory).prepare();
  const { stored_in } = await createFileSink(directory).store('name', canary, {});
  assert.ok(existsSync(stored_in), 'what is left does not stand in the way');
});
