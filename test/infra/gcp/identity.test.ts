import assert from 'node:assert/strict';
import { ClusterPool } from '../../../infra/gcp/cluster-pool.ts';
import { WorkloadAccount, type Trust } from '../../../infra/gcp/workload-account.ts';
import { permissionsOf } from './permissions.ts';
import { recordGcp } from './record-gcp.ts';

const POOL = 'projects/210987654321/locations/global/workloadIdentityPools/logferry-dev';
const PROVIDER = `${POOL}/providers/cluster`;
const EMAIL = 'logferry-dev-loader@logs-dev.iam.gserviceaccount.com';
const ACCOUNT = 'gcp:serviceaccount/account:Account';
const JWKS = '{"keys":[{"kty":"RSA","kid":"1","n":"AQAB","e":"AQAB"}]}';

const record = (trust: Trust) =>
  recordGcp(() => {
    const { email, member, credentials, tokenAudience } = new WorkloadAccount('loader-account', {
      project: 'logs-dev',
      accountId: 'logferry-dev-loader',
      description: 'Loads and commits.',
      namespace: 'logferry-dev',
      serviceAccount: 'loader',
      trust,
    });
    return { email, member, credentials, tokenAudience };
  });

const registered = (member: string) => [
  { type: 'logferry:gcp:WorkloadAccount', name: 'loader-account', inputs: {}, options: {} },
  {
    type: ACCOUNT,
    name: 'loader-account-account',
    parent: 'logferry:gcp:WorkloadAccount/loader-account',
    inputs: {
      project: 'logs-dev',
      accountId: 'logferry-dev-loader',
      displayName: 'logferry-dev-loader',
      description: 'Loads and commits.',
    },
    options: {},
  },
  {
    type: 'gcp:serviceaccount/iAMMember:IAMMember',
    name: 'loader-account-trust',
    parent: 'logferry:gcp:WorkloadAccount/loader-account',
    inputs: {
      serviceAccountId: `projects/logs-dev/serviceAccounts/${EMAIL}`,
      role: 'roles/iam.workloadIdentityUser',
      member,
    },
    options: { dependsOn: [`${ACCOUNT}/loader-account-account`] },
  },
];

describe('a workload’s account in Google Cloud', () => {
  it('in GKE is for one Kubernetes service account, and needs no file and no token', async () => {
    const { registrations, outputs } = await record({ kind: 'gke', workloadPool: 'logs-dev.svc.id.goog' });
    assert.deepEqual(registrations, registered('serviceAccount:logs-dev.svc.id.goog[logferry-dev/loader]'));
    assert.deepEqual(outputs, {
      email: EMAIL,
      member: `serviceAccount:${EMAIL}`,
      credentials: undefined,
      tokenAudience: undefined,
    });
  });

  it('elsewhere is for one subject of the pool, with a credential file that holds no secret', async () => {
    const { registrations, outputs } = await record({
      kind: 'federation',
      poolName: POOL,
      providerName: PROVIDER,
      tokenFile: '/var/run/gcp/token',
    });
    assert.deepEqual(
      registrations,
      registered(`principal://iam.googleapis.com/${POOL}/subject/system:serviceaccount:logferry-dev:loader`),
    );
    const { credentials, ...others } = outputs as { credentials: string };
    assert.deepEqual(others, {
      email: EMAIL,
      member: `serviceAccount:${EMAIL}`,
      tokenAudience: `https://iam.googleapis.com/${PROVIDER}`,
    });
    assert.deepEqual(JSON.parse(credentials), {
      universe_domain: 'googleapis.com',
      type: 'external_account',
      audience: `//iam.googleapis.com/${PROVIDER}`,
      subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
      token_url: 'https://sts.googleapis.com/v1/token',
      service_account_impersonation_url: `https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/${EMAIL}:generateAccessToken`,
      credential_source: { file: '/var/run/gcp/token', format: { type: 'text' } },
    });
  });

  it('may be acted as, and nobody may make a key for it or hand it on', async () => {
    const { registrations } = await record({ kind: 'gke', workloadPool: 'logs-dev.svc.id.goog' });
    assert.deepEqual(
      permissionsOf(registrations).map(({ permission }) => permission),
      [
        'iam.serviceAccounts.get',
        'iam.serviceAccounts.getAccessToken',
        'iam.serviceAccounts.getOpenIdToken',
        'iam.serviceAccounts.list',
      ],
    );
  });
});

describe('the pool of a cluster elsewhere', () => {
  const recordPool = (jwks?: string) =>
    recordGcp(() => {
      const { poolName, providerName } = new ClusterPool('pool', {
        project: 'logs-dev',
        poolId: 'logferry-dev',
        providerId: 'cluster',
        issuer: 'https://oidc.example.com/abc',
        jwks,
        namespace: 'logferry-dev',
        serviceAccounts: ['classifier', 'loader'],
      });
      return { poolName, providerName };
    });

  const expected = (oidc: object) => [
    { type: 'logferry:gcp:ClusterPool', name: 'pool', inputs: {}, options: {} },
    {
      type: 'gcp:iam/workloadIdentityPool:WorkloadIdentityPool',
      name: 'pool-pool',
      parent: 'logferry:gcp:ClusterPool/pool',
      inputs: {
        project: 'logs-dev',
        workloadIdentityPoolId: 'logferry-dev',
        displayName: 'logferry',
        description: 'The cluster that runs logferry.',
      },
      options: {},
    },
    {
      type: 'gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider',
      name: 'pool-provider',
      parent: 'logferry:gcp:ClusterPool/pool',
      inputs: {
        project: 'logs-dev',
        workloadIdentityPoolId: 'logferry-dev',
        workloadIdentityPoolProviderId: 'cluster',
        displayName: 'Kubernetes',
        attributeMapping: { 'google.subject': 'assertion.sub' },
        attributeCondition:
          "assertion.sub in ['system:serviceaccount:logferry-dev:classifier', 'system:serviceaccount:logferry-dev:loader']",
        oidc,
      },
      options: { dependsOn: ['gcp:iam/workloadIdentityPool:WorkloadIdentityPool/pool-pool'] },
    },
  ];

  it('takes tokens of the workloads’ service accounts alone, made for this provider alone', async () => {
    const { registrations, outputs } = await recordPool();
    assert.deepEqual(registrations, expected({ issuerUri: 'https://oidc.example.com/abc' }));
    assert.deepEqual(outputs, { poolName: POOL, providerName: PROVIDER });
  });

  it('takes uploaded keys where the issuer is not public', async () => {
    const { registrations } = await recordPool(JWKS);
    assert.deepEqual(registrations, expected({ issuerUri: 'https://oidc.example.com/abc', jwksJson: JWKS }));
  });
});
