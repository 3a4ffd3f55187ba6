import assert from 'node:assert/strict';
import fc from 'fast-check';
import { hasDigest, imageReference } from '../../../infra/config/image.ts';
import { jwks } from '../../../infra/config/jwks.ts';
import {
  apiRange,
  controlPlaneRange,
  ipv4Range,
  narrowRange,
  publicIssuer,
} from '../../../infra/config/network.ts';
import { oidcProviderArn } from '../../../infra/aws/arns.ts';
import { egressRules } from '../../../infra/k8s/egress.ts';
import { milliCores, quantityBytes } from '../../../infra/config/quantities.ts';
import { gcsBucketName, kubernetesNamespace, s3BucketName } from '../../../infra/config/name-rules.ts';

type Check = (text: string) => string | undefined;

/** Those of the texts that a check takes. */
const taken = (check: Check, texts: readonly string[]): readonly string[] =>
  texts.filter((text) => check(text) === undefined);

describe('the forms of settings', () => {
  it('issuers that AWS can reach', () => {
    const reachable = [
      'https://oidc.eks.ap-northeast-2.amazonaws.com/id/ABC',
      'https://container.googleapis.com/v1/projects/p/locations/l/clusters/c',
      'https://koreacentral.oic.prod-aks.azure.com/1/2/',
      'https://issuer.example.com',
    ];
    assert.deepEqual(taken(publicIssuer, reachable), reachable);
  });

  it('issuers that it cannot', () => {
    const names = ['localhost', 'local', 'internal', 'svc', 'home.arpa', 'test', 'invalid'];
    const offices = ['lan', 'corp', 'home', 'intranet', 'private'];
    const unreachable = [
      ...[...names, ...offices].map((name) => `https://issuer.${name}`),
      ...[
        'https://kubernetes',
        'https://10.0.0.1',
        'https://8.8.8.8',
        'https://[::1]',
        'https://issuer.example.com.',
      ],
    ];
    assert.equal(new Set(unreachable.map(publicIssuer)).size, 1);
    assert.match(String(publicIssuer('https://kubernetes')), /^an issuer with a public host name/);
  });

  it('URLs that are no issuer', () => {
    const urls = [
      ...['http://issuer.example.com', 'issuer.example.com', 'ftp://issuer.example.com', 'https://'],
      ...['https://issuer.example.com:443', 'https://issuer.example.com/?a', 'https://issuer.example.com#a'],
      ...['https://a@issuer.example.com', 'https://issuer.example.com//a', 'https://Issuer.example.com'],
      ...['/a b', '/a+b', '/a,b', '/é', '/a;b', '/a\\b', '/a\n', '/a[b]', '/:a', '/a@b'].map(
        (path) => `https://issuer.example.com${path}`,
      ),
      ...['https://ex_ample.com', 'https://issuer..com', 'https://-a.example.com', 'https://é.example.com'],
      `https://issuer.example.com/${'a'.repeat(229)}`,
    ];
    for (const url of urls) assert.match(String(publicIssuer(url)), /^https:\/\/<host>/, url);
    assert.equal(publicIssuer(`https://issuer.example.com/${'a'.repeat(228)}`), undefined);
  });

  it('property: an issuer that is taken has an ARN in AWS', () => {
    const part = fc.string({ unit: fc.constantFrom(...'aZ0-._~%/:@?#+,; é\n'.split('')), maxLength: 12 });
    const taken = fc.sample(part, { numRuns: 20_000, seed: 1 }).flatMap((path) => {
      const issuer = `https://issuer.example.com${path}`;
      if (publicIssuer(issuer) !== undefined) return [];
      return [oidcProviderArn('111111111111', issuer)];
    });
    assert.ok(taken.length > 100, `${taken.length} were taken`);
  });

  it('ranges of the clouds’ APIs: not within those where nodes keep their identity', () => {
    const ranges = ['0.0.0.0/0', '169.0.0.0/8', '52.0.0.0/8', '169.255.0.0/16'];
    const broken = ['169.254.0.0/16', '169.254.169.254/32', '169.254.128.0/17'];
    assert.deepEqual(taken(apiRange, [...ranges, ...broken, '10.0.0.1/8', '::/0']), ranges);
    for (const egressCidr of ranges)
      assert.doesNotThrow(() => egressRules({ egressCidr, metadataServer: true }));
    for (const egressCidr of broken) assert.throws(() => egressRules({ egressCidr, metadataServer: true }));
  });

  it('IPv4 ranges', () => {
    const ranges = ['0.0.0.0/0', '203.0.113.0/24', '10.0.0.1/32', '172.16.0.0/28'];
    const broken = [
      '10.0.0.1/8',
      '256.0.0.0/8',
      '10.0.0.0',
      '10.0.0.0/33',
      '10.0.0.0/08',
      '::/0',
      'a/8',
      '1.2.3/8',
    ];
    assert.deepEqual(taken(ipv4Range, [...ranges, ...broken]), ranges);
    assert.deepEqual(
      taken(narrowRange, [...ranges, ...broken, '0.0.0.0/1', '128.0.0.0/1', '126.0.0.0/7', '10.0.0.0/8']),
      [...ranges.slice(1), '10.0.0.0/8'],
    );
    assert.deepEqual(
      taken(controlPlaneRange, [...ranges, '172.32.0.0/28', '192.168.1.0/28', '10.0.0.0/24', '10.0.0.8/28']),
      ['172.16.0.0/28', '192.168.1.0/28'],
    );
  });

  it('quantities, in bytes and thousandths of a core', () => {
    assert.deepEqual(
      ['2Gi', '128Mi', '1', '1k', '5M', '0', '1.5Gi', '2GB', 'Gi', '-1Gi'].map(quantityBytes),
      [
        ...[2_147_483_648, 134_217_728, 1, 1000, 5_000_000],
        ...[undefined, undefined, undefined, undefined, undefined],
      ],
    );
    assert.deepEqual(['100m', '1', '0.5', '2.125', '0', '0m', '0.5m', '1.2345', 'm'].map(milliCores), [
      ...[100, 1000, 500, 2125],
      ...[undefined, undefined, undefined, undefined, undefined],
    ]);
  });

  it('images: a registry, and a tag or a digest', () => {
    const digest = `@sha256:${'0123456789abcdef'.repeat(4)}`;
    const images = [
      ...['ghcr.io/a/b:v1', 'localhost:5000/b:v1', 'localhost/b:v1', 'registry:5000/b:v1'],
      ...[`ghcr.io/a/b${digest}`, `111111111111.dkr.ecr.ap-northeast-2.amazonaws.com/b:v1${digest}`],
    ];
    const broken = [
      ...[
        'logferry:v1',
        'library/logferry:v1',
        'ghcr.io/a/b',
        'ghcr.io/A/b:v1',
        'ghcr.io/a/b:',
        'ghcr.io/:v1',
      ],
      ...[`ghcr.io/a/b${digest.slice(0, -1)}`, `ghcr.io/a/b${digest}0`, `ghcr.io/a/b${digest.toUpperCase()}`],
      ...['https://ghcr.io/a/b:v1', 'ghcr.io/a/b:v1 ', `ghcr.io/a/b${digest}:v1`],
    ];
    assert.deepEqual(taken(imageReference, [...images, ...broken]), images);
    assert.deepEqual(images.filter(hasDigest), images.slice(4));
  });

  it('key sets: public keys only', () => {
    const sets = ['{"keys":[{"kty":"RSA","n":"a","e":"b"}]}', '{"keys":[{"kty":"EC"},{"kty":"RSA"}]}'];
    const broken = [
      ...[
        '',
        '{',
        'null',
        '[]',
        '{}',
        '{"keys":{}}',
        '{"keys":[]}',
        '{"keys":[null]}',
        '{"keys":[{"n":"a"}]}',
      ],
      ...['{"keys":[{"kty":"EC"},{"kty":"RSA","d":"a"}]}', '{"keys":[{"kty":"oct","k":"a"}]}'],
    ];
    assert.deepEqual(taken(jwks, [...sets, ...broken]), sets);
  });

  it('bucket names and namespaces', () => {
    const long = 'a'.repeat(63);
    assert.deepEqual(
      taken(s3BucketName, [
        'abc',
        'a.b-c',
        long,
        'ab',
        `${long}a`,
        'A.b',
        '-ab',
        'ab-',
        '.ab',
        'a_b',
        '1.2.3.4',
        'a..b',
      ]),
      ['abc', 'a.b-c', long],
    );
    assert.deepEqual(
      [
        'xn--a',
        'sthree-a',
        'amzn-s3-demo-a',
        'a-s3alias',
        'a--ol-s3',
        'a.mrap',
        'a--x-s3',
        'a--table-s3',
      ].map(s3BucketName),
      new Array(8).fill('an S3 bucket name without a beginning or end that S3 reserves'),
    );
    assert.deepEqual(
      taken(gcsBucketName, ['abc', long, 'goog-a', 'my-google', 'my-g00gle', 'ab', 'a.b', 'a-']),
      ['abc', long],
    );
    assert.deepEqual(
      taken(kubernetesNamespace, ['logs', 'a', long, 'kube-a', 'default', 'A', `${long}a`, 'a.b']),
      ['logs', 'a', long],
    );
  });
});
