import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { apiFields } from '../../workloads/adapters/bigquery/fields.ts';
import { tableFields, type Field, type LogType } from '../../workloads/core/schema/log-type.ts';
import { controlTable } from '../../workloads/core/sql/names.ts';
import { CONTROL, LEDGER, OPS_TABLES } from '../../workloads/core/sql/ops-tables.ts';
import type { Certificate } from './tls.ts';

/** Datasets of the stand-in, as the URL of a warehouse names them. */
const DATASETS = { raw: 'raw', temp: 'load_temp', ops: 'ops' } as const;

type Json = Readonly<Record<string, unknown>>;

/** A job as far as it is looked at. */
interface JobRequest {
  readonly jobReference: { readonly jobId: string };
  readonly configuration: {
    readonly load?: {
      readonly sourceUris?: readonly string[];
      readonly schema?: Json;
      readonly destinationTable: { readonly datasetId: string; readonly tableId: string };
    };
    readonly query?: QueryRequest;
  };
}

interface QueryRequest {
  readonly query: string;
  readonly queryParameters?: readonly {
    readonly name: string;
    readonly parameterValue: { readonly value?: string | null };
  }[];
}

/**
 * BigQuery for hours that bigquery-emulator cannot hold: it takes minutes for what BigQuery loads in seconds, and keeps it in memory.
 * Tables, jobs and the ledger are there; of rows it keeps only how many there are, counted in the objects that a load job names.
 * It knows the statements of a load and no others: what SQL means is proved elsewhere.
 */
export class BigQueryStandIn {
  readonly #objectUrl: (uri: string) => string;
  readonly #tables = new Map<string, { fields: readonly unknown[]; rows: number; labels: Json }>();
  readonly #owners = new Map<string, string>();
  readonly #jobs = new Map<string, Json>();
  readonly #ledger: Record<string, string | null>[] = [];
  readonly #server: ReturnType<typeof createServer>;

  /** @param objectUrl Where the bytes of a `gs://` object are, without credentials. */
  constructor({ cert, key }: Certificate, objectUrl: (uri: string) => string, types: readonly LogType[]) {
    this.#objectUrl = objectUrl;
    for (const [table, fields] of Object.entries(OPS_TABLES)) this.#add(DATASETS.ops, table, fields);
    for (const view of ['counts', 'rejects']) this.#add(DATASETS.ops, view, []);
    for (const logType of types) {
      this.#add(DATASETS.raw, logType.table, tableFields(logType));
      this.#add(DATASETS.ops, controlTable(logType.table), CONTROL, 1);
      this.#owners.set(controlTable(logType.table), logType.type);
    }
    this.#server = createServer({ cert, key }, (incoming, outgoing) => {
      void buffer(incoming)
        .then(async (body) => {
          const url = new URL(incoming.url ?? '/', 'https://localhost');
          const path = url.pathname.replace(/^\/bigquery\/v2\/projects\/[^/]+/, '');
          const json = body.length === 0 ? {} : (JSON.parse(body.toString()) as Json);
          return this.#answer(incoming.method ?? 'GET', path, json);
        })
        .catch((error: unknown) => failure(500, String(error)))
        .then(({ status, json }) => {
          outgoing.writeHead(status, { 'content-type': 'application/json' });
          outgoing.end(json === undefined ? '' : JSON.stringify(json));
        });
    });
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  /** `bigquery://...` with the endpoint of this server. */
  get warehouse(): string {
    const { raw, temp, ops } = DATASETS;
    const { port } = this.#server.address() as AddressInfo;
    return `bigquery://bench-project?raw=${raw}&temp=${temp}&ops=${ops}&location=US&endpoint=https://127.0.0.1:${port}`;
  }

  /** Rows and rejects that the ledger's commits brought, in all. */
  get committed(): { readonly types: number; readonly rows: number; readonly rejected: number } {
    const sum = (column: string): number =>
      this.#ledger.reduce((total, row) => total + Number(row[column]), 0);
    return { types: this.#ledger.length, rows: sum('row_count'), rejected: sum('rejected') };
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  #add(dataset: string, table: string, fields: readonly Field[], rows = 0): void {
    this.#tables.set(`${dataset}.${table}`, { fields: apiFields(fields), rows, labels: {} });
  }

  async #answer(method: string, path: string, json: Json): Promise<{ status: number; json?: unknown }> {
    const [, kind = '', id = '', tables = '', table = ''] = path.split('/');
    if (kind === 'queries') return { status: 200, json: this.#query(json as unknown as QueryRequest) };
    if (kind === 'jobs' && method === 'POST')
      return { status: 200, json: await this.#run(json as unknown as JobRequest) };
    if (kind === 'jobs') return found(this.#jobs.get(id));
    if (kind === 'datasets' && tables === '') return { status: 200, json: { location: 'US' } };
    return this.#table(method, `${id}.${table}`, json);
  }

  #table(method: string, name: string, json: Json): { status: number; json?: unknown } {
    const table = this.#tables.get(name);
    if (method === 'DELETE') return { status: this.#tables.delete(name) ? 204 : 404 };
    if (table === undefined) return failure(404, `Not found: Table ${name}`);
    if (method === 'PATCH') table.labels = { ...table.labels, ...(json.labels as Json | undefined) };
    const { fields, rows, labels } = table;
    return {
      status: 200,
      json: { type: 'TABLE', etag: 'e', schema: { fields }, numRows: String(rows), labels },
    };
  }

  async #run(request: JobRequest): Promise<Json> {
    const { jobReference, configuration } = request;
    const { load, query } = configuration;
    if (query !== undefined) this.#script(query);
    const counted = await Promise.all((load?.sourceUris ?? []).map((uri) => this.#countRows(uri)));
    const rows = counted.reduce((sum, count) => sum + count, 0);
    if (load !== undefined) {
      const { datasetId, tableId } = load.destinationTable;
      const fields = (load.schema?.fields ?? []) as readonly unknown[];
      this.#tables.set(`${datasetId}.${tableId}`, { fields, rows, labels: {} });
    }
    const statistics = { load: { outputRows: String(rows) } };
    const job = { ...request, status: { state: 'DONE' }, statistics };
    this.#jobs.set(jobReference.jobId, job);
    return job;
  }

  /** Lines of an object, unpacked as BigQuery does. */
  async #countRows(uri: string): Promise<number> {
    const answer = await fetch(this.#objectUrl(uri));
    if (!answer.ok || answer.body === null) throw new Error(`${uri}: ${answer.status}`);
    const stream = uri.endsWith('.gz')
      ? answer.body.pipeThrough(
          new DecompressionStream('gzip') as ReadableWritablePair<Uint8Array, Uint8Array>,
        )
      : answer.body;
    let rows = 0;
    for await (const chunk of stream) for (const byte of chunk) if (byte === NEWLINE) rows++;
    return rows;
  }

  /** Of a commit's script only the ledger row matters: its values are parameters, some of which the script had to number. */
  #script({ query, queryParameters = [] }: QueryRequest): void {
    const [, list] = /INSERT INTO `[^`]*\.ledger` \(log_type,[\s\S]*?VALUES \(([\s\S]*)\)/.exec(query) ?? [];
    if (list === undefined) return;
    const values = new Map(
      queryParameters.map(({ name, parameterValue }) => [name, parameterValue.value ?? null]),
    );
    const names = [...list.matchAll(/@(\w+)/g)].map(([, name]) => name!);
    this.#ledger.push(
      Object.fromEntries(LEDGER.map(({ name }, index) => [name, values.get(names[index] ?? '') ?? null])),
    );
  }

  #query({ query, queryParameters = [] }: QueryRequest): Json {
    const value = (name: string): string | null | undefined =>
      queryParameters.find((each) => each.name === name)?.parameterValue.value;
    if (query.includes('rejects_bin')) {
      const type = value('log_type');
      const rows = this.#ledger.filter((row) => type === undefined || row.log_type === type);
      return answerOf(columnsOf(query), rows);
    }
    const [, dataset = '', table = ''] = /FROM `[\w-]+\.(\w+)\.(\w+)`/.exec(query) ?? [];
    if (query.startsWith('SELECT log_type FROM'))
      return answerOf(['log_type'], [{ log_type: this.#owners.get(table) ?? null }]);
    if (query.startsWith('SELECT COUNT(*) AS row_count')) {
      const entry = this.#ledger.findLast((row) => row.table_name === table);
      const rows =
        dataset === DATASETS.temp ? this.#tables.get(`${dataset}.${table}`)?.rows : entry?.row_count;
      return answerOf(['row_count'], [{ row_count: String(rows ?? 0) }]);
    }
    throw new Error(`the stand-in knows no such query: ${query}`);
  }
}

const NEWLINE = 0x0a;

/** Of the ledger's columns; what is no column is a count. */
const TYPES = new Map(LEDGER.map(({ name, type }) => [name, type]));

/** The names between SELECT and FROM. */
function columnsOf(query: string): string[] {
  const [, list = ''] = /SELECT ([\s\S]*?)\nFROM/.exec(query) ?? [];
  return list.split(',').map((name) => name.trim());
}

function answerOf(
  columns: readonly string[],
  rows: readonly Readonly<Record<string, string | null>>[],
): Json {
  return {
    jobComplete: true,
    schema: {
      fields: columns.map((name) => ({ name, type: TYPES.get(name) ?? 'INTEGER', mode: 'NULLABLE' })),
    },
    rows: rows.map((row) => ({ f: columns.map((name) => ({ v: row[name] ?? null })) })),
  };
}

function found(job: Json | undefined): { status: number; json?: unknown } {
  return job === undefined ? failure(404, 'Not found: Job') : { status: 200, json: job };
}

function failure(code: number, message: string): { status: number; json: unknown } {
  return { status: code, json: { error: { code, message, errors: [{ reason: 'notFound', message }] } } };
}
