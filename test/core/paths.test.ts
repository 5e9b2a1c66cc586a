/** Where files go, and how a command for another terminal says it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stateDirectory, stateDirOption } from '../../src/core/paths.js';

test('a command for another terminal names the folder where that would look elsewhere, whole and as one word', () => {
  const option = (chosen: string) => stateDirOption(chosen, 'linux', '/home/ana', '/srv/app');
  assert.equal(option(stateDirectory({}, 'linux', '/home/ana')), '');
  assert.equal(option('/var/lib/mcp'), ' --state-dir /var/lib/mcp');
  assert.equal(option('state'), ' --state-dir /srv/app/state');
  assert.equal(option("/srv/it's $HOME"), " --state-dir '/srv/it'\\''s $HOME'");
  assert.equal(stateDirOption('D:\\my state', 'win32', 'C:\\Users\\ana', 'C:\\app'), ' --state-dir "D:\\my state"');
});
