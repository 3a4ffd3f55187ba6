import assert from 'node:assert/strict';
import { createPublicKey, generateKeyPairSync, verify, type JsonWebKey } from 'node:crypto';
import { describe, it } from 'mocha';
import { decide, parsePolicy } from '../infra/aws/iam-decision.ts';
import { recordEnvironment, stackSettings } from '../support/program.ts';
import { only, type Registration } from '../support/pulumi-mocks.ts';
import type { ControlPlane } from './support/control-plane.ts';
import { cronJob, deploy, kubernetesObjects, type Pod } from './support/kubernetes-objects.ts';
import { usePlane } from './support/use-plane.ts';

const NAMESPACE = 'logferry-dev';

interface Claims {
  readonly iss: string;
  readonly sub: string;
  readonly aud: readonly string[];
}

const decoded = (part: string | undefined): unknown =>
  JSON.parse(Buffer.from(part ?? '', 'base64url').toString());

/** A token's claims, where one of the keys signed it; else undefined. */
function verified(
  token: string,
  keys: readonly (JsonWebKey & { readonly kid: string })[],
): Claims | undefined {
  const [head, body, signature = ''] = token.split('.');
  const { alg, kid } = decoded(head) as { alg: string; kid: string };
  const jwk = keys.find((key) => key.kid === kid);
  if (alg !== 'RS256' || jwk === undefined) return undefined;
  const key = createPublicKey({ key: jwk, format: 'jwk' });
  const signed = verify('sha256', Buffer.from(`${head}.${body}`), key, Buffer.from(signature, 'base64url'));
  return signed ? (decoded(body) as Claims) : undefined;
}

/** AWS STS, AssumeRoleWithWebIdentity: the issuer's provider must list the audience, then the role's trust decides by the claims. */
function assumesRole(registrations: readonly Registration[], { iss, sub, aud }: Claims): boolean {
  const provider = only(registrations, 'aws:iam/openIdConnectProvider:OpenIdConnectProvider').inputs;
  const trust = parsePolicy(only(registrations, 'aws:iam/role:Role').inputs.assumeRolePolicy);
  const [audience = ''] = aud;
  const [statement] = trust.Statement;
  const host = iss.replace('https://', '');
  if (provider.url !== iss || !(provider.clientIdLists as string[]).includes(audience)) return false;
  assert.deepEqual(statement?.Principal, { Federated: `arn:aws:iam::111111111111:oidc-provider/${host}` });
  const context = { [`${host}:aud`]: audience, [`${host}:sub`]: sub };
  return decide(trust, { action: 'sts:AssumeRoleWithWebIdentity', context }) === 'allowed';
}

/** The accounts of Google Cloud that a token opens: the pool's provider takes it, then each account's own trust names its subject. */
function opensAccounts(registrations: readonly Registration[], token: string): string[] {
  const { inputs } = only(registrations, 'gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider');
  const { issuerUri, jwksJson, allowedAudiences } = inputs.oidc as Record<string, string>;
  const claims = verified(token, (JSON.parse(jwksJson!) as ControlPlane['jwks']).keys);
  const pool = `projects/210987654321/locations/global/workloadIdentityPools/${String(inputs.workloadIdentityPoolId)}`;
  // Without a list of its own, a provider takes its full name, with or without https: (IAM API, Oidc.allowedAudiences).
  assert.equal(allowedAudiences, undefined);
  const name = `//iam.googleapis.com/${pool}/providers/${String(inputs.workloadIdentityPoolProviderId)}`;
  if (claims?.iss !== issuerUri || !claims!.aud.some((aud) => aud === name || aud === `https:${name}`))
    return [];
  // The one form of CEL that the program writes.
  const [, subjects = '[]'] = /^assertion\.sub in (\[.*\])$/.exec(inputs.attributeCondition as string) ?? [];
  if (!(JSON.parse(subjects.replaceAll("'", '"')) as string[]).includes(claims!.sub)) return [];
  assert.deepEqual(inputs.attributeMapping, { 'google.subject': 'assertion.sub' });
  return registrations
    .filter(({ type }) => type === 'gcp:serviceaccount/iAMMember:IAMMember')
    .filter((each) => each.inputs.role === 'roles/iam.workloadIdentityUser')
    .filter((each) => each.inputs.member === `principal://iam.googleapis.com/${pool}/subject/${claims!.sub}`)
    .map((each) => String(each.inputs.serviceAccountId));
}

/** The server signs for the issuer that the program is told of. */
const SERVER = { issuer: stackSettings('dev')['logferry:clusterIssuer']! };

/** What the program registers for a cluster with these keys, what it tells both clouds of it among it. */
async function trustIn(jwks: ControlPlane['jwks']): Promise<readonly Registration[]> {
  const keys = { 'logferry:clusterJwks': JSON.stringify(jwks) };
  return (await recordEnvironment('dev', keys)).registrations;
}

describe('tokens of a real API server, against what both clouds are told to trust', () => {
  let plane: ControlPlane;
  let registrations: readonly Registration[];

  usePlane(async (started) => {
    plane = started;
    registrations = await trustIn(plane.jwks);
    await deploy(plane, kubernetesObjects(registrations));
  }, SERVER);

  /** A pod as a CronJob's Job would make it. */
  async function podOf(name: string): Promise<Pod> {
    const { metadata, spec } = (await cronJob(plane, NAMESPACE, name)).spec.jobTemplate.spec.template;
    const pod = { name, namespace: NAMESPACE, labels: metadata.labels };
    return (await plane.apply({ apiVersion: 'v1', kind: 'Pod', metadata: pod, spec })) as Pod;
  }

  /** Each projected token of a pod, by its file, as a kubelet asks for it: bound to the pod. */
  async function projectedTokens({ metadata, spec }: Pod): Promise<Record<string, string>> {
    const tokens: Record<string, string> = {};
    const boundObjectRef = { apiVersion: 'v1', kind: 'Pod', name: metadata.name, uid: metadata.uid };
    for (const { projected } of spec.volumes as Partial<Pod['spec']['volumes'][number]>[])
      for (const { serviceAccountToken } of (projected?.sources ?? []) as Partial<
        NonNullable<typeof projected>['sources'][number]
      >[]) {
        if (serviceAccountToken === undefined) continue;
        const { audience, expirationSeconds, path } = serviceAccountToken;
        const { status } = (await plane.request(
          'POST',
          `/api/v1/namespaces/${metadata.namespace}/serviceaccounts/${spec.serviceAccountName}/token`,
          {
            apiVersion: 'authentication.k8s.io/v1',
            kind: 'TokenRequest',
            spec: { audiences: [audience], expirationSeconds, boundObjectRef },
          },
        )) as { status: { token: string } };
        tokens[path] = status.token;
      }
    return tokens;
  }

  it('the classifier’s opens its role in AWS and its account in Google Cloud, each with the token that is meant for it', async () => {
    const tokens = await projectedTokens(await podOf('classifier'));
    assert.deepEqual(Object.keys(tokens), ['aws-token', 'gcp-token']);
    const [aws, gcp] = Object.values(tokens).map((token) => verified(token, plane.jwks.keys)) as [
      Claims,
      Claims,
    ];
    const subject = { iss: plane.issuer, sub: `system:serviceaccount:${NAMESPACE}:classifier` };
    const audience =
      'https://iam.googleapis.com/projects/210987654321/locations/global/workloadIdentityPools/logferry-dev/providers/cluster';
    assert.deepEqual(
      [aws, gcp].map(({ iss, sub, aud }) => ({ iss, sub, aud })),
      [
        { ...subject, aud: ['sts.amazonaws.com'] },
        { ...subject, aud: [audience] },
      ],
    );
    assert.equal(assumesRole(registrations, aws), true);
    assert.equal(assumesRole(registrations, gcp), false);
    const account =
      'projects/logferry-dev-example/serviceAccounts/logferry-dev-classifier@logferry-dev-example.iam.gserviceaccount.com';
    assert.deepEqual(opensAccounts(registrations, tokens['gcp-token']!), [account]);
    assert.deepEqual(opensAccounts(registrations, tokens['aws-token']!), []);
  });

  it('the loader’s opens its own account, and no role even if it were made out to AWS', async () => {
    const pod = await podOf('loader-fast');
    const tokens = await projectedTokens(pod);
    assert.deepEqual(Object.keys(tokens), ['gcp-token']);
    const account =
      'projects/logferry-dev-example/serviceAccounts/logferry-dev-loader@logferry-dev-example.iam.gserviceaccount.com';
    assert.deepEqual(opensAccounts(registrations, tokens['gcp-token']!), [account]);
    const forged = await plane.mintToken(NAMESPACE, 'loader', ['sts.amazonaws.com']);
    assert.equal(assumesRole(registrations, verified(forged, plane.jwks.keys)!), false);
  });

  it('those of others open nothing: another account of the namespace, and one of the same name elsewhere', async () => {
    const provider = verified(
      (await projectedTokens(await podOf('loader-standard-30')))['gcp-token']!,
      plane.jwks.keys,
    )!;
    await plane.apply({
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'classifier', namespace: 'default' },
    });
    for (const [namespace, account] of [
      [NAMESPACE, 'default'],
      ['default', 'classifier'],
    ] as const) {
      const forAws = await plane.mintToken(namespace, account, ['sts.amazonaws.com']);
      assert.equal(assumesRole(registrations, verified(forAws, plane.jwks.keys)!), false);
      assert.deepEqual(
        opensAccounts(registrations, await plane.mintToken(namespace, account, provider.aud)),
        [],
      );
    }
  });

  it('a token that is changed, or of another server’s keys, opens nothing', async () => {
    const { 'gcp-token': token } = await projectedTokens(await podOf('loader-standard-35'));
    const [head, body = '', signature] = token!.split('.');
    const claims = decoded(body) as Claims;
    const sub = claims.sub.replace('loader', 'classifier');
    const changed = Buffer.from(JSON.stringify({ ...claims, sub })).toString('base64url');
    assert.equal(verified([head, changed, signature].join('.'), plane.jwks.keys), undefined);
    assert.deepEqual(opensAccounts(registrations, [head, changed, signature].join('.')), []);
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const others = {
      keys: plane.jwks.keys.map((key) => ({ ...key, ...publicKey.export({ format: 'jwk' }) })),
    };
    const elsewhere = await trustIn(others);
    assert.deepEqual(opensAccounts(elsewhere, token!), []);
  });
});
