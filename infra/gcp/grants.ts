import type { Workload } from '../names.ts';

/** A custom role: a list of permissions that stands in the program itself, where a predefined role's grows with Google's releases. */
export interface RoleDefinition {
  readonly title: string;
  readonly permissions: readonly string[];
}

/**
 * What GET and LIST of objects need. Listing goes with reading everywhere: without it Cloud Storage answers 403 in place of 404 for an
 * object that is not there, and staging that expired would look like a credential that broke.
 */
const READ_OBJECTS = ['storage.objects.get', 'storage.objects.list'] as const;

/**
 * `create` alone makes an object, a resumable upload too; to overwrite one Cloud Storage also asks for `delete`, which nobody has
 * (Cloud Storage, "IAM permissions for JSON methods", objects.insert).
 */
const CREATE_OBJECTS = ['storage.objects.create'] as const;

/** All roles of the program, by purpose. Each is as wide as one grant needs. */
export const ROLES = {
  objectWriter: {
    title: 'logferry: create and read objects',
    permissions: [...CREATE_OBJECTS, ...READ_OBJECTS],
  },
  // BigQuery documents storage.buckets.get for a load job's user ("Loading JSON data from Cloud Storage", required permissions).
  objectReader: {
    title: 'logferry: read objects, also by load jobs',
    permissions: ['storage.buckets.get', ...READ_OBJECTS],
  },
  objectCreator: { title: 'logferry: create objects', permissions: CREATE_OBJECTS },
  // A job bills a project, so jobs.create is asked for there and nowhere narrower; whoever made a job may read and cancel it.
  jobRunner: { title: 'logferry: run BigQuery jobs', permissions: ['bigquery.jobs.create'] },
  // DELETE and INSERT of an hour, its count, the field list, and the label last_folder_hour: a label is asked for as tables.update,
  // which also covers a table's schema and expiration; BigQuery has nothing narrower.
  rawLoader: {
    title: 'logferry: replace hours in typed tables',
    permissions: [
      'bigquery.datasets.get',
      'bigquery.tables.get',
      'bigquery.tables.getData',
      'bigquery.tables.update',
      'bigquery.tables.updateData',
    ],
  },
  // A load job that makes or truncates its table needs create, update and updateData ("Batch loading data"); TEMP is dropped behind it.
  tempLoader: {
    title: 'logferry: fill and drop TEMP tables',
    permissions: [
      'bigquery.datasets.get',
      'bigquery.tables.create',
      'bigquery.tables.delete',
      'bigquery.tables.get',
      'bigquery.tables.getData',
      'bigquery.tables.update',
      'bigquery.tables.updateData',
    ],
  },
  // DML on ledgers and control tables, queries of the views over them, and the load job that seeds a control row: Google lists
  // tables.update for any load into a table that is there ("Batch loading data", required permissions). As the job says CREATE_NEVER
  // it needs no tables.create.
  opsLoader: {
    title: 'logferry: write ledgers and control rows',
    permissions: [
      'bigquery.datasets.get',
      'bigquery.tables.get',
      'bigquery.tables.getData',
      'bigquery.tables.update',
      'bigquery.tables.updateData',
    ],
  },
} as const satisfies Record<string, RoleDefinition>;

export type RolePurpose = keyof typeof ROLES;

/** What a grant is on. */
export type Place = 'project' | 'staging' | 'records' | 'raw' | 'loadTemp' | 'ops';

export interface Grant {
  readonly workload: Workload;
  readonly role: RolePurpose;
  readonly on: Place;
  /** Only for objects whose names begin so. */
  readonly below?: string;
}

/**
 * All that the workloads may do in Google Cloud. The classifier knows no BigQuery; nobody deletes or overwrites an object; the loader
 * writes copies of what it loads, and rejects, but can neither stage rows nor forge a manifest.
 */
export const GRANTS: readonly Grant[] = [
  { workload: 'classifier', role: 'objectWriter', on: 'staging' },
  { workload: 'classifier', role: 'objectWriter', on: 'records' },
  { workload: 'loader', role: 'objectReader', on: 'staging' },
  { workload: 'loader', role: 'objectCreator', on: 'staging', below: '_load/' },
  { workload: 'loader', role: 'objectReader', on: 'records' },
  { workload: 'loader', role: 'objectCreator', on: 'records', below: 'rejects/' },
  { workload: 'loader', role: 'jobRunner', on: 'project' },
  { workload: 'loader', role: 'rawLoader', on: 'raw' },
  { workload: 'loader', role: 'tempLoader', on: 'loadTemp' },
  { workload: 'loader', role: 'opsLoader', on: 'ops' },
];
