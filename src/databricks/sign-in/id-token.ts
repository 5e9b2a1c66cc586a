// Where the identity token of a workload comes from: a variable of the environment, or a file that the platform renews. Hands
// out only a way to read it; no problem quotes it.

import { abbreviateHome, type ConfigIo, errorCode, expandHome } from '../config-io.js';
import { ConfigProblem, type Problem } from '../config-problem.js';
import { type Settings, whereToSet } from '../settings.js';
import { tokenVariable } from './method.js';

export interface IdToken {
  readonly source: string;
  /** Reads it now. Throws ConfigProblem. */
  read(): string;
}

export function findIdToken(method: 'env-oidc' | 'file-oidc', { found }: Settings, io: ConfigIo): IdToken | Problem {
  if (method === 'env-oidc') {
    const setting = 'oidc_token_env';
    const name = found.get(setting)?.value ?? tokenVariable;
    const empty = `${name}, where the identity token should be, is not set.`;
    const fix = `Put the token of your identity provider there, or name another variable in ${whereToSet(setting)}.`;
    return {
      source: `environment ${name}`,
      read: () => checked(io.env[name] ?? '', { setting, message: empty, fix }, `The value of ${name}`),
    };
  }
  const setting = 'oidc_token_filepath';
  const said = found.get(setting);
  if (!said)
    return { setting, message: 'No file with an identity token is named.', fix: `Set ${whereToSet(setting)}.` };
  const path = expandHome(said.value, io);
  const shown = abbreviateHome(path, io);
  return {
    source: said.source,
    read() {
      const fix = `Have your platform write the token there, or name another file in ${whereToSet(setting)}.`;
      let text = '';
      try {
        text = io.readFile(path);
      } catch (error) {
        const message = `The identity token file ${shown} cannot be read (${errorCode(error)}).`;
        throw new ConfigProblem({ setting, message, fix });
      }
      const empty = { setting, message: `The identity token file ${shown} is empty.`, fix };
      return checked(text, empty, `What the file ${shown} holds`);
    },
  };
}

function checked(text: string, empty: Problem, what: string): string {
  const token = text.trim();
  if (token === '') throw new ConfigProblem(empty);
  if (/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) return token;
  const message = `${what} is not a token (three parts of letters, digits, - and _, with dots between).`;
  throw new ConfigProblem({ ...empty, message });
}
