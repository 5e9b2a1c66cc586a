/** Several Databricks accounts behind one server: the address says which doors answer, `/account/<name>/mcp`. */
import { type Caller, unnamedAccount } from './caller.js';
import type { Doors } from './doors.js';
import { splitAccount } from './routes.js';

/** Doors per account, as one. An account that does not exist and one that is closed to the caller answer alike. */
export function doorsByAccount(unnamed: Doors, named: ReadonlyMap<string, Doors>): Doors {
  const all = [unnamed, ...named.values()];
  const chosen = (request: Request, { accounts }: Caller): Doors | undefined => {
    const { account } = splitAccount(new URL(request.url).pathname);
    if (accounts !== undefined && !accounts.has(account)) return undefined;
    return account === unnamedAccount ? unnamed : named.get(account);
  };
  return {
    fetch: async (request, caller, pins) => {
      const serve = chosen(request, caller)?.fetch;
      return serve === undefined ? noAccount() : serve(request, caller, pins);
    },
    leave() {
      for (const doors of all) doors.leave();
    },
    idle: async () => void (await Promise.all(all.map((doors) => doors.idle()))),
    close: async () => void (await Promise.all(all.map((doors) => doors.close()))),
  };
}

const noAccount = () => {
  const error = { code: -32_000, message: 'There is no such account here, or not for you.' };
  return Response.json({ jsonrpc: '2.0', error, id: null }, { status: 404 });
};
