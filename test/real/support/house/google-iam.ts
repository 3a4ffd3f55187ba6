import type { Cloud } from '../stand-in/cloud.ts';
import type { CloudResource } from '../stand-in/resource-type.ts';
import { isObject } from '../stand-in/wire.ts';

/** What a permission is asked for on; each is also granted by a grant on the project. */
export type Place =
  | { readonly kind: 'project' }
  | { readonly kind: 'bucket'; readonly bucket: string; readonly object?: string }
  | { readonly kind: 'dataset'; readonly dataset: string };

/** One permission on one place. */
export interface Need {
  readonly permission: string;
  readonly on: Place;
}

const PROJECT_GRANT = 'gcp:projects/iAMMember:IAMMember';
const BUCKET_GRANT = 'gcp:storage/bucketIAMMember:BucketIAMMember';
const DATASET_GRANT = 'gcp:bigquery/datasetIamMember:DatasetIamMember';
const CUSTOM_ROLE = 'gcp:projects/iAMCustomRole:IAMCustomRole';

/** Whether what was granted in the cloud to a service account covers a need. */
export function isGranted(cloud: Cloud, email: string, { permission, on }: Need): boolean {
  return grantsOn(cloud, on)
    .filter(({ inputs }) => inputs.member === `serviceAccount:${email}`)
    .some(({ inputs }) => permissionsOf(cloud, String(inputs.role)).includes(permission));
}

function grantsOn(cloud: Cloud, on: Place): readonly CloudResource[] {
  const project = cloud.ofType(PROJECT_GRANT);
  if (on.kind === 'bucket')
    return [
      ...project,
      ...cloud
        .ofType(BUCKET_GRANT)
        .filter(({ inputs }) => inputs.bucket === on.bucket && holds(inputs.condition, on)),
    ];
  if (on.kind === 'dataset')
    return [
      ...project,
      ...cloud.ofType(DATASET_GRANT).filter(({ inputs }) => inputs.datasetId === on.dataset),
    ];
  return project;
}

/** Of the one kind of condition that the program writes. A listing is a request to the bucket, whose name begins with no object's. */
function holds(condition: unknown, { bucket, object }: Place & { kind: 'bucket' }): boolean {
  if (!isObject(condition)) return true;
  const start = /^resource\.name\.startsWith\("([^"]*)"\)$/.exec(String(condition.expression))?.[1];
  if (start === undefined)
    throw new Error(`the house reads no such condition: ${String(condition.expression)}`);
  return `projects/_/buckets/${bucket}/objects/${object ?? ''}`.startsWith(start);
}

/** @throws an error for a role of Google's own: which permissions it has is not known here. */
function permissionsOf(cloud: Cloud, role: string): readonly string[] {
  const found = cloud.ofType(CUSTOM_ROLE).find(({ state }) => state.name === role);
  if (found === undefined) throw new Error(`the house knows no role ${role}`);
  return found.inputs.permissions as readonly string[];
}
