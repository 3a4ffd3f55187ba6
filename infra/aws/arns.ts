import { Refusal } from '../refusal.ts';

/**
 * The one partition that logferry runs in. China and GovCloud have other endpoints, other log services and no trust in issuers
 * outside them.
 */
const PARTITION = 'aws';

/** The ARN of a bucket; of all AWS names this one carries neither region nor account. */
export function bucketArn(bucketName: string): string {
  return `arn:${PARTITION}:s3:::${bucketName}`;
}

/** The ARN that IAM gives the provider of an issuer: its URL without the scheme. */
export function oidcProviderArn(accountId: string, issuer: string): string {
  return `arn:${PARTITION}:iam::${accountId}:oidc-provider/${issuerHostPath(issuer)}`;
}

/** What IAM takes as an issuer (IAM API, CreateOpenIDConnectProvider): https, no port, no query. */
const ISSUER = /^https:\/\/([a-z0-9.-]+(?:\/[\w.~%-]+)*\/?)$/;

/** Whether IAM takes this URL as an issuer. */
export function isIssuer(issuer: string): boolean {
  return ISSUER.test(issuer);
}

/**
 * An issuer as IAM spells it in ARNs and condition keys: `oidc.eks.ap-northeast-2.amazonaws.com/id/ABC`. A trailing slash stays,
 * for it is part of the `iss` claim (AKS has one).
 * @throws Refusal where IAM would take no such URL.
 */
export function issuerHostPath(issuer: string): string {
  const hostPath = ISSUER.exec(issuer)?.[1];
  if (hostPath === undefined)
    throw new Refusal(
      `trusting the cluster's issuer in AWS: expected https://<host>[/<path>] without port or query, found ${JSON.stringify(issuer)}; ` +
        'give it exactly as `kubectl get --raw /.well-known/openid-configuration` shows it under "issuer"',
    );
  return hostPath;
}

/**
 * The region of a KMS key, from `arn:aws:kms:<region>:<account>:key/<id>`.
 * @throws Refusal for anything else: IAM ignores an alias as the resource of a grant.
 */
export function kmsKeyRegion(kmsKeyArn: string): string {
  const region = new RegExp(`^arn:${PARTITION}:kms:([a-z0-9-]+):[0-9]{12}:key/[A-Za-z0-9-]+$`).exec(
    kmsKeyArn,
  )?.[1];
  if (region === undefined)
    throw new Refusal(
      `granting the source's KMS key: expected arn:${PARTITION}:kms:<region>:<account>:key/<id>, found ${JSON.stringify(kmsKeyArn)}; ` +
        'an alias does not work in IAM: `aws kms describe-key --key-id <alias>` shows the ARN of its key',
    );
  return region;
}
