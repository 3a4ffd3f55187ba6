import assert from 'node:assert/strict';
import { recordEnvironment } from '../../support/program.ts';
import type { Registration } from '../../support/pulumi-mocks.ts';
import { EVERY_SWITCH } from '../../support/rules/every-switch.ts';
import { RULES } from '../../support/rules/index.ts';
import { verdict } from '../../support/rules/rule.ts';

/** A registration that a test may spoil. */
interface Spoiled {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
  options: Record<string, unknown>;
}

type Change = (all: Spoiled[]) => void;

type Inputs = Record<string, unknown>;

const SOURCE = 'source-logferry-prod-source-222222222222';

function find(all: Spoiled[], type: string, name: RegExp): Spoiled {
  const found = all.find((each) => each.type.includes(type) && name.test(each.name));
  assert.ok(found, `${type} ${name.source}`);
  return found;
}

/** Sets inputs of the first resource of a type whose name fits; `path` leads to the object that is changed. */
function set(type: string, values: Inputs, name = /./, path = ''): Change {
  return (all) => {
    const { inputs } = find(all, type, name);
    const steps = path === '' ? [] : path.split('.');
    const target = steps.reduce<unknown>((inner, key) => (inner as Inputs)[key], inputs);
    assert.ok(typeof target === 'object' && target !== null, `${type}: nothing at ${path}`);
    Object.assign(target, values);
  };
}

function without(type: string, name = /^source-(?!logs)/): Change {
  return (all) => {
    all.splice(all.indexOf(find(all, type, name)), 1);
  };
}

function add(type: string, inputs: Record<string, unknown>): Change {
  return (all) => {
    all.push({ type, name: 'added', inputs, options: {} });
  };
}

/** Changes the source bucket's policy. */
function policy(change: (statements: Inputs[]) => void): Change {
  return (all) => {
    const { inputs } = find(all, 'bucketPolicy', /^source-(?!logs)/);
    const document = JSON.parse(inputs.policy as string) as { Statement: Inputs[] };
    change(document.Statement);
    inputs.policy = JSON.stringify(document);
  };
}

const POD = 'spec.jobTemplate.spec.template.spec';
const pod = (values: Record<string, unknown>, path = ''): Change =>
  set('batch/v1:CronJob', values, /^classifier/, path === '' ? POD : `${POD}.${path}`);
const container = (values: Record<string, unknown>, path = ''): Change =>
  pod(values, path === '' ? 'containers.0' : `containers.0.${path}`);
const cluster = (values: Record<string, unknown>, path = ''): Change =>
  set('container/cluster', values, /./, path);
const source = (type: string, values: Record<string, unknown>, path = ''): Change =>
  set(type, values, /^source-(?!logs)/, path);
const bucket = { bucket: 'logferry-prod-source-222222222222' };
const EVERYBODY = { Effect: 'Allow', Principal: '*', Action: ['s3:GetObject'], Resource: ['*'] };

/** For each rule that the program keeps with every switch: a change after which it must not. */
const BREAKS: Readonly<Record<string, Change>> = {
  'S3.2': policy((statements) => statements.push(EVERYBODY)),
  'S3.3': source('bucketPublicAccessBlock', { restrictPublicBuckets: false }),
  'S3.5': policy(
    (statements) => (statements[0]!.Resource = ['arn:aws:s3:::logferry-prod-source-222222222222/*']),
  ),
  'S3.6': policy((statements) =>
    statements.push({ ...EVERYBODY, Principal: { AWS: 'arn:aws:iam::1:root' } }),
  ),
  'S3.8': without('bucketPublicAccessBlock'),
  'S3.9': without('bucketLogging'),
  'S3.12': source('bucketOwnershipControls', { rule: { objectOwnership: 'ObjectWriter' } }),
  'S3.13': without('bucketLifecycle'),
  CKV_AWS_18: without('bucketLogging'),
  CKV_AWS_19: without('bucketServerSideEncryption'),
  CKV_AWS_20: add('aws:s3/bucketAcl:BucketAcl', { ...bucket, acl: 'public-read' }),
  CKV_AWS_21: source('bucketVersioning', { versioningConfiguration: { status: 'Suspended' } }),
  CKV_AWS_53: source('bucketPublicAccessBlock', { blockPublicAcls: false }),
  CKV_AWS_54: source('bucketPublicAccessBlock', { blockPublicPolicy: false }),
  CKV_AWS_55: source('bucketPublicAccessBlock', { ignorePublicAcls: false }),
  CKV_AWS_56: source('bucketPublicAccessBlock', { restrictPublicBuckets: false }),
  CKV_AWS_57: add('aws:s3/bucketAcl:BucketAcl', { ...bucket, acl: 'public-read-write' }),
  CKV_AWS_70: policy((statements) => statements.push({ ...EVERYBODY, Principal: { AWS: ['*'] } })),
  CKV_AWS_93: policy((statements) => delete statements[0]!.Condition),
  CKV_AWS_145: source('bucketServerSideEncryption', {
    rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: 'AES256' } }],
  }),
  CKV_AWS_300: source('bucketLifecycle', {
    rules: [
      {
        status: 'Enabled',
        filter: { prefix: 'a/' },
        abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
      },
    ],
  }),
  CKV_GCP_29: set('storage/bucket:Bucket', { uniformBucketLevelAccess: false }),
  CKV_GCP_78: set('storage/bucket:Bucket', { versioning: { enabled: false } }, /^records/),
  CKV_GCP_114: set('storage/bucket:Bucket', { publicAccessPrevention: 'inherited' }),
  CKV_GCP_15: add('gcp:bigquery/datasetIamMember:DatasetIamMember', { member: 'allUsers' }),
  CKV_GCP_80: set('bigquery/table', { encryptionConfiguration: undefined }, /purchase-table/),
  CKV_GCP_81: set('bigquery/dataset:Dataset', { defaultEncryptionConfiguration: undefined }),
  CKV_GCP_121: set('bigquery/table', { deletionProtection: false }),
  CKV_K8S_10: container({ cpu: undefined }, 'resources.requests'),
  CKV_K8S_11: container({ cpu: undefined }, 'resources.limits'),
  CKV_K8S_12: container({ memory: undefined }, 'resources.requests'),
  CKV_K8S_13: container({ memory: undefined }, 'resources.limits'),
  CKV_K8S_14: container({ image: 'registry:5000/logferry' }),
  CKV_K8S_15: container({ imagePullPolicy: 'IfNotPresent' }),
  CKV_K8S_16: container({ privileged: true }, 'securityContext'),
  CKV_K8S_17: pod({ hostPID: true }),
  CKV_K8S_18: pod({ hostIPC: true }),
  CKV_K8S_19: pod({ hostNetwork: true }),
  CKV_K8S_20: container({ allowPrivilegeEscalation: undefined }, 'securityContext'),
  CKV_K8S_21: set('kubernetes:core/v1:ServiceAccount', { namespace: 'default' }, /./, 'metadata'),
  CKV_K8S_22: container({ readOnlyRootFilesystem: false }, 'securityContext'),
  CKV_K8S_23: pod({ runAsNonRoot: undefined, runAsUser: 0 }, 'securityContext'),
  CKV_K8S_25: container({ add: ['NET_BIND_SERVICE'] }, 'securityContext.capabilities'),
  CKV_K8S_26: container({ ports: [{ containerPort: 80, hostPort: 80 }] }),
  CKV_K8S_27: pod({ volumes: [{ hostPath: { path: '/var/run/docker.sock' } }] }),
  CKV_K8S_28: container({ drop: ['SYS_TIME'] }, 'securityContext.capabilities'),
  CKV_K8S_29: (all) => {
    pod({ securityContext: undefined })(all);
    container({ securityContext: undefined })(all);
  },
  CKV_K8S_30: container({ securityContext: undefined }),
  CKV_K8S_31: pod({ seccompProfile: { type: 'Unconfined' } }, 'securityContext'),
  CKV_K8S_35: container({ env: [{ name: 'KEY', valueFrom: { secretKeyRef: { name: 'a', key: 'b' } } }] }),
  CKV_K8S_37: container({ drop: ['NET_RAW'] }, 'securityContext.capabilities'),
  CKV_K8S_38: pod({ automountServiceAccountToken: undefined }),
  CKV_K8S_39: container({ add: ['SYS_ADMIN'] }, 'securityContext.capabilities'),
  CKV_K8S_40: container({ runAsUser: 1000 }, 'securityContext'),
  CKV_K8S_43: container({ image: 'registry/logferry:1.0.0' }),
  CKV_GCP_1: cluster({ loggingService: 'none' }),
  CKV_GCP_7: cluster({ enableLegacyAbac: true }),
  CKV_GCP_8: cluster({ monitoringService: 'none' }),
  CKV_GCP_13: cluster({ masterAuth: undefined }),
  CKV_GCP_18: cluster({ masterAuthorizedNetworksConfig: { cidrBlocks: [{ cidrBlock: '0.0.0.0/0' }] } }),
  CKV_GCP_20: cluster({ masterAuthorizedNetworksConfig: undefined }),
  CKV_GCP_21: cluster({ resourceLabels: {} }),
  CKV_GCP_23: cluster({ ipAllocationPolicy: undefined }),
  CKV_GCP_25: cluster({ privateClusterConfig: undefined }),
  CKV_GCP_64: cluster({ enablePrivateNodes: false }, 'privateClusterConfig'),
  CKV_GCP_66: cluster({ binaryAuthorization: { evaluationMode: 'DISABLED' } }),
  CKV_GCP_70: cluster({ releaseChannel: undefined }),
};

const NODE_POOL = 'gcp:container/nodePool:NodePool';

/** For each rule that no resource keeps, or that speaks of none that is there: a change after which one keeps it. */
const MENDS: Readonly<Record<string, Change>> = {
  'S3.1': add('aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock', {
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
  }),
  CKV_AWS_143: source('bucket:Bucket', { objectLockEnabled: true }),
  CKV_AWS_144: add('aws:s3/bucketReplicationConfig:BucketReplicationConfig', bucket),
  CKV_GCP_62: set('storage/bucket:Bucket', { logging: { logBucket: 'logs' } }),
  CKV_GCP_63: set('storage/bucket:Bucket', { logging: { logBucket: 'logs' } }),
  CKV_GCP_9: add(NODE_POOL, { management: { autoRepair: true } }),
  CKV_GCP_10: add(NODE_POOL, { management: { autoUpgrade: true } }),
  CKV_GCP_12: cluster({ networkPolicy: { enabled: true } }),
  CKV_GCP_22: add(NODE_POOL, { nodeConfig: { imageType: 'COS_CONTAINERD' } }),
  CKV_GCP_24: cluster({ podSecurityPolicyConfig: { enabled: true } }),
  CKV_GCP_61: cluster({ enableIntranodeVisibility: true }),
  CKV_GCP_65: cluster({ authenticatorGroupsConfig: { securityGroup: 'gke-security-groups@example.com' } }),
  CKV_GCP_68: cluster({ nodeConfig: { shieldedInstanceConfig: { enableSecureBoot: true } } }),
  CKV_GCP_69: cluster({ nodeConfig: { workloadMetadataConfig: { mode: 'GKE_METADATA' } } }),
  CKV_GCP_71: cluster({ enableShieldedNodes: true }),
  CKV_GCP_72: cluster({ nodeConfig: { shieldedInstanceConfig: { enableIntegrityMonitoring: true } } }),
};

/** Where nothing is judged until something is there: the same, broken. */
const MENDS_BROKEN: Readonly<Record<string, Change>> = {
  'S3.1': add('aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock', { blockPublicAcls: true }),
  CKV_GCP_63: set('storage/bucket:Bucket', {
    logging: { logBucket: 'logferry-prod-staging-logferry-prod-example' },
  }),
  CKV_GCP_9: add(NODE_POOL, { management: { autoRepair: false } }),
  CKV_GCP_10: add(NODE_POOL, {}),
  CKV_GCP_22: add(NODE_POOL, { nodeConfig: { imageType: 'UBUNTU_CONTAINERD' } }),
  CKV_GCP_68: cluster({ nodeConfig: {} }),
  CKV_GCP_72: cluster({ nodeConfig: { shieldedInstanceConfig: { enableIntegrityMonitoring: false } } }),
};

describe('the rules', () => {
  let recorded: readonly Registration[];
  before(async () => {
    recorded = (await recordEnvironment('prod', EVERY_SWITCH)).registrations;
  });

  /** What a rule says after a change: how many it judges, and who breaks it. */
  const after = (
    id: string,
    change: Change,
  ): { readonly judged: number; readonly failing: readonly string[] } => {
    const all = structuredClone(recorded) as unknown as Spoiled[];
    change(all);
    const { judged, failing } = verdict(
      RULES.find((rule) => rule.id === id)!,
      all,
    );
    return { judged: judged.length, failing };
  };
  const untouched = (): void => undefined;

  it('each is tried both ways', () => {
    assert.deepEqual(
      [...Object.keys(BREAKS), ...Object.keys(MENDS)].toSorted(),
      RULES.map(({ id }) => id).toSorted(),
    );
  });

  for (const [id, change] of Object.entries(BREAKS))
    it(`${id} is broken by what it forbids`, () => {
      const kept = after(id, untouched);
      const broken = after(id, change);
      assert.ok(kept.judged > kept.failing.length, 'somebody keeps it');
      assert.ok(broken.failing.length > kept.failing.length, `${broken.failing.length} of ${broken.judged}`);
    });

  for (const [id, change] of Object.entries(MENDS))
    it(`${id} is kept by what it asks for`, () => {
      const before = after(id, MENDS_BROKEN[id] ?? untouched);
      const mended = after(id, change);
      assert.ok(before.failing.length > 0, 'somebody breaks it');
      assert.ok(mended.judged > mended.failing.length, 'somebody keeps it');
    });

  it('a bucket that is only read is not judged', () => {
    const all = structuredClone(recorded) as unknown as Spoiled[];
    find(all, 'aws:s3/bucket:Bucket', new RegExp(`^${SOURCE}$`)).options = { read: 'there' };
    const rule = RULES.find(({ id }) => id === 'CKV_AWS_21')!;
    assert.deepEqual(verdict(rule, all as unknown as Registration[]).judged.length, 1);
  });
});
