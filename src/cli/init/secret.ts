/** Where the client secret comes from, where none is typed: a file, stdin or the environment. */
import { readFile } from 'node:fs/promises';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import { failed, inputError } from '../../core/errors.js';
import { errorCode } from '../../core/paths.js';
import type { SignInMethod } from '../../databricks/config.js';
import type { InitFlags } from './flags.js';

export type Env = Readonly<Record<string, string | undefined>>;

/** Variables belong to the way of signing in, like those of the official SDKs. */
const variableOf = (method: SignInMethod) =>
  method === 'azure-client-secret' ? 'ARM_CLIENT_SECRET' : 'DATABRICKS_CLIENT_SECRET';

export const hasSecret = ({ clientSecretFile, secretFromStdin }: InitFlags, env: Env, method: SignInMethod): boolean =>
  clientSecretFile !== undefined || secretFromStdin === true || Boolean(env[variableOf(method)]);

export async function readSecret(flags: InitFlags, env: Env, method: SignInMethod): Promise<string> {
  const { clientSecretFile, secretFromStdin } = flags;
  if (clientSecretFile !== undefined) return one(await ofFile(clientSecretFile), clientSecretFile);
  if (secretFromStdin) return one(await text(process.stdin), 'stdin');
  return one(env[variableOf(method)] ?? '', variableOf(method));
}

const ofFile = (path: string) =>
  readFile(path, 'utf8').catch((error: unknown) => {
    const next = 'Name the file that holds the secret in --client-secret-file.';
    throw failed('configuration', `${path} cannot be read (${errorCode(error)}).`, { next }, error);
  });

function one(content: string, from: string): string {
  const secret = content.replace(/^\uFEFF/, '').trim();
  if (secret === '') throw inputError(`There is no secret in ${from}.`, 'Put it there, on one line.');
  return secret;
}
