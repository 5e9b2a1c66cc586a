/** Reads single settings of the HTTP server: the flag, else its twin in the environment, never something in between. */
import { similar } from '../core/similar.js';
import { isLoopback } from '../databricks/hosts.js';

export type Texts = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

type Pattern = Pick<RegExp, 'test'>;

export function createReader(
  flags: Texts,
  env: Readonly<Record<string, string | undefined>>,
  onProblem: (problem: string) => void,
) {
  const asked = new Set<string>();
  const inEnvironment = (name: string): string | undefined => {
    asked.add(twinOf(name));
    return env[twinOf(name)]?.trim() || undefined;
  };
  const given = (name: string): string | undefined => {
    const [flag, variable] = [flags[name], inEnvironment(name)];
    return typeof flag === 'string' ? flag : variable;
  };
  const wrong = (name: string, what: string) => onProblem(`${flagOf(name)} (${twinOf(name)}) is ${what}.`);

  const number = (name: string, least: number, most: number): number | undefined => {
    const text = given(name);
    if (text === undefined) return undefined;
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    wrong(name, `a whole number from ${least} to ${most}`);
    return undefined;
  };

  return {
    text: given,
    number,
    /** Those of the numbers that are set. */
    numbers<K extends string>(wanted: Readonly<Record<K, readonly [name: string, least: number, most: number]>>) {
      const found: Partial<Record<K, number>> = {};
      for (const key of Object.keys(wanted) as K[]) {
        const [name, least, most] = wanted[key];
        const value = number(name, least, most);
        if (value !== undefined) found[key] = value;
      }
      return found;
    },
    yes(name: string): boolean {
      const text = inEnvironment(name)?.toLowerCase() ?? '';
      if (flags[name] === true) return true;
      if (!['', '1', 'true', 'yes', '0', 'false', 'no'].includes(text)) wrong(name, 'true or false');
      return ['1', 'true', 'yes'].includes(text);
    },
    /** By https, or by http on this machine itself. */
    url(name: string): URL | undefined {
      const text = given(name);
      if (text === undefined) return undefined;
      const url = URL.canParse(text) ? new URL(text) : undefined;
      const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname));
      if (url !== undefined && isSafe && url.username === '' && url.password === '' && url.hash === '') return url;
      wrong(name, 'an https address, without a user name or password');
      return undefined;
    },
    list(name: string, pattern: Pattern, what: string): readonly string[] {
      const [flag, variable] = [flags[name], inEnvironment(name)];
      const values = Array.isArray(flag) ? flag : (variable?.split(/[\s,]+/) ?? []).filter((word) => word !== '');
      if (!values.every((value: string) => pattern.test(value))) wrong(name, `a list of values ${what}`);
      return values;
    },
    /** Call it last: a variable by the name of no setting is a typo, and what it should close would stay open. */
    unknown(): string[] {
      const known = [...asked].map((variable) => variable.slice(prefix.length));
      return Object.keys(env)
        .filter((variable) => variable.startsWith(prefix) && env[variable] && !asked.has(variable))
        .map((variable) => {
          const [closest] = similar(variable.slice(prefix.length), known);
          const hint = closest === undefined ? '`http --help` lists them.' : `Did you mean ${prefix}${closest}?`;
          return `${variable} is no setting of this server. ${hint}`;
        });
    },
  };
}

const prefix = 'DATABRICKS_MCP_HTTP_';

const words = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
const flagOf = (name: string) => `--${words(name)}`;
const twinOf = (name: string) => `${prefix}${words(name).replaceAll('-', '_').toUpperCase()}`;

export type SettingsReader = ReturnType<typeof createReader>;
