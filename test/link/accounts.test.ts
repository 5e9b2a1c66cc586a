/** The account book on a real disk: what it writes, what it refuses, and what it leaves alone. */
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { test } from 'node:test';
import { ActionError } from '../../src/core/errors.js';
import { ConfigProblem, loadConfiguration, nodeIo } from '../../src/databricks/config.js';
import { openAccountBook, type SecretPlace } from '../../src/link/accounts.js';
import { credentialOf } from '../config/machine.js';
import { failingDisk } from '../journal/failing-disk.js';
import { accountId, fakeKeychain, newAccount, place, secret } from './place.js';

const posix = { skip: process.platform === 'win32' };
const inFile = { value: secret, place: 'file' } as const;

const refused =
  (pattern: RegExp, kind = 'input') =>
  (error: unknown) => {
    assert.ok(error instanceof ActionError, String(error));
    assert.equal(error.failure.kind, kind);
    assert.match(`${error.message} ${error.failure.next ?? ''}`, pattern);
    assert.ok(!`${error.stack} ${JSON.stringify(error.failure)}`.includes(secret));
    return true;
  };

test('a saved account is a profile the server can sign in with, and its secret is in a file of its own', async (t) => {
  const { book, configFile, credentials, text, mode, home } = place(t);
  const saved = await book.save(newAccount('dev', { scopes: ['billing', 'scim'] }), inFile);
  const path = join(credentials, 'dev.secret');
  assert.deepEqual(saved, { file: configFile, secretAt: path });
  assert.equal(
    text(),
    `[dev]\nhost = https://accounts.cloud.databricks.com\naccount_id = ${accountId}\nclient_id = app-of-dev\n` +
      `scopes = billing scim\nclient_secret_file = ${path}\n`,
  );
  const io = { ...nodeIo({}), home };
  const { connection, problems, warnings } = loadConfiguration({ profile: 'dev', configFile }, io);
  assert.deepEqual([problems, warnings], [[], []]);
  assert.equal(await credentialOf({ connection }), secret);
  if (process.platform === 'win32') return;
  assert.equal(mode(configFile), 0o600);
  assert.equal(mode(path), 0o600);
  assert.equal(mode(credentials), 0o700);
});

test('the secret rests in the profile or the keychain where that is chosen', async (t) => {
  const { book, text, keychain, secretFiles } = place(t);
  assert.equal((await book.save(newAccount('a'), { value: secret, place: 'profile' })).secretAt, 'the profile');
  const saved = await book.save(newAccount('b'), { value: secret, place: 'keychain' });
  assert.equal(saved.secretAt, 'the keychain, item b');
  assert.deepEqual([...keychain.items], [['b', secret]]);
  assert.match(text(), /\[a\]\n(.+\n)+client_secret = xkcdSECRETxkcd\n\n\[b\]\n(.+\n)+client_secret_keychain = b\n$/);
  assert.deepEqual(secretFiles(), []);
  assert.deepEqual(
    (await book.list()).map(({ name, secretPlace }) => [name, secretPlace]),
    [
      ['a', 'profile'],
      ['b', 'keychain'],
    ],
  );
});

test('the file keeps its bytes, and what it was is backed up for its owner alone', async (t) => {
  const { book, configFile, text, mode } = place(t);
  const before = '\uFEFF; mine\r\n[prod]\r\nhost=https://dbc-1.cloud.databricks.com\r\ntoken = dapi # pat\r\n# end';
  writeFileSync(configFile, before, { mode: 0o644 });
  const { backup } = await book.save(newAccount('dev'), inFile);
  assert.ok(text().startsWith(`${before}\r\n\r\n[dev]\r\n`));
  assert.match(backup ?? '', /\.databrickscfg\.bak-\d{8}T\d{6}Z$/);
  assert.equal(readFileSync(backup ?? '', 'utf8'), before);
  const removed = await book.remove('dev');
  assert.equal(text(), `${before}\r\n`);
  assert.notEqual(removed.backup, backup);
  if (process.platform === 'win32') return;
  assert.equal(mode(backup ?? ''), 0o600);
  assert.equal(mode(configFile), 0o600);
});

test('a link is followed: its target is changed, it stays, and the backup lies beside it', posix, async (t) => {
  const { book, configFile, home, names } = place(t);
  const folder = join(home, 'dotfiles');
  mkdirSync(folder);
  writeFileSync(join(folder, 'cfg'), '[a]\nhost=x\n');
  symlinkSync(join(folder, 'cfg'), configFile);
  const { backup } = await book.save(newAccount('dev'), inFile);
  assert.match(readFileSync(join(folder, 'cfg'), 'utf8'), /^\[a\]\nhost=x\n\n\[dev\]\n/);
  assert.ok(names().some((name) => join(home, name) === backup));
  assert.equal(backup?.startsWith(`${configFile}.bak-`), true);
});

test('what is no file, or a link to nothing, is not replaced', posix, async (t) => {
  const { book, configFile, stateRoot, home, secretFiles } = place(t);
  symlinkSync(join(home, 'nowhere'), configFile);
  await assert.rejects(book.save(newAccount('dev'), inFile), refused(/leads nowhere/, 'storage'));
  for (const path of [home, '/dev/null']) {
    const other = openAccountBook({ configFile: path, stateRoot, env: {}, platform: process.platform, home });
    await assert.rejects(other.save(newAccount('dev'), inFile), refused(/is no file/, 'storage'));
  }
  assert.deepEqual(secretFiles(), []);
});

test('a file that cannot be read without loss, or not at all, is left as it is', async (t) => {
  const { book, configFile, secretFiles } = place(t);
  for (const [bytes, why] of [
    [Buffer.from('[a]\nname = \xfcber\n', 'latin1'), /not written in UTF-8/],
    [Buffer.from('\ufeff[a]\nhost=x\n', 'utf16le'), /not written in UTF-8/],
    [Buffer.from(`[a\nclient_secret = ${secret}\n`), /broken \[section\] in line 1/],
  ] as const) {
    writeFileSync(configFile, bytes);
    await assert.rejects(book.save(newAccount('dev'), inFile), refused(why, 'storage'));
    assert.deepEqual(readFileSync(configFile), bytes);
  }
  assert.deepEqual(secretFiles(), []);
});

test('a profile is replaced only on purpose; then its sign-in is ours and its other keys stay', async (t) => {
  const { book, configFile, text, secretFiles } = place(t);
  const old = '[dev]\nhost = https://old.example # note\ntoken = dapi\nusername = me\nrate_limit = 5\n';
  writeFileSync(configFile, old);
  await assert.rejects(book.save(newAccount('dev'), inFile), refused(/There is a profile dev already/));
  assert.equal(text(), old);
  assert.deepEqual(secretFiles(), []);
  await book.save(newAccount('dev'), inFile, { replace: true });
  assert.match(text(), /^\[dev\]\nhost = https:\/\/accounts\.cloud\.databricks\.com # note\nrate_limit = 5\n/);
  assert.doesNotMatch(text(), /token|username/);
});

test('a new secret takes the place of the old one, which goes wherever it was', async (t) => {
  const { book, secretFiles, keychain, credentials } = place(t);
  await book.save(newAccount('dev'), inFile);
  const again = await book.save(newAccount('dev'), { value: 'another', place: 'file' }, { replace: true });
  assert.deepEqual(secretFiles(), ['dev-2.secret']);
  assert.equal(readFileSync(join(credentials, 'dev-2.secret'), 'utf8'), 'another\n');
  assert.equal(again.secretAt, join(credentials, 'dev-2.secret'));
  await book.save(newAccount('dev'), { value: 'third', place: 'keychain' }, { replace: true });
  assert.deepEqual([secretFiles(), [...keychain.items]], [[], [['dev', 'third']]]);
  await book.save(newAccount('dev'), { value: 'fourth', place: 'profile' }, { replace: true });
  assert.deepEqual([...keychain.items], []);
});

test('replaced without a secret, an account keeps the one it has, as long as it is the same principal', async (t) => {
  const { book, text, secretFiles } = place(t);
  await assert.rejects(book.save(newAccount('dev'), undefined), refused(/needs a client secret/));
  await book.save(newAccount('dev'), inFile);
  await book.save(newAccount('dev', { scopes: ['scim'] }), undefined, { replace: true });
  assert.match(text(), /scopes = scim\n/);
  assert.match(text(), /client_secret_file = .*dev\.secret\n/);
  assert.deepEqual(secretFiles(), ['dev.secret']);
  const other = newAccount('dev', { clientId: 'another' });
  await assert.rejects(book.save(other, undefined, { replace: true }), refused(/needs a client secret/));
});

test('what does not fit on a line of the file, and what is no secret, is refused without being repeated', async (t) => {
  const { book, names } = place(t);
  const evil = `x\n[prod]\nhost = ${secret}`;
  for (const more of [
    { host: evil },
    { clientId: `a #${secret}` },
    { clientId: ' a' },
    { accountId: '' },
    { scopes: [`a\r${secret}`] },
    { host: `#${secret}` },
  ]) {
    await assert.rejects(book.save(newAccount('dev', more), inFile), refused(/cannot be stored in a profile/));
  }
  for (const name of ['', ' a', 'a]b', 'a/b', '../a', 'a\nb', '.a', '-a', 'con', 'NUL.x', 'a.', 'x'.repeat(65)]) {
    await assert.rejects(book.save(newAccount(name), inFile), refused(/cannot be used for a profile/));
  }
  await assert.rejects(book.save(newAccount('__settings__'), inFile), refused(/keep their settings/));
  for (const value of ['', ' x', 'x\n', 'x\ny', 'x\u0000y']) {
    for (const where of ['file', 'profile', 'keychain'] satisfies SecretPlace[]) {
      await assert.rejects(book.save(newAccount('dev'), { value, place: where }), refused(/secret is/));
    }
  }
  const spoilt = { value: `${secret} #1`, place: 'profile' } as const;
  await assert.rejects(book.save(newAccount('dev'), spoilt), refused(/Store it in a file/));
  assert.deepEqual(names(), []);
});

test('profiles whose secret files would be the same on some disks cannot stand beside each other', async (t) => {
  const { book, configFile } = place(t);
  writeFileSync(configFile, '[Dev]\nhost=x\n');
  await assert.rejects(book.save(newAccount('dev'), inFile), refused(/differs only in capital letters/));
});

test('two configuration files may have a profile of the same name, each with its own secret', async (t) => {
  const { book, stateRoot, home, secretFiles } = place(t);
  const configFile = join(home, 'other.cfg');
  const other = openAccountBook({ configFile, stateRoot, env: {}, platform: process.platform, home });
  await book.save(newAccount('dev'), inFile);
  await other.save(newAccount('dev'), { value: 'another', place: 'file' });
  assert.deepEqual(secretFiles().sort(), ['dev-2.secret', 'dev.secret']);
  await other.remove('dev');
  assert.deepEqual(secretFiles(), ['dev.secret']);
});

test('removing takes the profile and its secret, and no secret of somebody else', async (t) => {
  const { book, configFile, home, keychain, secretFiles, text, credentials } = place(t);
  const foreign = join(home, 'mine.secret');
  writeFileSync(foreign, 'x', { mode: 0o600 });
  await book.save(newAccount('dev'), inFile);
  keychain.items.set('unrelated', 'x');
  await book.save(newAccount('kept'), { value: 'y', place: 'keychain' });
  const path = join(credentials, 'dev.secret');
  const removed = await book.remove('dev');
  assert.deepEqual(removed.secrets, [path]);
  assert.deepEqual(secretFiles(), []);
  writeFileSync(join(credentials, 'dev.secret'), 'x');
  for (const named of [
    foreign,
    `${credentials}/../../mine.secret`,
    credentials,
    'dev.secret',
    `${credentials}/x/../dev.secret`,
  ]) {
    writeFileSync(configFile, `${text()}\n[b]\nhost=x\nclient_secret_file = ${named}\n`);
    assert.deepEqual((await book.remove('b')).secrets, []);
  }
  assert.equal(readFileSync(foreign, 'utf8'), 'x');
  assert.deepEqual(secretFiles(), ['dev.secret']);
  assert.deepEqual((await book.remove('kept')).secrets, ['the keychain, item kept']);
  assert.deepEqual([...keychain.items.keys()], ['unrelated']);
});

test('a secret that another profile names, too, stays', async (t) => {
  const { book, configFile, text, secretFiles } = place(t);
  await book.save(newAccount('dev'), inFile);
  writeFileSync(configFile, `${text()}\n${text().replace('[dev]', '[copy]')}`);
  assert.deepEqual((await book.remove('dev')).secrets, []);
  assert.deepEqual((await book.remove('copy')).secrets.length, 1);
  assert.deepEqual(secretFiles(), []);
});

test('what is not there cannot be removed, and neither can the settings of other tools', async (t) => {
  const { book, configFile, names, text } = place(t);
  await assert.rejects(book.remove('dev'), refused(/has no profile dev. It has none/));
  writeFileSync(configFile, '[__settings__]\ndefault_profile = a\n[a]\nhost=x\n');
  await assert.rejects(book.remove('__settings__'), refused(/It has: a\./));
  assert.equal(text(), '[__settings__]\ndefault_profile = a\n[a]\nhost=x\n');
  assert.deepEqual(names(), ['.databrickscfg']);
});

test('a keychain that fails keeps the profile from being written, and a removal from being whole is said', async (t) => {
  const problem = { setting: 'client_secret_keychain', message: 'The keychain is locked.', fix: 'Unlock it.' };
  const locked = async () => {
    throw new ConfigProblem(problem);
  };
  const keychain = { ...fakeKeychain(), write: locked, remove: locked };
  const { book, configFile, names } = place(t, { keychain });
  const inKeychain = { value: secret, place: 'keychain' } as const;
  await assert.rejects(book.save(newAccount('dev'), inKeychain), refused(/locked. Unlock it/, 'storage'));
  assert.deepEqual(names(), []);
  writeFileSync(configFile, '[dev]\nhost=x\nclient_secret_keychain=dev\n');
  assert.match((await book.remove('dev')).leftBehind ?? '', /locked/);
});

test('saves at the same time lose nothing', async (t) => {
  const { book, configFile, stateRoot, home, text } = place(t);
  writeFileSync(configFile, '# mine\n');
  const books = [book, openAccountBook({ configFile, stateRoot, env: {}, platform: process.platform, home })];
  const all = Array.from({ length: 12 }, (_, index) => `p${index}`);
  await Promise.all(
    all.map((name, index) => books[index % 2]?.save(newAccount(name), { value: name, place: 'profile' })),
  );
  assert.deepEqual((await book.list()).map(({ name }) => name).sort(), all.sort());
  assert.ok(text().startsWith('# mine\n'));
});

test('whenever the disk fails, the old file stands, and no secret and no draft is left', async (t) => {
  for (let after = 0; after < 40; after += 1) {
    const { disk, hasFailed } = failingDisk({ after, code: 'ENOSPC', dies: false, half: true });
    const { book, configFile, text, names, secretFiles } = place(t, { disk });
    writeFileSync(configFile, '[a]\nhost=x\n');
    const ended = await book.save(newAccount('dev'), inFile).then(
      () => undefined,
      (error: unknown) => error,
    );
    if (ended === undefined) {
      assert.match(text(), /client_secret_file = .*dev\.secret/);
      assert.deepEqual(secretFiles(), ['dev.secret']);
      if (!hasFailed()) return;
      continue;
    }
    refused(/ENOSPC/, 'storage')(ended);
    assert.equal(text(), '[a]\nhost=x\n');
    assert.deepEqual(secretFiles(), [], `step ${after}`);
    assert.deepEqual(
      names().filter((name) => name !== 'state'),
      ['.databrickscfg'],
      `step ${after}`,
    );
  }
  assert.fail('it never came to an end');
});

test('accounts are listed in the order of the file, workspaces and settings are not', async (t) => {
  const { book, configFile } = place(t, {
    env: { DATABRICKS_CLIENT_ID: 'of-env', DATABRICKS_CLIENT_SECRET: 'of-env' },
  });
  writeFileSync(
    configFile,
    [
      `[z]\nhost = accounts.cloud.databricks.com\naccount_id = ${accountId}\nclient_id = app\nclient_secret = ${secret}`,
      `[workspace]\nhost = https://dbc-1.cloud.databricks.com\naccount_id = ${accountId}\ntoken = dapi`,
      '[__settings__]\ndefault_profile = z',
      `[by-cloud]\ncloud = azure\naccount_id = ${accountId}\nazure_client_id = a\nazure_client_secret = b\nazure_tenant_id = c`,
      `[local]\nhost = http://127.0.0.1:1\naccount_id = ${accountId}\nclient_id = app\nscopes = scim`,
      `[typo]\nhost = https://accounts.cloud.databricks.con`,
      `[other]\nhost = https://acme.example\naccount_id = ${accountId}\nclient_id=app\nclient_secret=s`,
      '[notes]\nx = y',
    ].join('\n'),
    { mode: 0o600 },
  );
  const list = await book.list();
  assert.deepEqual(
    list.map(({ name }) => name),
    ['z', 'by-cloud', 'local', 'typo', 'other'],
  );
  assert.deepEqual(list[0], {
    name: 'z',
    host: 'https://accounts.cloud.databricks.com',
    cloud: 'aws',
    accountId,
    clientId: 'app',
    scopes: ['all-apis'],
    method: 'oauth-m2m',
    secretPlace: 'profile',
    problems: [],
  });
  assert.equal(list[1]?.method, 'azure-client-secret');
  assert.deepEqual(
    list[2]?.problems.map(({ setting }) => setting),
    ['client_secret'],
  );
  assert.equal(list[3]?.problems[0]?.setting, 'host');
  assert.match(list[4]?.problems[0]?.fix ?? '', /--allow-host acme\.example/);
  assert.ok(!JSON.stringify(list).includes(secret));
});

test('a host that the operator allows is no problem', async (t) => {
  const { book } = place(t, { env: { DATABRICKS_MCP_ALLOWED_HOSTS: 'acme.example' } });
  await book.save(newAccount('dev', { host: 'https://acme.example' }), inFile);
  assert.deepEqual((await book.list())[0]?.problems, []);
});

test('an empty book lists nothing and makes nothing', async (t) => {
  const { book, names } = place(t);
  assert.deepEqual(await book.list(), []);
  assert.deepEqual(names(), []);
});

test('a folder for secrets that others may enter is refused', posix, async (t) => {
  const { book, credentials, configFile, names } = place(t);
  mkdirSync(credentials, { recursive: true });
  chmodSync(credentials, 0o755);
  await assert.rejects(book.save(newAccount('dev'), inFile), refused(/chmod 700/, 'storage'));
  assert.ok(!names().includes('.databrickscfg'), configFile);
});
