import type { PolicyDocument } from '../../../../infra/aws/policies.ts';
import { s3Error } from '../../../support/s3-fauxqs.ts';
import type { Cloud } from '../stand-in/cloud.ts';
import { isAllowed, type AwsRequest } from './aws-iam.ts';
import type { AwsSessions } from './aws-sts.ts';
import { forward } from './forward.ts';
import type { Exchange, Service } from './front.ts';

const ROLE_POLICY = 'aws:iam/rolePolicy:RolePolicy';

/** A bucket's host name (S3 user guide, "Virtual-hosted-style requests"). */
const HOST = /^(.+)\.s3\.([a-z0-9-]+)\.amazonaws\.com$/;

/** `AWS4-HMAC-SHA256 Credential=<key>/<day>/<region>/s3/aws4_request, ...` */
const SIGNED = /^AWS4-HMAC-SHA256 Credential=([^/]+)\/\d{8}\/([^/]+)\/s3\/aws4_request,/;

/**
 * S3 for whoever has a session that the token service gave out, and only for what that role's policies allow. That the request was
 * signed with the session's key is not looked at; that it was signed for the bucket's region is.
 * @param endpoint Of the emulator, which speaks by path and lets everybody in.
 */
export function s3Service(cloud: () => Cloud, sessions: AwsSessions, endpoint: string): Service {
  return (exchange) => {
    const [, bucket = '', region = ''] = HOST.exec(exchange.host) ?? [];
    const { authorization = '', 'x-amz-security-token': token } = exchange.incoming.headers;
    const [, key = '', signedFor] = SIGNED.exec(authorization) ?? [];
    const session = sessions.get(key);
    if (session === undefined || session.token !== token || signedFor !== region) {
      refuse(exchange, 'InvalidAccessKeyId');
      return;
    }
    exchange.who = session.role;
    const policies = cloud()
      .ofType(ROLE_POLICY)
      .filter(({ inputs }) => inputs.role === session.role)
      .map(({ inputs }) => JSON.parse(String(inputs.policy)) as PolicyDocument);
    if (!isAllowed(policies, asked(exchange, bucket))) {
      refuse(exchange, 'AccessDenied');
      return;
    }
    forward(exchange, endpoint, { path: `/${bucket}${exchange.incoming.url ?? '/'}` });
  };
}

/** S3 API, "Required permissions" of each operation; only those that read are told apart. */
function asked({ method, url }: Exchange, bucket: string): AwsRequest {
  const arn = `arn:aws:s3:::${bucket}`;
  const key = decodeURIComponent(url.pathname.slice(1));
  const reads = method === 'GET' || method === 'HEAD';
  if (!reads) return { action: 's3:PutObject', resource: `${arn}/${key}`, context: {} };
  if (key !== '') return { action: 's3:GetObject', resource: `${arn}/${key}`, context: {} };
  const prefix = url.searchParams.get('prefix') ?? '';
  return { action: 's3:ListBucket', resource: arn, context: { 's3:prefix': prefix } };
}

function refuse({ outgoing }: Exchange, code: string): void {
  outgoing.writeHead(403, { 'content-type': 'application/xml' }).end(s3Error(code));
}
