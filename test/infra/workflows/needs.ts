/** What the deployer needs for a type that the program registers, as docs/deploy.md has to document it. */
export interface Need {
  /** Actions of its policy in AWS. */
  readonly aws?: readonly string[];
  /** Roles in Google Cloud. */
  readonly google?: readonly string[];
  /** API group and resource in the cluster. */
  readonly kubernetes?: readonly [group: string, resource: string];
  /**
   * What a second create does, after an `up` whose answer was lost: `named` is refused as being there, and is imported; `put` is put once
   * more.
   */
  readonly again: 'named' | 'put';
}

const bucketSetting = (...aws: string[]): Need => ({ aws, again: 'put' });
const made = (...google: string[]): Need => ({ google, again: 'named' });
const grant = (role: string): Need => ({ google: [role], again: 'put' });
const object = (group: string, resource: string): Need => ({
  kubernetes: [group, resource],
  again: 'named',
});

/**
 * By type. The actions are those of the API calls that the provider makes to create, read, change and delete it (terraform-provider-aws,
 * internal/service/s3 and iam); the roles are Google's smallest that hold the same.
 */
export const NEEDS: Readonly<Record<string, Need>> = {
  'aws:s3/bucket:Bucket': {
    aws: [
      's3:CreateBucket',
      's3:DeleteBucket',
      's3:ListBucket',
      's3:GetBucket*',
      's3:GetAccelerateConfiguration',
      's3:GetEncryptionConfiguration',
      's3:GetLifecycleConfiguration',
      's3:GetReplicationConfiguration',
      's3:PutBucketTagging',
      's3:ListTagsForResource',
      's3:TagResource',
      's3:UntagResource',
    ],
    again: 'named',
  },
  'aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration': bucketSetting(
    's3:PutLifecycleConfiguration',
    's3:GetLifecycleConfiguration',
  ),
  'aws:s3/bucketLogging:BucketLogging': bucketSetting('s3:PutBucketLogging', 's3:GetBucket*'),
  'aws:s3/bucketOwnershipControls:BucketOwnershipControls': bucketSetting(
    's3:PutBucketOwnershipControls',
    's3:GetBucket*',
  ),
  'aws:s3/bucketPolicy:BucketPolicy': bucketSetting('s3:PutBucketPolicy', 's3:GetBucket*'),
  'aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock': bucketSetting(
    's3:PutBucketPublicAccessBlock',
    's3:GetBucket*',
  ),
  'aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration': bucketSetting(
    's3:PutEncryptionConfiguration',
    's3:GetEncryptionConfiguration',
  ),
  'aws:s3/bucketVersioning:BucketVersioning': bucketSetting('s3:PutBucketVersioning', 's3:GetBucket*'),
  'aws:iam/role:Role': {
    aws: [
      'iam:CreateRole',
      'iam:DeleteRole',
      'iam:GetRole',
      'iam:UpdateRole',
      'iam:UpdateRoleDescription',
      'iam:UpdateAssumeRolePolicy',
      'iam:TagRole',
      'iam:UntagRole',
      'iam:ListRolePolicies',
      'iam:ListAttachedRolePolicies',
      'iam:ListInstanceProfilesForRole',
    ],
    again: 'named',
  },
  'aws:iam/rolePolicy:RolePolicy': {
    aws: ['iam:PutRolePolicy', 'iam:GetRolePolicy', 'iam:DeleteRolePolicy'],
    again: 'put',
  },
  // No delete: the program leaves it to others.
  'aws:iam/openIdConnectProvider:OpenIdConnectProvider': {
    aws: [
      'iam:CreateOpenIDConnectProvider',
      'iam:GetOpenIDConnectProvider',
      'iam:AddClientIDToOpenIDConnectProvider',
      'iam:RemoveClientIDFromOpenIDConnectProvider',
      'iam:TagOpenIDConnectProvider',
      'iam:UntagOpenIDConnectProvider',
      'iam:UpdateOpenIDConnectProviderThumbprint',
    ],
    again: 'named',
  },
  'gcp:storage/bucket:Bucket': made('roles/storage.admin'),
  'gcp:storage/bucketIAMMember:BucketIAMMember': grant('roles/storage.admin'),
  'gcp:bigquery/dataset:Dataset': made('roles/bigquery.user'),
  'gcp:bigquery/datasetIamMember:DatasetIamMember': grant('roles/bigquery.user'),
  'gcp:bigquery/table:Table': made('roles/bigquery.user'),
  'gcp:serviceaccount/account:Account': made('roles/iam.serviceAccountAdmin'),
  'gcp:serviceaccount/iAMMember:IAMMember': grant('roles/iam.serviceAccountAdmin'),
  'gcp:projects/iAMCustomRole:IAMCustomRole': made('roles/iam.roleAdmin'),
  'gcp:projects/iAMMember:IAMMember': grant('roles/resourcemanager.projectIamAdmin'),
  'gcp:projects/service:Service': grant('roles/serviceusage.serviceUsageAdmin'),
  'gcp:iam/workloadIdentityPool:WorkloadIdentityPool': made('roles/iam.workloadIdentityPoolAdmin'),
  'gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider': made(
    'roles/iam.workloadIdentityPoolAdmin',
  ),
  'gcp:container/cluster:Cluster': made('roles/container.admin', 'roles/iam.serviceAccountUser'),
  'gcp:compute/network:Network': made('roles/compute.networkAdmin'),
  'gcp:compute/subnetwork:Subnetwork': made('roles/compute.networkAdmin'),
  'gcp:compute/router:Router': made('roles/compute.networkAdmin'),
  'gcp:compute/routerNat:RouterNat': made('roles/compute.networkAdmin'),
  'gcp:artifactregistry/repositoryIamMember:RepositoryIamMember': grant('logferry_imageGrants'),
  'kubernetes:core/v1:Namespace': object('', 'namespaces'),
  'kubernetes:core/v1:ServiceAccount': object('', 'serviceaccounts'),
  'kubernetes:core/v1:ConfigMap': object('', 'configmaps'),
  'kubernetes:core/v1:ResourceQuota': object('', 'resourcequotas'),
  'kubernetes:batch/v1:CronJob': object('batch', 'cronjobs'),
  'kubernetes:networking.k8s.io/v1:NetworkPolicy': object('networking.k8s.io', 'networkpolicies'),
};
