import {
  clusterName,
  cronJobName,
  customRoleId,
  datasetName,
  dnsLabel,
  gcsBucketName,
  iamRoleName,
  poolId,
  s3BucketName,
  serviceAccountId,
  type NameRule,
} from './config/name-rules.ts';

/** What runs, each with an identity of its own in both clouds. */
export const WORKLOADS = ['classifier', 'loader'] as const;
export type Workload = (typeof WORKLOADS)[number];

/** BigQuery's datasets: for analysts, for the loader's TEMP tables, for ledgers and views. */
export const DATASETS = ['raw', 'load_temp', 'ops'] as const;
export type Dataset = (typeof DATASETS)[number];

/**
 * Every name that a cloud or a cluster gets. All but those inside the namespace carry prefix and environment, so that two
 * environments share an account, a project and a cluster; names of worldwide reach carry the account or project too.
 */
export interface Names {
  readonly sourceBucket: string;
  readonly sourceLogsBucket: string;
  readonly stagingBucket: string;
  readonly recordsBucket: string;
  readonly dataset: (kind: Dataset) => string;
  /** IAM role in AWS. */
  readonly role: (workload: Workload) => string;
  /** Google service account, the part before the @. */
  readonly serviceAccount: (workload: Workload) => string;
  /** Google custom role; the purpose in letters and digits only (`loaderRaw`). */
  readonly customRole: (purpose: string) => string;
  readonly workloadIdentityPool: string;
  readonly workloadIdentityProvider: string;
  readonly cluster: string;
  /** Google service account of a new cluster's nodes, the part before the @. */
  readonly nodeServiceAccount: string;
  readonly namespace: string;
  readonly kubernetesServiceAccount: (workload: Workload) => string;
  readonly cronJob: {
    readonly classifier: string;
    readonly loaderFast: string;
    /** @param minute Of the hour, 0 to 59. */
    readonly loaderStandard: (minute: number) => string;
  };
}

/** Names that someone chose, in place of the ones that follow from prefix and environment. */
export interface ChosenNames {
  readonly sourceBucket?: string | undefined;
  readonly namespace?: string | undefined;
}

/** @param environment The stack's name. */
export function names(
  prefix: string,
  environment: string,
  awsAccountId: string,
  gcpProject: string,
  chosen: ChosenNames = {},
): Names {
  const base = `${prefix}-${environment}`;
  const snake = base.replaceAll('-', '_');
  const ofWorkload = (workload: Workload): string => `${base}-${workload}`;
  return Object.freeze({
    sourceBucket: chosen.sourceBucket ?? `${base}-source-${awsAccountId}`,
    sourceLogsBucket: `${base}-source-logs-${awsAccountId}`,
    stagingBucket: `${base}-staging-${gcpProject}`,
    recordsBucket: `${base}-records-${gcpProject}`,
    dataset: (kind: Dataset) => `${snake}_${kind}`,
    role: ofWorkload,
    serviceAccount: ofWorkload,
    customRole: (purpose: string) => `${snake}_${purpose}`,
    workloadIdentityPool: base,
    workloadIdentityProvider: 'cluster',
    cluster: base,
    nodeServiceAccount: `${base}-nodes`,
    namespace: chosen.namespace ?? base,
    kubernetesServiceAccount: (workload: Workload) => workload,
    cronJob: Object.freeze({
      classifier: 'classifier',
      loaderFast: 'loader-fast',
      loaderStandard: (minute: number) => `loader-standard-${String(minute).padStart(2, '0')}`,
    }),
  });
}

/** A name that its cloud would refuse. */
export interface NameProblem {
  readonly name: string;
  readonly expected: string;
}

/** As long as a custom role's purpose gets (infra/gcp/grants.ts). */
const LONGEST_PURPOSE = 'objectCreator';

/** Every name that breaks the rule of its cloud; none for names that were chosen, whose own settings say so. */
export function nameProblems(given: Names, chosen: ChosenNames = {}): NameProblem[] {
  const unless = (own: string | undefined, name: string): readonly string[] =>
    own === undefined ? [name] : [];
  const ruled: readonly [NameRule, readonly string[]][] = [
    [s3BucketName, [...unless(chosen.sourceBucket, given.sourceBucket), given.sourceLogsBucket]],
    [gcsBucketName, [given.stagingBucket, given.recordsBucket]],
    [datasetName, DATASETS.map(given.dataset)],
    [iamRoleName, WORKLOADS.map(given.role)],
    [serviceAccountId, [...WORKLOADS.map(given.serviceAccount), given.nodeServiceAccount]],
    [customRoleId, [given.customRole(LONGEST_PURPOSE)]],
    [poolId, [given.workloadIdentityPool]],
    [clusterName, [given.cluster]],
    [
      dnsLabel,
      [...unless(chosen.namespace, given.namespace), ...WORKLOADS.map(given.kubernetesServiceAccount)],
    ],
    [cronJobName, [given.cronJob.classifier, given.cronJob.loaderFast, given.cronJob.loaderStandard(59)]],
  ];
  return ruled.flatMap(([rule, named]) =>
    named.flatMap((name) => {
      const expected = rule(name);
      return expected === undefined ? [] : [{ name, expected }];
    }),
  );
}
