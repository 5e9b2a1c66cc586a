/** Access tokens of an OAuth issuer: signed by its keys, for this server, not expired. Nothing in a token is followed. */
import { errors, type JWTPayload, jwtVerify } from 'jose';
import { type CallerScope, isCallerScope } from '../caller.js';
import type { TokenCheck } from './authenticator.js';
import { type KeySource, KeysUnavailable } from './jwks.js';

export interface JwtParts {
  readonly issuer: string;
  /** True for what means this entrance of the server, to the letter. */
  readonly isAudience: (audience: string, entrance: string) => boolean;
  readonly keys: KeySource;
  readonly date: () => number;
}

const algorithms = ['RS256', 'ES256', 'EdDSA'];
/** Seconds two clocks may be apart. */
const skew = 60;
const longestSubject = 255;

/** Whatever has a JWT's three parts is this check's; it says no to what it cannot prove. */
export const createJwtCheck = ({ issuer, isAudience, keys, date }: JwtParts): TokenCheck => ({
  async check(token, entrance) {
    if (token.split('.').length !== 3) return undefined;
    try {
      const { payload } = await jwtVerify(token, keys.key, {
        algorithms,
        issuer,
        clockTolerance: skew,
        requiredClaims: ['exp', 'sub', 'aud'],
        currentDate: new Date(date()),
      });
      const { sub, exp, aud } = payload;
      if (![aud].flat().some((each) => typeof each === 'string' && isAudience(each, entrance)))
        return { refused: 'claim aud' };
      if (typeof sub !== 'string' || sub === '' || sub.length > longestSubject) return { refused: 'sub' };
      // `exp` is required and checked above.
      return { id: `jwt:${issuer}#${sub}`, scopes: scopesOf(payload), expiresAt: (Number(exp) + skew) * 1_000 };
    } catch (error) {
      if (error instanceof KeysUnavailable) return 'unavailable';
      return { refused: reasonOf(error) };
    }
  },
});

/** `scope` as RFC 9068 has it, `scp` as others do, as text or as a list. What is not ours is left out. */
function scopesOf({ scope, scp }: JWTPayload): ReadonlySet<CallerScope> {
  const words = [scope, scp].flatMap((said) => (typeof said === 'string' ? said.split(' ') : said));
  return new Set(words.filter(isCallerScope));
}

/** jose's code and the claim it is about; never text of the token. */
function reasonOf(error: unknown): string {
  if (error instanceof errors.JWTClaimValidationFailed || error instanceof errors.JWTExpired) {
    return /^[a-z]{2,10}$/.test(error.claim) ? `claim ${error.claim}` : 'claim';
  }
  return error instanceof errors.JOSEError ? error.code : 'unreadable';
}
