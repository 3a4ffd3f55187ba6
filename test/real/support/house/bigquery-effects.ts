import type { BigQueryEmulator } from '../bigquery-emulator.ts';
import type { Effects } from '../stand-in/action.ts';
import type { CloudResource } from '../stand-in/resource-type.ts';
import type { Properties } from '../stand-in/wire.ts';

const given = (properties: Properties): Properties =>
  Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined));

/** A dataset as the API takes it. */
function dataset({ datasetId, project, location, labels, description, ...rest }: Properties): Properties {
  const { defaultTableExpirationMs: expires } = rest as { defaultTableExpirationMs?: number };
  return given({
    datasetReference: { projectId: project, datasetId },
    ...{ location, labels, description },
    defaultTableExpirationMs: expires === undefined ? undefined : String(expires),
  });
}

/** A table or a view as the API takes it. */
function table(inputs: Properties): Properties {
  const { project: projectId, datasetId, tableId, labels, description, schema, view, clusterings } = inputs;
  const { timePartitioning: partitioning } = inputs as { timePartitioning?: { expirationMs?: number } };
  const { expirationMs } = partitioning ?? {};
  // 64-bit numbers are texts in Google's JSON.
  const expires = expirationMs === undefined ? {} : { expirationMs: String(expirationMs) };
  return given({
    tableReference: { projectId, datasetId, tableId },
    ...{ labels, description, view },
    timePartitioning: partitioning === undefined ? undefined : { ...partitioning, ...expires },
    schema: typeof schema === 'string' ? { fields: JSON.parse(schema) as unknown } : undefined,
    clustering: clusterings === undefined ? undefined : { fields: clusterings },
  });
}

/** Datasets, tables and views of the BigQuery emulator. */
export function bigqueryEffects({ request }: BigQueryEmulator): Readonly<Record<string, Effects>> {
  const datasetPath = ({ inputs }: CloudResource): string => `/datasets/${String(inputs.datasetId)}`;
  const tablesPath = (resource: CloudResource): string => `${datasetPath(resource)}/tables`;
  const tablePath = (resource: CloudResource): string =>
    `${tablesPath(resource)}/${String(resource.inputs.tableId)}`;
  return {
    'gcp:bigquery/dataset:Dataset': {
      create: async ({ inputs }) => {
        await request('POST', '/datasets', dataset(inputs));
        return undefined;
      },
      delete: async (resource) => {
        await request('DELETE', `${datasetPath(resource)}?deleteContents=true`);
      },
    },
    'gcp:bigquery/table:Table': {
      create: async (resource) => {
        await request('POST', tablesPath(resource), table(resource.inputs));
        return undefined;
      },
      // The emulator keeps a table's columns for good: a test that needs others has to say so.
      update: async (resource, before) => {
        if (resource.inputs.schema !== before.inputs.schema)
          throw new Error(`the BigQuery emulator cannot change the columns of ${resource.id}`);
        await request('PATCH', tablePath(resource), table(resource.inputs));
        return undefined;
      },
      delete: async (resource) => {
        await request('DELETE', tablePath(resource));
      },
    },
  };
}
