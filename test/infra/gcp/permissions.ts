import type { Registration } from '../../support/pulumi-mocks.ts';

/** One thing that one identity may do to one resource. */
export interface Permission {
  /** `serviceAccount:...`, `principal://...` */
  readonly member: string;
  readonly permission: string;
  /** `bucket x`, `dataset y`, `project z`, `service account w` */
  readonly resource: string;
  /** Only for what is named so; empty for all. */
  readonly prefix: string;
}

/**
 * What the predefined roles of the program allow.
 * Source: IAM, "IAM roles and permissions index", Workload Identity User; GKE, "Default Node Service Account" (which writes logs,
 * metrics and traces; here it stands for itself).
 */
const PREDEFINED: Readonly<Record<string, readonly string[]>> = {
  'roles/iam.workloadIdentityUser': [
    'iam.serviceAccounts.get',
    'iam.serviceAccounts.getAccessToken',
    'iam.serviceAccounts.getOpenIdToken',
    'iam.serviceAccounts.list',
  ],
  'roles/artifactregistry.reader': ['(reading of images)'],
  'roles/container.defaultNodeServiceAccount': ['(logs, metrics and traces of nodes)'],
};

/** Where each kind of grant applies. A kind that is not listed is an error, so that none comes in unnoticed. */
const PLACES: Readonly<Record<string, (inputs: Registration['inputs']) => string>> = {
  'gcp:artifactregistry/repositoryIamMember:RepositoryIamMember': ({ project, repository }) =>
    `repository ${String(project)}/${String(repository)}`,
  'gcp:bigquery/datasetIamMember:DatasetIamMember': ({ datasetId }) => `dataset ${String(datasetId)}`,
  'gcp:projects/iAMMember:IAMMember': ({ project }) => `project ${String(project)}`,
  'gcp:serviceaccount/iAMMember:IAMMember': ({ serviceAccountId }) =>
    `service account ${String(serviceAccountId)}`,
  'gcp:storage/bucketIAMMember:BucketIAMMember': ({ bucket }) => `bucket ${String(bucket)}`,
};

/** Every permission that a program gives to anyone in Google Cloud, role by role spelled out, sorted. */
export function permissionsOf(registrations: readonly Registration[]): readonly Permission[] {
  const custom = new Map(
    registrations
      .filter(({ type }) => type === 'gcp:projects/iAMCustomRole:IAMCustomRole')
      .map(({ inputs }) => [
        `projects/${String(inputs.project)}/roles/${String(inputs.roleId)}`,
        inputs.permissions as string[],
      ]),
  );
  const found = registrations
    .filter(({ type }) => /iam(member|binding|policy)$/i.test(type))
    .flatMap(({ type, inputs }): Permission[] => {
      const place = PLACES[type];
      const role = String(inputs.role);
      const permissions = custom.get(role) ?? PREDEFINED[role];
      if (place === undefined || permissions === undefined)
        throw new Error(`unknown grant: ${type} of ${role}`);
      const member = String(inputs.member);
      const prefix = prefixOf(inputs.condition as { expression: string } | undefined);
      return permissions.map((permission) => ({ member, permission, resource: place(inputs), prefix }));
    });
  return found.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
}

function key({ member, resource, permission, prefix }: Permission): string {
  return `${member} ${resource} ${permission} ${prefix}`;
}

/** The only form of condition that there is here; any other is an error. */
function prefixOf(condition: { expression: string } | undefined): string {
  if (condition === undefined) return '';
  const found = /^resource\.name\.startsWith\("projects\/_\/buckets\/[a-z0-9-]+\/objects\/([^"]*)"\)$/.exec(
    condition.expression,
  );
  if (found === null) throw new Error(`unknown condition: ${condition.expression}`);
  return found[1]!;
}
