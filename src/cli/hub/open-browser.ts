/**
 * Opens the browser at a link to sign in by. The link is a secret, and arguments of processes are not: the browser gets
 * the name of a private file that leads there.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { placePrivate } from '../../guard/private-files.js';

type Env = Readonly<Record<string, string | undefined>>;

/** Program and arguments; undefined where there is no screen, or where it is far away. */
export function openerOf(
  file: string,
  env: Env,
  platform: NodeJS.Platform,
): { readonly program: string; readonly args: readonly string[] } | undefined {
  if (env.SSH_CONNECTION || env.SSH_TTY || env.CI) return undefined;
  if (platform === 'darwin') return { program: '/usr/bin/open', args: [file] };
  if (platform === 'win32') return { program: 'rundll32', args: ['url.dll,FileProtocolHandler', file] };
  return env.DISPLAY || env.WAYLAND_DISPLAY ? { program: 'xdg-open', args: [file] } : undefined;
}

/** Milliseconds a browser may take to start. */
const fileTime = 60_000;

export interface Opened {
  /** Takes the file away. */
  forget(): Promise<void>;
}

/** Undefined where no browser was asked to open. */
export async function openBrowser(
  link: string,
  state: string,
  env: Env,
  platform: NodeJS.Platform,
  start: typeof spawn = spawn,
): Promise<Opened | undefined> {
  const name = `open-${randomBytes(9).toString('hex')}.html`;
  const folder = join(state, 'hub');
  const opener = openerOf(join(folder, name), env, platform);
  if (opener === undefined) return undefined;
  const file = await placePrivate(folder, name, leadingTo(link));
  const forget = async () => void (await unlink(file).catch(() => {}));
  setTimeout(() => void forget(), fileTime).unref();
  const child = start(opener.program, [...opener.args], { stdio: 'ignore', detached: true, windowsHide: true });
  child.unref();
  const started = await new Promise<boolean>((resolve) => {
    child.once('error', () => resolve(false)).once('spawn', () => resolve(true));
  });
  if (started) return { forget };
  await forget();
  return undefined;
}

/** The link is made of letters that need no escape. */
const leadingTo = (link: string): string => `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="referrer" content="no-referrer"><meta http-equiv="refresh" content="0;url=${link}"><title>Hub</title></head>
<body><p><a href="${link}">Go on to the hub</a></p></body>
</html>
`;
