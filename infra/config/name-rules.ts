/** A rule of a cloud: what is expected where a name breaks it, else undefined. */
export type NameRule = (name: string) => string | undefined;

function rule(form: RegExp, expected: string): NameRule {
  return (name) => (form.test(name) ? undefined : expected);
}

/** Four numbers with dots, which both clouds refuse as a bucket's name. */
const IP_ADDRESS = /^\d+\.\d+\.\d+\.\d+$/;

/** "General purpose bucket naming rules" of the S3 User Guide: reserved beginnings and ends. */
const S3_RESERVED = /^(xn--|sthree-|amzn-s3-demo-)|(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/;

/** S3 User Guide, "General purpose bucket naming rules". */
export function s3BucketName(name: string): string | undefined {
  if (IP_ADDRESS.test(name)) return 'an S3 bucket name, which is no IP address';
  if (S3_RESERVED.test(name)) return 'an S3 bucket name without a beginning or end that S3 reserves';
  return /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) && !name.includes('..')
    ? undefined
    : 'an S3 bucket name: 3 to 63 of a-z, 0-9, - and single dots, a letter or digit at either end';
}

/** Cloud Storage, "Bucket names": also no "goog" at the beginning and no "google" or its likes anywhere. */
export function gcsBucketName(name: string): string | undefined {
  if (/^goog|g[o0][o0]g[l1]e/.test(name)) return 'a Cloud Storage bucket name without "google" in it';
  return /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/.test(name)
    ? undefined
    : 'a Cloud Storage bucket name: 3 to 63 of a-z, 0-9 and -, not - at either end';
}

/** BigQuery, "Naming datasets": letters, digits and _; up to 1,024 characters. */
export const datasetName = rule(/^\w{1,1024}$/, 'a dataset id: at most 1,024 letters, digits and _');

/** IAM API, CreateRole: at most 64 of these characters. */
export const iamRoleName = rule(/^[\w+=,.@-]{1,64}$/, 'an IAM role name: at most 64 characters');

/** IAM API, `projects.serviceAccounts.create`, accountId. */
export const serviceAccountId = rule(
  /^[a-z]([-a-z0-9]{4,28})[a-z0-9]$/,
  'a Google service account id: 6 to 30 of a-z, 0-9 and -, a letter first',
);

/** IAM API, `projects.roles.create`, roleId. */
export const customRoleId = rule(
  /^[\w.]{3,64}$/,
  'a Google custom role id: 3 to 64 letters, digits, _ and .',
);

/** IAM API, `workloadIdentityPools.create`: 4 to 32 of [a-z0-9-], and `gcp-` is reserved. */
export const poolId = rule(
  /^(?!gcp-)[a-z0-9-]{4,32}$/,
  'a workload identity pool id: 4 to 32 of a-z, 0-9 and -, not beginning with gcp-',
);

/** GKE API, `Cluster.name`: at most 40 characters. */
export const clusterName = rule(
  /^[a-z]([-a-z0-9]{0,38}[a-z0-9])?$/,
  'a GKE cluster name: at most 40 of a-z, 0-9 and -, a letter first',
);

/** Kubernetes, "Object Names and IDs": a DNS label (RFC 1123). */
export const dnsLabel = rule(
  /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/,
  'a Kubernetes name: at most 63 of a-z, 0-9 and -, not - at either end',
);

/** Kubernetes, CronJob: a Job's name gets 11 characters appended, so at most 52 are left. */
export const cronJobName = rule(
  /^[a-z0-9]([-a-z0-9]{0,50}[a-z0-9])?$/,
  'a CronJob name: at most 52 of a-z, 0-9 and -, not - at either end',
);

/** A namespace that the stack may own: quotas and Pod Security of one that exists would hit its other tenants. */
export function kubernetesNamespace(name: string): string | undefined {
  return /^(kube-.*|default)$/.test(name) ? 'a namespace of its own, not one of Kubernetes’' : dnsLabel(name);
}
