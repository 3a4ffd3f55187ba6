import { randomBytes } from 'node:crypto';
import { text } from 'node:stream/consumers';
import type { PolicyDocument } from '../../../../infra/aws/policies.ts';
import type { Cloud } from '../stand-in/cloud.ts';
import type { Exchange, Service } from './front.ts';
import { TokenRefused, verifiedClaims, type KeySet } from './tokens.ts';

const ROLE = 'aws:iam/role:Role';
const OIDC_PROVIDER = 'aws:iam/openIdConnectProvider:OpenIdConnectProvider';

/** An hour, as AWS gives where nothing else is asked for (STS API, AssumeRoleWithWebIdentity). */
const SESSION_MS = 3_600_000;

/** A session's temporary key and whose it is. */
export interface AwsSession {
  readonly token: string;
  /** Name of the role. */
  readonly role: string;
}

/** Sessions by access key id. */
export type AwsSessions = Map<string, AwsSession>;

/**
 * AssumeRoleWithWebIdentity as STS does it: the role's trust policy names a provider that this account has, the provider's issuer
 * signed the token for one of its clients, and the policy's conditions hold.
 * @param keysOf What AWS would fetch from the issuer.
 */
export function awsTokenService(
  cloud: () => Cloud,
  keysOf: (issuer: string) => KeySet | undefined,
  sessions: AwsSessions,
): Service {
  return async (exchange) => {
    const form = new URLSearchParams(await text(exchange.incoming));
    const roleArn = form.get('RoleArn') ?? '';
    try {
      const role = assume(cloud(), keysOf, roleArn, form.get('WebIdentityToken') ?? '');
      exchange.who = role;
      const id = `ASIA${randomBytes(8).toString('hex').toUpperCase()}`;
      const token = randomBytes(24).toString('base64url');
      sessions.set(id, { token, role });
      answer(exchange, 200, granted(roleArn, id, token));
    } catch (error) {
      if (!(error instanceof TokenRefused)) throw error;
      const reason = `Not authorized to perform sts:AssumeRoleWithWebIdentity: ${error.message}`;
      answer(exchange, 403, refused('AccessDenied', reason));
    }
  };
}

/** @returns The role's name. @throws TokenRefused */
function assume(
  cloud: Cloud,
  keysOf: (issuer: string) => KeySet | undefined,
  roleArn: string,
  token: string,
): string {
  const role = cloud.ofType(ROLE).find(({ state }) => state.arn === roleArn);
  if (role === undefined) throw new TokenRefused(`no role ${roleArn}`);
  const trust = JSON.parse(String(role.state.assumeRolePolicy)) as PolicyDocument;
  for (const { Principal, Condition = {} } of trust.Statement) {
    const federated =
      Principal !== '*' && Principal !== undefined && 'Federated' in Principal ? Principal.Federated : '';
    const provider = cloud.get(OIDC_PROVIDER, federated);
    if (provider === undefined) throw new TokenRefused(`no provider ${federated}`);
    const issuer = String(provider.state.url);
    const conditions = Condition.StringEquals ?? {};
    const place = issuer.replace('https://', '');
    const audience = String(conditions[`${place}:aud`]);
    const clients = provider.state.clientIdLists as readonly string[];
    const keys = keysOf(issuer);
    if (keys === undefined || !clients.includes(audience))
      throw new TokenRefused(`${federated} does not know ${audience}, or has no keys`);
    const { sub } = verifiedClaims(token, keys, { issuer, audience });
    if (sub !== conditions[`${place}:sub`]) throw new TokenRefused(`the role does not trust ${sub}`);
  }
  return role.id;
}

function answer({ outgoing }: Exchange, status: number, xml: string): void {
  outgoing.writeHead(status, { 'content-type': 'text/xml' }).end(xml);
}

const NAMESPACE = 'xmlns="https://sts.amazonaws.com/doc/2011-06-15/"';

function granted(roleArn: string, id: string, token: string): string {
  const until = new Date(Date.now() + SESSION_MS).toISOString();
  return `<AssumeRoleWithWebIdentityResponse ${NAMESPACE}><AssumeRoleWithWebIdentityResult>
<AssumedRoleUser><Arn>${roleArn}/session</Arn><AssumedRoleId>A:session</AssumedRoleId></AssumedRoleUser>
<Credentials><AccessKeyId>${id}</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>${token}</SessionToken>
<Expiration>${until}</Expiration></Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`;
}

function refused(code: string, message: string): string {
  return `<ErrorResponse ${NAMESPACE}><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`;
}
