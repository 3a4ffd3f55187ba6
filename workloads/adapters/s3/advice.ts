import type { Call } from './call.ts';
import type { Facts } from './facts.ts';

/** S3's message of an AccessDenied names the kind of policy that refused (IAM user guide, "access denied error messages"). */
const POLICIES: readonly (readonly [string, string])[] = [
  ['kms:', 'The key that encrypts the object refuses: let its key policy allow the role to kms:Decrypt.'],
  [
    'explicit deny in a resource-based policy',
    'The bucket’s own policy denies it: look at the bucket policy.',
  ],
  ['resource-based policy', 'The bucket’s own policy does not allow it: look at the bucket policy.'],
  ['service control policy', 'The organisation’s service control policy denies it.'],
  ['VPC endpoint policy', 'The policy of the VPC endpoint on the way denies it.'],
  ['permissions boundary', 'The role’s permissions boundary does not allow it.'],
  ['identity-based policy', 'The role’s own policy does not allow it: add the permission to the role.'],
];

/** The permission behind each call. */
const PERMISSION: Readonly<Record<Call['doing'], string>> = {
  list: 's3:ListBucket on the bucket',
  'look at': 's3:GetObject on its objects (and s3:ListBucket: without it a missing key is denied, too)',
  read: 's3:GetObject on its objects (and s3:ListBucket: without it a missing key is denied, too)',
  create: 's3:PutObject on its objects',
};

/** Which of token, role and bucket policy to look at after S3 refused. */
export function deniedAdvice({ name, message }: Facts, { doing, env }: Call): string {
  switch (name) {
    case 'ExpiredToken':
    case 'TokenRefreshRequired':
      return env.AWS_WEB_IDENTITY_TOKEN_FILE === undefined
        ? 'The session has expired: get new credentials ("aws sso login", or a new AWS_SESSION_TOKEN).'
        : `The session has expired and was not renewed: look at the token ${env.AWS_WEB_IDENTITY_TOKEN_FILE} and this machine’s clock.`;
    case 'InvalidToken':
    case 'InvalidAccessKeyId':
      return 'S3 does not know these credentials: they are of another partition or service, or were deleted. Look at where they come from.';
    case 'SignatureDoesNotMatch':
      return 'The secret key does not belong to the access key: look at AWS_SECRET_ACCESS_KEY.';
    default:
  }
  const found = POLICIES.find(([words]) => message.includes(words));
  if (found !== undefined) return found[1];
  return `Let the ${roleOf(env)} have ${PERMISSION[doing]}, then look at the bucket policy.`;
}

/** Which of token, role and trust policy to look at where there are no credentials. */
export function stsAdvice({ name }: Facts, env: NodeJS.ProcessEnv): string {
  const token = env.AWS_WEB_IDENTITY_TOKEN_FILE;
  if (token === undefined) {
    return 'Set AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE (a pod has them from its spec), AWS_PROFILE, or log in with "aws sso login".';
  }
  switch (name) {
    case 'AccessDenied':
      return `Let the trust policy of the ${roleOf(env)} name this cluster’s issuer with the token’s :aud and :sub.`;
    case 'InvalidIdentityToken':
    case 'InvalidIdentityTokenException':
      return `Look at the token ${token}: its issuer must be an IAM OIDC provider of the role’s account, with the token’s audience.`;
    case 'ExpiredTokenException':
      return `The token ${token} has expired and nobody renewed it: look at the pod’s projected volume and at the clock.`;
    default:
      return `Look at the token ${token} and at the ${roleOf(env)}.`;
  }
}

function roleOf(env: NodeJS.ProcessEnv): string {
  return env.AWS_ROLE_ARN === undefined ? 'role in use' : `role ${env.AWS_ROLE_ARN}`;
}
