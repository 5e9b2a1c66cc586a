/** Where a client learns which issuer's tokens this server takes: the document of RFC 9728. Pure. */
import { callerScopes } from '../caller.js';
import { splitAccount } from '../routes.js';

const wellKnown = '/.well-known/oauth-protected-resource';

export interface ResourceMetadata {
  /** Address of the document about this entrance, for challenges. */
  addressFor(entrance: string): string;
  /** The document at this path; undefined where there is none. */
  at(path: string): Readonly<Record<string, unknown>> | undefined;
  /**
   * Whether a token made out to this audience opens this entrance: its own does, and one for the same account without
   * pins. A token for less, or for another account, opens no more than that.
   */
  isOwn(audience: string, entrance: string): boolean;
}

/**
 * `base`: the server's own address, scheme to port. Each entrance is a resource with a document of its own: a client has
 * to refuse a document about another address than the one it uses. The root tells of the first.
 */
export function createMetadata(
  base: string,
  issuer: string,
  isEntrance: (path: string) => boolean,
  first = '/mcp',
): ResourceMetadata {
  return {
    addressFor: (entrance) => `${base}${wellKnown}${entrance}`,
    isOwn(audience, entrance) {
      if (!audience.startsWith(`${base}/`)) return false;
      const named = audience.slice(base.length);
      const [own, asked] = [splitAccount(named), splitAccount(entrance)];
      const isWhole = own.rest.lastIndexOf('/') === 0;
      return isEntrance(named) && own.account === asked.account && (isWhole || own.rest === asked.rest);
    },
    at(path) {
      if (!path.startsWith(wellKnown)) return undefined;
      const entrance = path === wellKnown ? first : path.slice(wellKnown.length);
      if (!isEntrance(entrance)) return undefined;
      return {
        resource: `${base}${entrance}`,
        authorization_servers: [issuer],
        scopes_supported: callerScopes,
        bearer_methods_supported: ['header'],
        resource_name: 'Databricks account actions',
      };
    },
  };
}
