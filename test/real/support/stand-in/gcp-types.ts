import { GCP_ANSWERS } from '../../../support/cloud-answers/gcp.ts';
import {
  text,
  type CloudResource,
  type CloudView,
  type Reference,
  type ResourceType,
  type ResourceTypes,
} from './resource-type.ts';
import { columnsOf, needsNewTable } from './bigquery-schema.ts';
import { alreadyExists, GCP_CLUSTER_TYPES, path } from './gcp-cluster-types.ts';
import { isObject, type Properties } from './wire.ts';

const BUCKET = 'gcp:storage/bucket:Bucket';
const DATASET = 'gcp:bigquery/dataset:Dataset';
const TABLE = 'gcp:bigquery/table:Table';
const ACCOUNT = 'gcp:serviceaccount/account:Account';
const CUSTOM_ROLE = 'gcp:projects/iAMCustomRole:IAMCustomRole';
const POOL = 'gcp:iam/workloadIdentityPool:WorkloadIdentityPool';

const datasetPath = path('projects/{project}/datasets/{datasetId}');

/** A member that does not exist is refused, and so is a role of the project's own that does not exist (IAM, SetIamPolicy). */
function memberAndRole(inputs: Properties): Reference[] {
  const [, email] =
    /^serviceAccount:(.+@(.+)\.iam\.gserviceaccount\.com)$/.exec(text(inputs, 'member')) ?? [];
  const project = /@(.+)\.iam\.gserviceaccount\.com$/.exec(email ?? '')?.[1] ?? '';
  const role = text(inputs, 'role');
  return [
    ...(email === undefined ? [] : [{ type: ACCOUNT, id: `projects/${project}/serviceAccounts/${email}` }]),
    ...(role.startsWith('projects/') ? [{ type: CUSTOM_ROLE, id: role }] : []),
  ];
}

/** A grant is part of a policy, which is read, changed and written: granting twice is no error. */
const grant = (place: string, partOf?: (inputs: Properties) => Reference): ResourceType => ({
  id: (inputs: Properties): string => {
    const condition = isObject(inputs.condition) ? `/${text(inputs.condition, 'title')}` : '';
    return `${path(place)(inputs)}/${text(inputs, 'role')}/${text(inputs, 'member')}${condition}`;
  },
  replaces: [
    'bucket',
    'condition',
    'datasetId',
    'location',
    'member',
    'project',
    'repository',
    'role',
    'serviceAccountId',
  ],
  needs: memberAndRole,
  ...(partOf === undefined ? {} : { partOf }),
});

const entityExists = (id: string): string =>
  `googleapi: Error 409: Requested entity already exists: ${id}, alreadyExists`;

/** Full names in a view's SQL, `project.dataset.table` between backticks: BigQuery looks for each when the view is made. */
function viewed(inputs: Properties): Reference[] {
  const query = isObject(inputs.view) ? text(inputs.view, 'query') : '';
  return [...query.matchAll(/`([^`.]+)\.([^`.]+)\.([^`.]+)`/g)].map(([, project, dataset, table]) => ({
    type: TABLE,
    id: `projects/${project!}/datasets/${dataset!}/tables/${table!}`,
  }));
}

function datasetInUse({ id, inputs }: CloudResource, cloud: CloudView): string | undefined {
  const inUse = cloud.ofType(TABLE).some((table) => table.id.startsWith(`${id}/tables/`));
  const [, project, , dataset] = id.split('/');
  return inUse && inputs.deleteContentsOnDestroy !== true
    ? `Error when reading or editing Dataset: googleapi: Error 400: Dataset ${project!}:${dataset!} is still in use, resourceInUse`
    : undefined;
}

const TYPES: ResourceTypes = {
  'gcp:artifactregistry/repositoryIamMember:RepositoryIamMember': grant(
    'projects/{project}/locations/{location}/repositories/{repository}',
  ),
  [BUCKET]: {
    id: path('{name}'),
    replaces: ['name', 'location', 'project', 'enableObjectRetention'],
    taken: (id) =>
      `googleapi: Error 409: Your previous request to create the named bucket ${id} succeeded and you already own it., conflict`,
    undeletable: ({ id, inputs, type }, cloud) =>
      cloud.isFilled({ type, id }) && inputs.forceDestroy !== true
        ? `Error trying to delete bucket ${id} containing objects without \`force_destroy\` set to true`
        : undefined,
  },
  'gcp:storage/bucketIAMMember:BucketIAMMember': grant('b/{bucket}', (inputs) => ({
    type: BUCKET,
    id: text(inputs, 'bucket'),
  })),
  [DATASET]: {
    id: datasetPath,
    replaces: ['datasetId', 'location', 'project'],
    taken: alreadyExists,
    undeletable: datasetInUse,
  },
  'gcp:bigquery/datasetIamMember:DatasetIamMember': grant(
    'projects/{project}/datasets/{datasetId}',
    (inputs) => ({
      type: DATASET,
      id: datasetPath(inputs),
    }),
  ),
  [TABLE]: {
    id: path('projects/{project}/datasets/{datasetId}/tables/{tableId}'),
    replaces: [
      'datasetId',
      'encryptionConfiguration',
      'project',
      'rangePartitioning',
      'tableId',
      'timePartitioning.field',
      'timePartitioning.type',
    ],
    replacesFor: (before, after) =>
      needsNewTable(columnsOf(before.schema), columnsOf(after.schema)) ? ['schema'] : [],
    partOf: (inputs) => ({ type: DATASET, id: datasetPath(inputs) }),
    needs: viewed,
    taken: alreadyExists,
    undeletable: ({ id, inputs }) =>
      inputs.deletionProtection === false
        ? undefined
        : `cannot destroy table ${id} without setting deletion_protection=false and running \`terraform apply\``,
  },
  [ACCOUNT]: {
    id: path('projects/{project}/serviceAccounts/{accountId}@{project}.iam.gserviceaccount.com'),
    replaces: ['accountId', 'project'],
    taken: (id) =>
      `Error creating service account: googleapi: Error 409: Service account ${id.split('/')[3] ?? id} already exists within project ` +
      `${id.split('/').slice(0, 2).join('/')}., alreadyExists`,
  },
  'gcp:serviceaccount/iAMMember:IAMMember': grant('{serviceAccountId}', (inputs) => ({
    type: ACCOUNT,
    id: text(inputs, 'serviceAccountId'),
  })),
  [CUSTOM_ROLE]: {
    id: path('projects/{project}/roles/{roleId}'),
    replaces: ['project', 'roleId'],
    taken: (id) => `Custom project role ${id} already exists and must be imported`,
  },
  'gcp:projects/iAMMember:IAMMember': grant('{project}'),
  'gcp:projects/service:Service': { id: path('{project}/{service}'), replaces: ['project', 'service'] },
  [POOL]: {
    id: path('projects/{project}/locations/global/workloadIdentityPools/{workloadIdentityPoolId}'),
    replaces: ['project', 'workloadIdentityPoolId'],
    taken: entityExists,
  },
  'gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider': {
    id: path(
      'projects/{project}/locations/global/workloadIdentityPools/{workloadIdentityPoolId}/providers/{workloadIdentityPoolProviderId}',
    ),
    replaces: ['project', 'workloadIdentityPoolId', 'workloadIdentityPoolProviderId'],
    partOf: (inputs) => ({
      type: POOL,
      id: path('projects/{project}/locations/global/workloadIdentityPools/{workloadIdentityPoolId}')(inputs),
    }),
    taken: entityExists,
  },
  ...GCP_CLUSTER_TYPES,
};

/** The Google Cloud resource types that the stand-in knows (documentation of the Terraform provider google 7, which Pulumi's is made from). */
export const GCP_TYPES: ResourceTypes = Object.fromEntries(
  Object.entries(TYPES).map(([type, rules]) => [type, { computed: GCP_ANSWERS[type], ...rules }]),
);
