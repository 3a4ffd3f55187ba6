import type { Exchange } from './front.ts';
import type { Need } from './google-iam.ts';

/** A job as far as its permissions depend on it. */
interface Job {
  readonly query?: string | { readonly query?: string };
  readonly load?: {
    readonly destinationTable?: { readonly datasetId?: string };
    readonly createDisposition?: string;
    readonly sourceUris?: readonly string[];
  };
}

const onDataset = (permission: string, dataset: string): Need => ({
  permission: `bigquery.${permission}`,
  on: { kind: 'dataset', dataset },
});

/** BigQuery, "Roles and permissions" of each API method and statement. */
export function bigqueryNeeds(
  { method, url }: Exchange,
  body: Buffer | undefined,
): readonly Need[] | undefined {
  const [, upload, path = ''] = /^(\/upload)?\/bigquery\/v2\/projects\/[^/]+\/(.+)$/.exec(url.pathname) ?? [];
  const [collection, dataset = '', tables, table] = path.split('/');
  if (collection === 'jobs' || collection === 'queries') {
    // Whoever made a job may read and cancel it; an upload session is as good as a key.
    if (method === 'GET' || dataset !== '' || url.searchParams.has('upload_id')) return [];
    return jobNeeds(jobOf(body ?? Buffer.alloc(0), upload !== undefined && isMultipart(url)));
  }
  if (collection !== 'datasets' || dataset === '') return undefined;
  if (tables === undefined) return method === 'GET' ? datasetNeeds(dataset, url) : undefined;
  if (tables !== 'tables') return undefined;
  const verb = table === undefined ? 'create' : VERBS[method];
  return verb === undefined ? undefined : [onDataset(`tables.${verb}`, dataset)];
}

/** With fine-grained control of access, whoever does not ask for metadata alone also asks who has access. */
function datasetNeeds(dataset: string, { searchParams }: URL): Need[] {
  const isMetadata = searchParams.get('datasetView') === 'METADATA';
  return ['get', ...(isMetadata ? [] : ['getIamPolicy'])].map((verb) =>
    onDataset(`datasets.${verb}`, dataset),
  );
}

/** Whether what is needed stands in the body: jobs, but not the rows that an upload session sends. */
export const bigqueryReadsBody = ({ method, url }: Exchange): boolean =>
  method === 'POST' && /\/(jobs|queries)$/.test(url.pathname);

const VERBS: Readonly<Record<string, string>> = {
  GET: 'get',
  PATCH: 'update',
  PUT: 'update',
  DELETE: 'delete',
};

const isMultipart = (url: URL): boolean => url.searchParams.get('uploadType') === 'multipart';

/** Rows that are sent along come as the second part. */
function jobOf(body: Buffer, multipart: boolean): Job {
  const text = body.toString('utf8');
  const json = multipart ? text.slice(text.indexOf('{'), text.indexOf('\r\n--', text.indexOf('{'))) : text;
  const parsed = JSON.parse(json) as Job & { configuration?: Job };
  return parsed.configuration ?? parsed;
}

function jobNeeds({ query, load }: Job): Need[] {
  const sql = typeof query === 'string' ? query : query?.query;
  return [
    { permission: 'bigquery.jobs.create', on: { kind: 'project' } },
    ...(load === undefined ? [] : loadNeeds(load)),
    ...(sql === undefined ? [] : sqlNeeds(sql)),
  ];
}

/** "Batch loading data", required permissions. */
function loadNeeds({
  destinationTable,
  createDisposition,
  sourceUris = [],
}: NonNullable<Job['load']>): Need[] {
  const dataset = destinationTable?.datasetId ?? '';
  const kinds = ['updateData', 'update', ...(createDisposition === 'CREATE_NEVER' ? [] : ['create'])];
  return [
    ...kinds.map((kind) => onDataset(`tables.${kind}`, dataset)),
    ...sourceUris.flatMap((uri): Need[] => {
      const [, bucket = '', object = ''] = /^gs:\/\/([^/]+)\/(.+)$/s.exec(uri) ?? [];
      return [
        { permission: 'storage.objects.get', on: { kind: 'bucket', bucket, object } },
        { permission: 'storage.buckets.get', on: { kind: 'bucket', bucket } },
      ];
    }),
  ];
}

/** `project.dataset.table` between backticks, and nothing that happens to stand between two others. */
const NAME = '`[a-z0-9:-]+\\.(\\w+)\\.\\w+`';

/** Statements that write, and what each asks for on top of reading. */
const WRITES: readonly (readonly [RegExp, string])[] = [
  [
    new RegExp(`\\b(?:INSERT(?: INTO)?|UPDATE|DELETE(?: FROM)?|MERGE(?: INTO)?)\\s+${NAME}`, 'gi'),
    'updateData',
  ],
  [new RegExp(`\\bCREATE\\s[^\`;]*${NAME}`, 'gi'), 'create'],
  [new RegExp(`\\bDROP\\s+TABLE[^\`;]*${NAME}`, 'gi'), 'delete'],
];

/** By full names between backticks; all that is named is read. */
function sqlNeeds(sql: string): Need[] {
  const read = [...sql.matchAll(new RegExp(NAME, 'g'))].map(([, dataset]) =>
    onDataset('tables.getData', dataset!),
  );
  const written = WRITES.flatMap(([statement, kind]) =>
    [...sql.matchAll(statement)].map(([, dataset]) => onDataset(`tables.${kind}`, dataset!)),
  );
  return [...read, ...written];
}
