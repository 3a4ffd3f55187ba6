import assert from 'node:assert/strict';
import { bucketArn, issuerHostPath, kmsKeyRegion, oidcProviderArn } from '../../../infra/aws/arns.ts';

const GKE = 'container.googleapis.com/v1/projects/logs-dev/locations/asia-northeast3/clusters/logferry-dev';

describe('AWS names of what is not AWS', () => {
  it('an issuer keeps its path, its capitals and its trailing slash', () => {
    for (const hostPath of [
      GKE,
      'oidc.eks.ap-northeast-2.amazonaws.com/id/0A1B2C3D4E5F60718293A4B5C6D7E8F9',
      'koreacentral.oic.prod-aks.azure.com/11111111-2222-3333-4444-555555555555/66666666-7777/',
      'issuer.example.com',
      'storage.googleapis.com/bucket_x/~oidc',
    ]) {
      assert.equal(issuerHostPath(`https://${hostPath}`), hostPath);
      assert.equal(
        oidcProviderArn('123456789012', `https://${hostPath}`),
        `arn:aws:iam::123456789012:oidc-provider/${hostPath}`,
      );
    }
  });

  it('what IAM takes for no issuer is refused with what was found and where the right one stands', () => {
    for (const issuer of [
      '',
      'issuer.example.com',
      'http://issuer.example.com',
      'HTTPS://issuer.example.com',
      'https://',
      'https://Issuer.example.com',
      'https://issuer.example.com:8443',
      'https://user@issuer.example.com',
      'https://issuer.example.com/a?b',
      'https://issuer.example.com/a#b',
      'https://issuer.example.com//a',
      'https://issuer.example.com/a b',
      'https://issuer.example.com/a\n',
    ])
      assert.throws(() => issuerHostPath(issuer), {
        name: 'Refusal',
        message:
          `trusting the cluster's issuer in AWS: expected https://<host>[/<path>] without port or query, found ${JSON.stringify(issuer)}; ` +
          'give it exactly as `kubectl get --raw /.well-known/openid-configuration` shows it under "issuer"',
      });
  });

  it('a KMS key says its region; an alias is refused', () => {
    const key = 'arn:aws:kms:ap-northeast-2:123456789012:key/mrk-1234abcd';
    assert.equal(kmsKeyRegion(key), 'ap-northeast-2');
    for (const wrong of [
      '',
      'arn:aws:kms:ap-northeast-2:123456789012:alias/logs',
      `${key}/x`,
      'mrk-1234abcd',
    ])
      assert.throws(() => kmsKeyRegion(wrong), {
        name: 'Refusal',
        message:
          `granting the source's KMS key: expected arn:aws:kms:<region>:<account>:key/<id>, found ${JSON.stringify(wrong)}; ` +
          'an alias does not work in IAM: `aws kms describe-key --key-id <alias>` shows the ARN of its key',
      });
  });

  it('a bucket has neither region nor account', () => {
    assert.equal(bucketArn('logs'), 'arn:aws:s3:::logs');
  });
});
