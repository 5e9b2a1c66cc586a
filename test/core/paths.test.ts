/** Where files go, and how a command for another terminal says it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { placeOptions, stateDirectory } from '../../src/core/paths.js';

test('a command for another terminal names the folder where that would look elsewhere, whole and as one word', () => {
  const option = (stateDir: string) => placeOptions({ stateDir }, 'linux', '/home/ana', '/srv/app');
  assert.equal(option(stateDirectory({}, 'linux', '/home/ana')), '');
  assert.equal(option('/var/lib/mcp'), ' --state-dir /var/lib/mcp');
  assert.equal(option('state'), ' --state-dir /srv/app/state');
  assert.equal(option("/srv/it's $HOME"), " --state-dir '/srv/it'\\''s $HOME'");
  const windows = placeOptions({ stateDir: 'D:\\my state' }, 'win32', 'C:\\Users\\ana', 'C:\\app');
  assert.equal(windows, ' --state-dir "D:\\my state"');
  const shared = {
    stateDir: '/home/ana/.local/state/databricks-actions-mcp',
    store: 'redis://db:6379',
    keyFile: 'a key',
  };
  const options = placeOptions(shared, 'linux', '/home/ana', '/srv/app');
  assert.equal(options, " --store redis://db:6379 --key-file '/srv/app/a key'");
});
