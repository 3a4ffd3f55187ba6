import type { ConfigKey } from '../../../../infra/config/definitions.ts';
import type { Overrides, Run } from '../../../support/program.ts';
import { NOT_REGISTERED, type Reach } from './reach.ts';

/** A value of a setting that is not its default, and the places that it must reach. */
export type Row = readonly [key: ConfigKey, value: string, reaches: readonly Reach[]];

/** One run of the program under the values of all its rows: each of them is told from the others by where it arrives. */
export interface Scenario {
  /** What the rows take for granted. */
  readonly given: Overrides;
  readonly run: Run;
  readonly rows: readonly Row[];
}

/** What must stand where. */
export const at = (where: string, path: string, is: unknown): Reach => ({ at: where, path, is });
/** What must not be there at all. */
export const none = (where: string): Reach => at(where, '', NOT_REGISTERED);
/** What the stack must say to others. */
export const output = (path: string, is: unknown): Reach => ({ at: 'outputs', path, is });

export const S3 = 'aws:s3/bucket:Bucket';
export const GCS = 'gcp:storage/bucket:Bucket';
export const TABLE = 'gcp:bigquery/table:Table';
export const DATASET = 'gcp:bigquery/dataset:Dataset';
export const CLUSTER = 'gcp:container/cluster:Cluster/cluster-cluster';
export const OIDC = 'aws:iam/openIdConnectProvider:OpenIdConnectProvider/oidc-provider';
export const POOL = 'gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider/cluster-pool-provider';
export const ROLE = 'aws:iam/role:Role/classifier-role-role';
export const POLICY = 'aws:iam/rolePolicy:RolePolicy/classifier-role-policy';
export const LIFECYCLE = 'aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration/source-lifecycle';
export const ENCRYPTION =
  'aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration/source-encryption';
export const QUOTA = 'kubernetes:core/v1:ResourceQuota/namespace-quota';
export const KUBERNETES = 'pulumi:providers:kubernetes/kubernetes';

export const CRON_JOBS = 'kubernetes:batch/v1:CronJob/*';
export const POD = 'spec/jobTemplate/spec/template/spec';
export const CONTAINER = `${POD}/containers/logferry`;
/** The CronJob of that name. */
export const cronJob = (name: string): string => `kubernetes:batch/v1:CronJob/${name}-cron-job`;
/** When a CronJob fires. */
export const schedule = (name: string, is: string): Reach => at(cronJob(name), 'spec/schedule', is);
/** Of the container of every pod. */
export const pods = (path: string, is: unknown): Reach => at(CRON_JOBS, `${CONTAINER}/${path}`, is);
/** A setting of the command line, as an environment variable; of every pod, or of those named. */
export const variable = (name: string, is: string | undefined, where = CRON_JOBS): Reach =>
  at(where, `${CONTAINER}/env/LOGFERRY_${name}`, is);
export const LOADERS = 'kubernetes:batch/v1:CronJob/loader-*';

/** Nothing of these can be destroyed in production. */
export const PROTECTED = [S3, GCS, TABLE].map((type) => at(`${type}/*`, 'options/protect', true));
