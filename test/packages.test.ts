/** What an installation brings: few packages, none that runs a script or has to be compiled. Read from the lock file. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

interface Locked {
  version?: string;
  dev?: boolean;
  hasInstallScript?: boolean;
  os?: string[];
  cpu?: string[];
}

const root = join(import.meta.dirname, '..', '..');
const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as { packages: Record<string, Locked> };
const installed = Object.entries(lock.packages).filter(([path]) => path !== '');
const runtime = installed.filter(([, { dev }]) => dev !== true);

test('at most 15 packages are needed at run time', () => {
  assert.ok(runtime.length <= 15, runtime.map(([path]) => path).join(', '));
});

test('no package runs a script when it is installed, and no run-time package is bound to a platform', () => {
  assert.deepEqual(
    installed.filter(([, { hasInstallScript }]) => hasInstallScript === true),
    [],
  );
  assert.deepEqual(
    runtime.filter(([, { os, cpu }]) => os !== undefined || cpu !== undefined),
    [],
  );
});

test('every package is locked to a version', () => {
  assert.deepEqual(
    installed.filter(([, { version }]) => version === undefined || version === ''),
    [],
  );
});
