import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inspect } from 'node:util';
import { ConfigProblem, type Configuration, type Flags, loadConfiguration } from '../../src/databricks/config.js';
import { complete, credentialOf, machine, profileText } from './machine.js';

const cfg = '/home/ann/.databrickscfg';
const messages = ({ problems }: Configuration) => problems.map(({ message }) => message);
const load = (flags: Flags, ...io: Parameters<typeof machine>) => loadConfiguration(flags, machine(...io));

describe('the client secret', () => {
  const env = { ...complete, DATABRICKS_CLIENT_SECRET: '', DATABRICKS_CLIENT_SECRET_FILE: '~/secret' };
  const path = '/home/ann/secret';
  const at = (mode: number, text = 's3cret\n', isSymlink = false) => ({ [path]: { text, mode, isSymlink } });

  for (const mode of [0o600, 0o400, 0o700]) {
    it(`is read from a file of mode ${mode.toString(8)}`, async () => {
      assert.equal(await credentialOf(load({}, env, at(mode))), 's3cret');
    });
  }
  for (const mode of [0o644, 0o640, 0o604, 0o660, 0o602]) {
    it(`is not read from a file of mode ${mode.toString(8)}`, () => {
      const { problems } = load({}, env, at(mode));
      assert.match(problems[0]?.message ?? '', new RegExp(`mode 0${mode.toString(8)}`));
      assert.equal(problems[0]?.fix, 'Run: chmod 600 ~/secret');
    });
  }

  it('has no modes to respect on Windows, and those of the target behind a symbolic link', async () => {
    const windows = load({ clientSecretFile: path }, complete, at(0o666), 'win32');
    assert.equal(await credentialOf(windows), 's3cret');
    assert.match(messages(load({}, env, at(0o644, 's3cret', true))).join(), /target of the symbolic link/);
  });

  it('loses one line break at its end and no more', async () => {
    for (const [text, want] of [
      ['x', 'x'],
      ['x\r\n', 'x'],
      ['x\n\n', 'x\n'],
      [' x', ' x'],
    ] as const) {
      assert.equal(await credentialOf(load({}, env, at(0o600, text))), want);
    }
    assert.match(messages(load({}, env, at(0o600, '\n'))).join(), /is empty/);
    assert.match(messages(load({}, env)).join(), /cannot be read \(ENOENT\)/);
  });

  it('may be set in one place of a rank only; a file by flag beats the environment', async () => {
    const both = { ...complete, DATABRICKS_CLIENT_SECRET_FILE: '~/secret' };
    assert.match(messages(load({}, both, at(0o600))).join(), /two client secrets/);
    const { connection, sources } = load({ clientSecretFile: path }, complete, at(0o600));
    assert.equal(await credentialOf({ connection }), 's3cret');
    assert.equal(sources.client_secret, 'flag --client-secret-file');
  });

  it('is read anew at each call, and a file that went bad is told by a ConfigProblem', async () => {
    const files: Record<string, { text: string; mode: number }> = { ...at(0o600, 'one') };
    const { connection } = load({}, env, files);
    files[path] = { text: 'two', mode: 0o600 };
    assert.equal(await credentialOf({ connection }), 'two');
    files[path] = { text: 'three', mode: 0o644 };
    await assert.rejects(credentialOf({ connection }), ConfigProblem);

    const profile: Record<string, string> = { [cfg]: profileText('dev') };
    const ofProfile = load({ profile: 'dev' }, {}, profile).connection;
    profile[cfg] = profileText('dev').replace('s3cret-of-dev', 'rotated');
    assert.equal(await credentialOf({ connection: ofProfile }), 'rotated');
    profile[cfg] = '[dev]\nhost=x';
    await assert.rejects(credentialOf({ connection: ofProfile }), /lost its client_secret/);
    delete profile[cfg];
    await assert.rejects(credentialOf({ connection: ofProfile }), ConfigProblem);
  });

  it('shows in nothing that can be printed', () => {
    const broken = {
      ...complete,
      DATABRICKS_HOST: 'x',
      DATABRICKS_TOKEN: 's3cret-token',
      ARM_CLIENT_SECRET: 's3cret-arm',
    };
    const files = { [cfg]: profileText('dev'), ...at(0o600) };
    for (const configuration of [
      load({}, complete),
      load({}, broken),
      load({ profile: 'dev' }, {}, files),
      load({}, env, files),
    ]) {
      const printed =
        JSON.stringify(configuration) + inspect(configuration, { depth: null, showHidden: true, getters: true });
      assert.ok(!printed.includes('s3cret'), printed);
    }
  });
});
