/** Where the shared store is, as the operator says. */
import { failed } from '../core/errors.js';

const setting = 'DATABRICKS_MCP_STORE';

/** It is not shown: it may hold a password. */
export const noAddress = () =>
  failed('configuration', 'The address of the store is none that is known here.', {
    next: `Set --store or ${setting} to redis://<host>:6379, or rediss:// with TLS.`,
  });

/** From the flag or the environment; undefined where there is none. Throws where it is no address of a store. */
export function storeAddress(
  flag: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const given = flag ?? env[setting];
  if (given === undefined || given === '') return undefined;
  if (!URL.canParse(given) || !/^rediss?:$/.test(new URL(given).protocol)) {
    throw noAddress();
  }
  if (flag !== undefined && new URL(given).password !== '') {
    throw failed('configuration', 'A password must not be on the command line, where other processes can read it.', {
      next: `Set the address with its password as ${setting} instead of --store.`,
    });
  }
  return given;
}

/** The same, where it may stand in a command that people and models see. */
export function storeToTell(
  flag: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const address = storeAddress(flag, env);
  return address === undefined || new URL(address).password !== '' ? undefined : address;
}
