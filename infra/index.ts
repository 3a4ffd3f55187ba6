import { clusterOf } from './cluster.ts';
import { assertSchemaAges, readConfig } from './config.ts';
import { environments } from './environments.ts';
import { grantAccess } from './grants.ts';
import { classifierRole, workloadAccounts } from './identity.ts';
import { assertFilesFit } from './k8s/schema-chunks.ts';
import { nextGenerations } from './k8s/schema-generations.ts';
import { programOutputs } from './outputs.ts';
import { cloudProviders } from './providers.ts';
import { deployedAs, tableSpecs } from './schema-guard/deployed.ts';
import { refuseBreakingChanges } from './schema-guard/guard.ts';
import { lastRun } from './schema-guard/last-run.ts';
import { readSchemas } from './schemas.ts';
import { sourceBucket as sourceOf } from './source.ts';
import { storageBuckets } from './storage.ts';
import { warehouseOf } from './warehouse.ts';
import { workloads } from './workloads.ts';

// Settings and schemas: whatever is wrong with them is said here, before anything is registered.
const config = readConfig();
const schemas = await readSchemas(config.schemasDir, config.workloads.typeKey);
assertSchemaAges(config, schemas.set);
assertFilesFit(schemas.files);
const last = await lastRun();
const types = tableSpecs(last.deployedSchemas, schemas.set);
const deployed = deployedAs(types);
refuseBreakingChanges(last.deployedSchemas, deployed, config);
const generations = nextGenerations(last.schemaGenerations, schemas.files);

// Where rows lie: source in AWS, staging, records and warehouse in Google Cloud.
const clouds = cloudProviders(config);
const source = sourceOf(config, clouds.aws);
const places = {
  source,
  ...storageBuckets(config, clouds.gcp),
  warehouse: warehouseOf(config, types, last.deployedSchemas, clouds.gcp),
};

// Who may do what: one identity a workload in each cloud that it speaks to, vouched for by the cluster.
const cluster = clusterOf(config, clouds.gcp);
const role = classifierRole(config, cluster, source.arn, clouds.aws);
const accounts = workloadAccounts(config, cluster, clouds.gcp);
const grants = grantAccess(config, places, accounts, clouds.gcp);

// What runs.
const running = workloads({
  config,
  cluster,
  tables: types,
  generations,
  classifierRole: role,
  accounts,
  environments: environments(config, places),
  after: [places.warehouse, grants],
});

export const {
  tables,
  countView,
  rejectsView,
  datasets,
  warehouseLocation,
  sourceBucket,
  stagingBucket,
  recordsBucket,
  roles,
  serviceAccounts,
  namespace,
  cronJobs,
  lookerStudioUrl,
  transferEstimate,
  deployedSchemas,
  schemaGenerations,
} = programOutputs({ config, ...places, role, accounts, running, deployed, generations });
