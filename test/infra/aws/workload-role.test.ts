import assert from 'node:assert/strict';
import * as pulumi from '@pulumi/pulumi';
import { ClusterOidcProvider } from '../../../infra/aws/cluster-oidc-provider.ts';
import { classifierSourcePolicy } from '../../../infra/aws/policies.ts';
import { WorkloadRole } from '../../../infra/aws/workload-role.ts';
import { AWS_ACCOUNT, AWS_ANSWERS } from '../../support/cloud-answers/aws.ts';
import { only, recordProgram, type Recorded } from '../../support/pulumi-mocks.ts';
import { outputValue } from './output-value.ts';
import { decide, parsePolicy } from './iam-decision.ts';

const HOST = 'container.googleapis.com/v1/projects/logs-dev/locations/asia-northeast3/clusters/logferry-dev';
const ISSUER = `https://${HOST}`;
const PROVIDER = `arn:aws:iam::${AWS_ACCOUNT}:oidc-provider/${HOST}`;
const OIDC = 'aws:iam/openIdConnectProvider:OpenIdConnectProvider';

interface Provider {
  readonly arn: string;
  readonly issuerHostPath: string;
}

const provider = (adopt: boolean, answers = AWS_ANSWERS): Promise<Recorded<Provider>> =>
  recordProgram(
    async () => {
      const oidc = new ClusterOidcProvider('oidc', {
        issuer: ISSUER,
        audience: 'sts.amazonaws.com',
        adopt,
        accountId: AWS_ACCOUNT,
        tags: { environment: 'dev' },
      });
      return { arn: await outputValue(oidc.arn), issuerHostPath: await outputValue(oidc.issuerHostPath) };
    },
    { answers },
  );

describe("AWS's knowledge of the cluster's issuer", () => {
  it('made here: the issuer to the letter, one audience, no thumbprint', async () => {
    const { registrations, result } = await provider(false);
    assert.deepEqual(result, { arn: PROVIDER, issuerHostPath: HOST });
    assert.deepEqual(registrations, [
      { type: 'logferry:aws:ClusterOidcProvider', name: 'oidc', inputs: {}, options: {} },
      {
        type: OIDC,
        name: 'oidc-provider',
        parent: 'logferry:aws:ClusterOidcProvider/oidc',
        inputs: { url: ISSUER, clientIdLists: ['sts.amazonaws.com'], tags: { environment: 'dev' } },
        options: { retainOnDelete: true },
      },
    ]);
  });

  it("adopted: is read by the ARN that the account's own has, and nothing is made", async () => {
    const { registrations, result } = await provider(true);
    assert.deepEqual(result, { arn: PROVIDER, issuerHostPath: HOST });
    assert.deepEqual(registrations, [
      { type: 'logferry:aws:ClusterOidcProvider', name: 'oidc', inputs: {}, options: {} },
      {
        type: OIDC,
        name: 'oidc-provider',
        parent: 'logferry:aws:ClusterOidcProvider/oidc',
        inputs: {},
        options: { read: PROVIDER },
      },
    ]);
  });

  it('adopted without our audience: refused, with the command that adds it', async () => {
    for (const [clientIdLists, found] of [
      [['github', 'vault'], 'github, vault'],
      [[], 'none'],
    ] as const)
      await assert.rejects(
        provider(true, { ...AWS_ANSWERS, [OIDC]: () => ({ clientIdLists }) }),
        // Pulumi puts the property that the value was on its way to before it.
        (error: Error) =>
          error.name === 'Refusal' &&
          error.message.endsWith(
            `adopting ${PROVIDER}: expected it to accept the audience sts.amazonaws.com, found ${found}; add it: ` +
              `aws iam add-client-id-to-open-id-connect-provider --open-id-connect-provider-arn ${PROVIDER} --client-id sts.amazonaws.com`,
          ),
      );
  });
});

describe("a workload's role", () => {
  it('is for one service account, and has one policy', async () => {
    const policy = classifierSourcePolicy({ bucketArn: 'arn:aws:s3:::logs', prefix: 'logs' });
    const { registrations, result } = await recordProgram(
      () => {
        const { arn } = new WorkloadRole('classifier-role', {
          roleName: 'logferry-dev-classifier',
          oidcProviderArn: PROVIDER,
          issuer: pulumi.output(ISSUER),
          audience: 'sts.amazonaws.com',
          namespace: 'logferry-dev',
          serviceAccount: 'classifier',
          policy,
          tags: { environment: 'dev' },
        });
        return outputValue(arn);
      },
      { answers: AWS_ANSWERS },
    );
    assert.equal(result, `arn:aws:iam::${AWS_ACCOUNT}:role/logferry-dev-classifier`);
    const role = only(registrations, 'aws:iam/role:Role');
    assert.deepEqual(registrations, [
      { type: 'logferry:aws:WorkloadRole', name: 'classifier-role', inputs: {}, options: {} },
      {
        type: 'aws:iam/role:Role',
        name: 'classifier-role-role',
        parent: 'logferry:aws:WorkloadRole/classifier-role',
        inputs: {
          name: 'logferry-dev-classifier',
          description: 'logferry: Kubernetes service account logferry-dev/classifier',
          assumeRolePolicy: role.inputs.assumeRolePolicy,
          maxSessionDuration: 3600,
          tags: { environment: 'dev' },
        },
        options: {},
      },
      {
        type: 'aws:iam/rolePolicy:RolePolicy',
        name: 'classifier-role-policy',
        parent: 'logferry:aws:WorkloadRole/classifier-role',
        inputs: {
          name: 'logferry-dev-classifier',
          role: 'logferry-dev-classifier',
          policy: JSON.stringify(policy),
        },
        options: { dependsOn: ['aws:iam/role:Role/classifier-role-role'] },
      },
    ]);
    const trust = parsePolicy(role.inputs.assumeRolePolicy);
    assert.deepEqual(
      trust.Statement.map(({ Principal }) => Principal),
      [{ Federated: PROVIDER }],
    );
    const context = (serviceAccount: string): Record<string, string> => ({
      [`${HOST}:aud`]: 'sts.amazonaws.com',
      [`${HOST}:sub`]: `system:serviceaccount:logferry-dev:${serviceAccount}`,
    });
    const action = 'sts:AssumeRoleWithWebIdentity';
    assert.equal(decide(trust, { action, context: context('classifier') }), 'allowed');
    assert.equal(decide(trust, { action, context: context('loader') }), 'not granted');
  });
});
