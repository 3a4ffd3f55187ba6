import { createPublicKey, verify, type JsonWebKey } from 'node:crypto';

/** The keys that an issuer publishes (RFC 7517). */
export interface KeySet {
  readonly keys: readonly (JsonWebKey & { readonly kid?: string })[];
}

/** What a token says. */
export interface Claims {
  readonly iss: string;
  readonly sub: string;
  readonly aud: readonly string[];
  /** Seconds since 1970. */
  readonly exp: number;
}

/** A token that a token service does not take; the message is for the caller. */
export class TokenRefused extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'TokenRefused';
  }
}

/**
 * The claims of a JWT that `issuer` signed for `audience` and that is still good (RFC 7519). Kubernetes signs with RS256.
 * @throws TokenRefused
 */
export function verifiedClaims(
  token: string,
  { keys }: KeySet,
  { issuer, audience }: { issuer: string; audience: string },
): Claims {
  const [head = '', body = '', signature = ''] = token.split('.');
  const { alg, kid } = parsed(head) as { alg?: string; kid?: string };
  const jwk = keys.find((key) => key.kid === kid);
  if (alg !== 'RS256' || jwk === undefined)
    throw new TokenRefused(`no key ${String(kid)} for ${String(alg)} among the issuer's`);
  const key = createPublicKey({ key: jwk, format: 'jwk' });
  if (!verify('sha256', Buffer.from(`${head}.${body}`), key, Buffer.from(signature, 'base64url')))
    throw new TokenRefused('the signature is not the issuer’s');
  const { iss = '', sub = '', aud = [], exp = 0 } = parsed(body) as Partial<Claims>;
  const claims = { iss, sub, aud: typeof aud === 'string' ? [aud] : aud, exp };
  if (iss !== issuer) throw new TokenRefused(`issuer: expected ${issuer}, found ${iss}`);
  if (!claims.aud.includes(audience))
    throw new TokenRefused(`audience: expected ${audience}, found ${claims.aud.join(', ')}`);
  if (exp * 1000 <= Date.now()) throw new TokenRefused('the token has expired');
  return claims;
}

function parsed(part: string): object {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as object;
  } catch {
    throw new TokenRefused('the token is no JWT');
  }
}
