import type { ControlPlane } from '../control-plane.ts';
import type { Cloud } from '../stand-in/cloud.ts';
import { awsTokenService, type AwsSessions } from './aws-sts.ts';
import { bigqueryNeeds, bigqueryReadsBody } from './bigquery-needs.ts';
import type { Service } from './front.ts';
import { gcsNeeds } from './gcs-needs.ts';
import { googleService } from './google-service.ts';
import { googleTokenService, impersonationService, type GoogleTokens } from './google-sts.ts';
import { s3Service } from './s3-service.ts';
import type { KeySet } from './tokens.ts';

const REGION = 'ap-northeast-2';
const S3 = `s3.${REGION}.amazonaws.com`;
const AWS_STS = `sts.${REGION}.amazonaws.com`;
const GOOGLE = ['storage', 'bigquery', 'sts', 'iamcredentials'].map((name) => `${name}.googleapis.com`);

/** Every name that a certificate has to be good for. */
export const CLOUD_NAMES = [AWS_STS, S3, `*.${S3}`, ...GOOGLE];

const SOURCE_BUCKET = 'aws:s3/bucket:Bucket';

/** The names that a pod can resolve, as lines of /etc/hosts. */
export function hostNames(cloud: Cloud, address: string): string {
  const buckets = cloud.ofType(SOURCE_BUCKET).map(({ id }) => `${id}.${S3}`);
  return [AWS_STS, S3, ...buckets, ...GOOGLE].map((name) => `${address} ${name}\n`).join('');
}

/** Addresses of the emulators, and whose word counts on who may do what. */
export interface CloudParts {
  readonly cloud: Cloud;
  /** Its keys are what both clouds would fetch from the issuer. */
  readonly plane: Pick<ControlPlane, 'issuer' | 'jwks'>;
  readonly s3: string;
  readonly gcs: string;
  readonly bigquery: string;
}

/** The service behind each name: it lets in who has a token of the cluster that the program's policies trust, and nobody else. */
export function cloudServices({
  cloud,
  plane,
  s3,
  gcs,
  bigquery,
}: CloudParts): (host: string) => Service | undefined {
  const sessions: AwsSessions = new Map();
  const tokens: GoogleTokens = new Map();
  const keysOf = (issuer: string): KeySet | undefined => (issuer === plane.issuer ? plane.jwks : undefined);
  const current = (): Cloud => cloud;
  const google = { cloud: current, tokens };
  const services: Readonly<Record<string, Service>> = {
    [AWS_STS]: awsTokenService(current, keysOf, sessions),
    'sts.googleapis.com': googleTokenService(current, keysOf, tokens),
    'iamcredentials.googleapis.com': impersonationService(current, tokens),
    'storage.googleapis.com': googleService({
      ...google,
      ...{ endpoint: gcs, needsOf: gcsNeeds, readsBody: () => false },
    }),
    'bigquery.googleapis.com': googleService({
      ...google,
      ...{ endpoint: bigquery, needsOf: bigqueryNeeds, readsBody: bigqueryReadsBody },
    }),
  };
  const buckets = s3Service(current, sessions, s3);
  return (host) => (host.endsWith(`.${S3}`) ? buckets : services[host]);
}
