/**
 * Comparable servers from npm that any OpenAPI document drives. They are installed when the bench wants them, into a
 * folder of the bench: never as dependencies of this project, without running their scripts, and with whatever they need
 * as it was on a fixed day, so that two runs compare the same.
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { accountId } from './accounts.js';
import { HttpDoor } from './doors/http.js';
import { serve } from './doors/served.js';
import { type Program, StdioDoor } from './doors/stdio.js';
import type { Stage } from './stage.js';
import type { Subject } from './subjects.js';

const day = '2026-11-23';

interface Peer {
  readonly name: string;
  readonly version: string;
  /** How it is started, seen from the folder it was installed in. */
  program(folder: string, stage: Stage, port?: number): Omit<Program, 'command' | 'cwd'>;
  /** Whether it serves Streamable HTTP too. */
  readonly http?: boolean;
}

const peers: readonly Peer[] = [
  {
    name: '@ivotoby/openapi-mcp-server',
    version: '1.16.1',
    http: true,
    program: (folder, { document, origin, env }, port) => ({
      args: [
        join(folder, 'node_modules/@ivotoby/openapi-mcp-server/bin/mcp-server.js'),
        ...(port === undefined ? [] : ['--transport', 'http', '--port', String(port)]),
      ],
      env: {
        ...env,
        API_BASE_URL: origin,
        OPENAPI_SPEC_PATH: document,
        API_HEADERS: 'Authorization:Bearer bench-token',
        VERBOSE: 'false',
      },
    }),
  },
  {
    name: 'mcp-openapi',
    version: '0.3.0',
    program: (folder, { document, origin, env }) => ({
      args: [
        join(folder, 'node_modules/mcp-openapi/dist/bin/mcp-openapi.js'),
        ...['--spec', document, '--base-url', origin, '--auth-type', 'oauth2', '--no-doc-warnings'],
        ...['--auth-client-id', 'bench', '--auth-client-secret', 'bench'],
        ...['--auth-token-url', `${origin}/oidc/accounts/${accountId}/v1/token`],
      ],
      env,
    }),
  },
  {
    name: 'fastmcp',
    version: '4.20.16',
    program: (folder, { document, origin, env }) => {
      const file = join(folder, 'start.mjs');
      writeFileSync(
        file,
        `import { fromOpenAPI } from 'fastmcp/openapi';
const headers = { authorization: 'Bearer bench-token' };
const server = await fromOpenAPI({ spec: process.env.SPEC, baseUrl: process.env.BASE, headers, maxTools: 200 });
await server.start({ transportType: 'stdio' });
`,
      );
      return { args: [file], env: { ...env, SPEC: document, BASE: origin } };
    },
  },
];

/** The peers that could be installed, and a sentence for each that could not. */
export async function findPeers(stage: Stage, refused: (sentence: string) => void): Promise<Subject[]> {
  const subjects: Subject[] = [];
  for (const peer of peers) {
    const folder = join(
      tmpdir(),
      'databricks-actions-mcp-bench-peers',
      `${peer.name.replace('/', '+')}-${peer.version}`,
    );
    try {
      await install(peer, folder);
    } catch (error) {
      refused(`${peer.name} ${peer.version} is left out: npm could not install it (${reason(error)}).`);
      continue;
    }
    const program = (port?: number): Program => ({
      command: process.execPath,
      cwd: folder,
      ...peer.program(folder, stage, port),
    });
    subjects.push({ name: peer.name, ours: false, door: 'stdio', open: async () => new StdioDoor(program()) });
    if (peer.http) {
      const open = async () => new HttpDoor(await serve(program), '2025-11-25', { listens: true });
      subjects.push({ name: peer.name, ours: false, door: 'http 2025', open });
    }
  }
  return subjects;
}

async function install({ name, version }: Peer, folder: string): Promise<void> {
  if (existsSync(join(folder, 'installed'))) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"private":true,"type":"module"}');
  const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--save-exact', `--before=${day}`];
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  await promisify(execFile)(npm, ['install', ...options, `${name}@${version}`], { cwd: folder, timeout: 120_000 });
  writeFileSync(join(folder, 'installed'), day);
}

const reason = (error: unknown) =>
  String((error as { stderr?: string }).stderr || error)
    .split('\n')
    .find((line) => line.includes('code') || line.includes('Error'))
    ?.slice(0, 100) ?? 'no reason told';
