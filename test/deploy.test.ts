/** The files of deploy/ say what the program does: no root, nothing left to chance, flags, files and addresses that exist. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { test } from 'node:test';
import { parse, parseAllDocuments } from 'yaml';
import { frontLimits } from '../src/http/limits.js';
import { routeOf } from '../src/http/routes.js';
import { home, run, start } from './cli/program.js';
import { freePort, served } from './http/serving.js';

const root = join(import.meta.dirname, '../..');
const read = (name: string) => readFileSync(join(root, 'deploy', name), 'utf8');

// biome-ignore lint/suspicious/noExplicitAny: a test reads whatever the files hold
type Yaml = any;

const dockerfile = read('Dockerfile')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'));
const lines = (word: string) =>
  dockerfile.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1));
const compose: Yaml = parse(read('compose.yaml'), { version: '1.1' });
const kubernetes: Yaml[] = parseAllDocuments(read('kubernetes.yaml'), { version: '1.1' }).map((document) => {
  assert.deepEqual(document.errors, []);
  return document.toJS();
});
const ofKind = (kind: string) => kubernetes.find((each) => each.kind === kind) ?? assert.fail(kind);
const pod: Yaml = ofKind('Deployment').spec.template.spec;
const [container] = pod.containers;
const [copying] = pod.initContainers;
const images = [
  ...lines('FROM').map((from) => from.split(' ')[0] ?? ''),
  ...Object.values(compose.services).map((service) => (service as Yaml).image),
  container.image,
  copying.image,
];
const composeArgs: string[] = compose.services.server.command;
const fixed = composeArgs.map((arg) => arg.replace(/\$\{\w+:\?[^}]*\}/, 'mcp.example.com'));

test('every image has a tag that stands for one version', () => {
  for (const image of images) assert.match(image, /:\d[\w.-]+$/, image);
});

test('nothing runs as root, gets new rights or writes outside of its volumes', () => {
  assert.match(lines('USER').at(-1) ?? '', /^[1-9]\d*:[1-9]\d*$/);
  assert.ok(
    dockerfile.findIndex((line) => line.startsWith('USER')) <
      dockerfile.findIndex((line) => line.startsWith('ENTRYPOINT')),
  );
  for (const { securityContext } of [container, copying]) {
    assert.deepEqual(securityContext, {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
  }
  assert.equal(pod.securityContext.runAsNonRoot, true);
  assert.ok(pod.securityContext.runAsUser > 0);
  assert.equal(pod.automountServiceAccountToken, false);
  for (const service of Object.values<Yaml>(compose.services)) {
    assert.equal(service.read_only, true);
    assert.deepEqual(service.cap_drop, ['ALL']);
    assert.deepEqual(service.security_opt, ['no-new-privileges:true']);
  }
});

test('the image installs without scripts, and what is copied exists', () => {
  const installs = lines('RUN').filter((line) => line.startsWith('npm ') && line !== 'npm run build');
  assert.ok(installs.length > 0);
  for (const line of installs) assert.match(line, /^npm ci .*--ignore-scripts/);
  assert.ok(installs.some((line) => line.includes('--omit=dev')));
  const copied = lines('COPY')
    .filter((line) => !line.startsWith('--from'))
    .flatMap((line) => line.split(' ').slice(0, -1));
  const context = read('Dockerfile.dockerignore').split('\n');
  for (const path of copied) {
    assert.ok(existsSync(join(root, path)), path);
    assert.ok(context.includes(`!${path.replace('./', '')}`), path);
  }
  const [file] = JSON.parse(lines('ENTRYPOINT')[0] ?? '').slice(1);
  assert.ok(existsSync(join(root, file)), file);
});

test('secrets come from files, never as values', () => {
  const variables = [
    ...Object.entries(compose.services.server.environment),
    ...container.env.map(({ name, value }: Yaml) => [name, value]),
    ...Object.entries(ofKind('ConfigMap').data),
  ];
  assert.ok(variables.some(([name]) => name === 'DATABRICKS_CLIENT_SECRET_FILE'));
  for (const [name] of variables) assert.ok(!/SECRET$|TOKEN$/.test(name), name);
  assert.ok(!kubernetes.some(({ kind }) => kind === 'Secret'));
});

test('the pod gets copies of its secrets that it alone can read, again after a restart', () => {
  const [given, own] = ['given', 'private'].map((name) => join(home, name)) as [string, string];
  for (const folder of [given, own]) mkdirSync(folder);
  for (const name of ['client-secret', 'tokens.json']) writeFileSync(join(given, name), name, { mode: 0o440 });
  const [node, flag, script] = copying.command;
  assert.deepEqual([node, flag], ['node', '-e']);
  const here = script.replaceAll('/run/given', given).replaceAll('/run/private', own);
  for (const _ of [1, 2]) assert.equal(spawnSync(process.execPath, ['-e', here]).status, 0);
  for (const name of ['client-secret', 'tokens.json']) {
    assert.equal(statSync(join(own, name)).mode & 0o777, 0o600);
    assert.equal(readFileSync(join(own, name), 'utf8'), name);
  }
});

for (const [name, args] of [
  ['compose.yaml', fixed],
  ['kubernetes.yaml', container.args as string[]],
] as const) {
  test(`the server starts with the flags of ${name}, its probes are answered, and without the token file it does not start`, async () => {
    const tokens = join(home, `tokens-of-${name}.json`);
    const token = 'a-token-for-the-test-of-deploy-0123456789';
    writeFileSync(tokens, JSON.stringify([{ name: 'ci', token, scopes: ['dbx:read'] }]), { mode: 0o600 });
    const port = await freePort();
    const [command, ...flags] = args.map((arg) =>
      arg.replace('8787', String(port)).replace(/\/run\/.*tokens\.json/, tokens),
    );
    assert.equal(command, 'http');
    const child = start(['http', '--sandbox', ...flags]);
    await served(child);
    const probes = [container.livenessProbe, container.readinessProbe].map(({ httpGet }) => httpGet);
    for (const { path, port: named, httpHeaders } of probes) {
      assert.equal(named, container.ports[0].name);
      const [{ name: header, value }] = httpHeaders;
      assert.equal(header, 'Host');
      assert.equal(value, `127.0.0.1:${container.ports[0].containerPort}`);
      assert.equal((await fetch(`http://127.0.0.1:${port}${path}`)).status, 200);
    }
    const check = JSON.parse((lines('HEALTHCHECK')[0] ?? '').replace(/^.*? CMD /, '').replace('8787', String(port)));
    assert.equal(check[0], 'node');
    assert.equal(spawnSync(process.execPath, check.slice(1)).status, 0);
    child.kill('SIGTERM');
    assert.equal((await child.ended).code, 0);
    assert.equal(spawnSync(process.execPath, check.slice(1)).status, 1);
    const open = await run(['http', '--sandbox', ...flags.filter((flag) => !flag.startsWith('--token-file'))]);
    assert.equal(open.code, 78);
  });
}

test('ports agree, and each address of a probe is one of the server', () => {
  const { containerPort } = container.ports[0];
  assert.deepEqual(
    [lines('EXPOSE')[0], String(frontPortOf(container.args)), String(frontPortOf(composeArgs))],
    Array(3).fill(String(containerPort)),
  );
  assert.equal(ofKind('NetworkPolicy').spec.ingress[0].ports[0].port, containerPort);
  assert.ok(read('nginx.conf').includes(`server server:${containerPort};`));
  for (const { httpGet } of [container.livenessProbe, container.readinessProbe]) {
    assert.equal(`/${routeOf(httpGet.path).to}`, httpGet.path);
  }
});

const frontPortOf = (args: readonly string[]) => args.map((arg) => /^--port=(\d+)$/.exec(arg)?.[1]).find(Boolean);

test('there is time to drain before anybody loses patience', () => {
  const drain = frontLimits.drainTime / 1_000 + 2;
  const [sleep, seconds] = container.lifecycle.preStop.exec.command;
  assert.equal(sleep, 'sleep');
  assert.ok(pod.terminationGracePeriodSeconds > Number(seconds) + drain);
  assert.ok(Number.parseInt(compose.services.server.stop_grace_period, 10) > drain);
});

test('one replica owns the state, and what is selected is the pod', () => {
  const { replicas, strategy, template } = ofKind('Deployment').spec;
  assert.deepEqual([replicas, strategy.type], [1, 'Recreate']);
  const { labels } = template.metadata;
  assert.deepEqual(ofKind('Deployment').spec.selector.matchLabels, labels);
  assert.deepEqual(ofKind('Service').spec.selector, labels);
  assert.deepEqual(ofKind('NetworkPolicy').spec.podSelector.matchLabels, labels);
  assert.deepEqual(ofKind('PodDisruptionBudget').spec.selector.matchLabels, labels);
  const state = container.volumeMounts.find(({ name }: Yaml) => name === 'state').mountPath;
  assert.ok(/DATABRICKS_MCP_STATE_DIR=(\S+)/.exec(lines('ENV').join(' '))?.[1]?.startsWith(`${state}/`));
  const volumes = pod.volumes.map(({ name }: Yaml) => name);
  for (const { name } of [...container.volumeMounts, ...copying.volumeMounts]) assert.ok(volumes.includes(name), name);
});
