import { randomBytes } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { tokenAudience } from '../../../../infra/gcp/external-account.ts';
import type { Cloud } from '../stand-in/cloud.ts';
import type { Properties } from '../stand-in/wire.ts';
import type { Exchange, Service } from './front.ts';
import { TokenRefused, verifiedClaims, type KeySet } from './tokens.ts';

const PROVIDER = 'gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider';
const ACCOUNT = 'gcp:serviceaccount/account:Account';
const TRUST = 'gcp:serviceaccount/iAMMember:IAMMember';

/** Seconds that Google's tokens live as a rule. */
const TOKEN_SECONDS = 3600;

/** Who holds a token: `principal://...` of a federated one, the email of a service account's. */
export type GoogleTokens = Map<string, string>;

/** The bearer token of a request; empty where it has none. */
export const bearer = ({ incoming }: Exchange): string =>
  /^Bearer (.+)$/.exec(incoming.headers.authorization ?? '')?.[1] ?? '';

export function refuse({ outgoing }: Exchange, status: number, message: string, reason = ''): void {
  const error = { code: status, message, errors: [{ message, reason, domain: 'global' }] };
  outgoing.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ error }));
}

const give = ({ outgoing }: Exchange, body: object): void => {
  outgoing.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
};

/** The token exchange of workload identity federation (RFC 8693; IAM, "Security Token Service API"). */
export function googleTokenService(
  cloud: () => Cloud,
  keysOf: (issuer: string) => KeySet | undefined,
  tokens: GoogleTokens,
): Service {
  return async (exchange) => {
    const form = new URLSearchParams(await text(exchange.incoming));
    try {
      const principal = federated(
        cloud(),
        keysOf,
        form.get('audience') ?? '',
        form.get('subject_token') ?? '',
      );
      exchange.who = principal;
      const token = randomBytes(24).toString('base64url');
      tokens.set(token, principal);
      const issued = 'urn:ietf:params:oauth:token-type:access_token';
      give(exchange, {
        ...{ access_token: token, issued_token_type: issued },
        ...{ token_type: 'Bearer', expires_in: TOKEN_SECONDS },
      });
    } catch (error) {
      if (!(error instanceof TokenRefused)) throw error;
      const body = { error: 'invalid_grant', error_description: error.message };
      exchange.outgoing.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    }
  };
}

/** @returns `principal://iam.googleapis.com/<pool>/subject/<sub>`. @throws TokenRefused */
function federated(
  cloud: Cloud,
  keysOf: (issuer: string) => KeySet | undefined,
  audience: string,
  token: string,
): string {
  const provider = cloud
    .ofType(PROVIDER)
    .find(({ state }) => audience === `//iam.googleapis.com/${String(state.name)}`);
  if (provider === undefined) throw new TokenRefused(`no provider ${audience}`);
  const name = String(provider.state.name);
  const { issuerUri, jwksJson } = provider.state.oidc as { issuerUri: string; jwksJson?: string };
  const keys = jwksJson === undefined ? keysOf(issuerUri) : (JSON.parse(jwksJson) as KeySet);
  if (keys === undefined) throw new TokenRefused(`no keys of ${issuerUri}`);
  // No audiences are listed: then the token must be made for this very provider.
  const { sub } = verifiedClaims(token, keys, { issuer: issuerUri, audience: tokenAudience(name) });
  if (!listedSubjects(provider.state).includes(sub))
    throw new TokenRefused(`the given credential is rejected by the attribute condition: ${sub}`);
  return `principal://iam.googleapis.com/${name.split('/providers/')[0]!}/subject/${sub}`;
}

/** Of the one kind of condition that the program writes: `assertion.sub in ['a', 'b']`. */
function listedSubjects({ attributeCondition, attributeMapping }: Properties): string[] {
  const list = /^assertion\.sub in \[('[^']*'(?:, '[^']*')*)\]$/.exec(String(attributeCondition))?.[1];
  const mapped = (attributeMapping as Record<string, string> | undefined)?.['google.subject'];
  if (list === undefined || mapped !== 'assertion.sub')
    throw new Error(`the house reads no such condition or mapping: ${String(attributeCondition)}`);
  return list.split(', ').map((quoted) => quoted.slice(1, -1));
}

/** A service account's token for whoever is trusted to act as it (IAM Credentials API, generateAccessToken). */
export function impersonationService(cloud: () => Cloud, tokens: GoogleTokens): Service {
  return (exchange) => {
    const email = /^\/v1\/projects\/-\/serviceAccounts\/([^:]+):generateAccessToken$/.exec(
      decodeURIComponent(exchange.url.pathname),
    )?.[1];
    const principal = tokens.get(bearer(exchange));
    const account = cloud()
      .ofType(ACCOUNT)
      .find(({ state }) => state.email === email);
    const isTrusted = cloud()
      .ofType(TRUST)
      .some(
        ({ inputs }) =>
          inputs.serviceAccountId === account?.state.name &&
          inputs.role === 'roles/iam.workloadIdentityUser' &&
          inputs.member === principal,
      );
    exchange.incoming.resume();
    if (email === undefined || account === undefined || principal === undefined || !isTrusted) {
      refuse(exchange, 403, "Permission 'iam.serviceAccounts.getAccessToken' denied");
      return;
    }
    exchange.who = email;
    const accessToken = randomBytes(24).toString('base64url');
    tokens.set(accessToken, email);
    give(exchange, {
      accessToken,
      expireTime: new Date(Date.now() + TOKEN_SECONDS * 1000).toISOString(),
    });
  };
}
