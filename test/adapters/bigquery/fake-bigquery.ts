import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { after } from 'mocha';
import type { BigQueryLocation } from '../../../workloads/adapters/bigquery/bigquery-url.ts';

/** A request as it came; the body is parsed where it is JSON. */
export interface Asked {
  readonly method: string;
  /** Path below the project, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
  readonly json: JobBody;
}

/** A job as it is sent; the other bodies are less. */
export interface JobBody {
  readonly jobReference: { readonly projectId: string; readonly jobId: string; readonly location: string };
  readonly configuration: {
    readonly labels: Readonly<Record<string, string>>;
    readonly dryRun?: boolean;
    readonly load?: {
      readonly schema?: { readonly fields: readonly object[] };
      readonly sourceUris?: readonly string[];
      readonly destinationTable: { readonly datasetId: string; readonly tableId: string };
    };
    readonly query?: {
      readonly query: string;
      readonly queryParameters: readonly {
        readonly name: string;
        readonly parameterValue: { readonly value: string | null };
      }[];
    };
  };
}

/** A table as it is kept. */
export interface FakeTable {
  type?: string;
  etag?: string;
  numRows?: string;
  schema?: object | undefined;
  labels?: Record<string, string>;
}

export interface Answer {
  readonly status: number;
  readonly json?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What becomes of a job: its states, one each time it is looked at, and what the last one says. */
export interface Outcome {
  readonly states?: readonly string[];
  readonly status?: { readonly errorResult?: object; readonly errors?: readonly object[] };
  readonly statistics?: { readonly load?: { readonly outputRows: string } };
}

const PREFIX = /^\/(upload\/)?bigquery\/v2\/projects\/[^/]+/;

/**
 * BigQuery's API as its reference has it, where the emulator has it otherwise: a job id that is taken is a 409, jobs are pending and
 * running before they are done, labels are guarded by etags. Nothing is computed: a test says what becomes of a job.
 */
export class FakeBigQuery {
  readonly asked: Asked[] = [];
  /** By `dataset.table`. */
  readonly tables = new Map<string, FakeTable>();
  /** By dataset. */
  readonly datasets = new Map<string, object>();
  readonly jobs = new Map<string, { resource: JobBody; outcome: Outcome; looks: number }>();
  /** What becomes of a job that is inserted now. */
  outcome: (configuration: JobBody['configuration'], jobId: string) => Outcome = () => ({});
  /** Answers in place of everything below, where it gives something. */
  instead: (asked: Asked) => Answer | undefined = () => undefined;
  readonly #server: Server;
  #etags = 0;

  constructor() {
    this.#server = createServer((incoming, outgoing) => {
      void buffer(incoming).then((body) => {
        const url = new URL(incoming.url ?? '/', 'http://localhost');
        const asked: Asked = {
          method: incoming.method ?? '',
          path: url.pathname.replace(PREFIX, (_all, upload?: string) =>
            upload === undefined ? '' : '/upload',
          ),
          query: url.searchParams,
          headers: incoming.headers,
          body,
          json: jsonOf(body),
        };
        this.asked.push(asked);
        const { status, json, headers } = this.instead(asked) ?? this.#answer(asked);
        const text = json === undefined ? '' : JSON.stringify(json);
        outgoing.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text);
      });
    });
    after(() => this.#server.close());
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.#server.unref();
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get place(): BigQueryLocation {
    const url = 'bigquery://my-project?raw=raw&temp=load_temp&ops=ops&location=asia-northeast3';
    const ids = { project: 'my-project', raw: 'raw', temp: 'load_temp', ops: 'ops' };
    return { url, ...ids, location: 'asia-northeast3', endpoint: this.url };
  }

  /** Nothing but three datasets, and nothing asked. */
  reset(): void {
    this.asked.length = 0;
    for (const map of [this.tables, this.datasets, this.jobs]) map.clear();
    for (const dataset of ['raw', 'load_temp', 'ops'])
      this.datasets.set(dataset, { location: 'asia-northeast3' });
    this.outcome = () => ({});
    this.instead = () => undefined;
  }

  /** Requests as `METHOD /path`, in their order, the looks at datasets aside. */
  get calls(): string[] {
    return this.asked
      .filter(({ path }) => !/^\/datasets\/[a-z_]+$/.test(path))
      .map(({ method, path }) => `${method} ${path}`);
  }

  #answer(asked: Asked): Answer {
    const { method, path } = asked;
    const [, kind = '', id = '', , table = ''] = path.split('/');
    if (method === 'POST' && path === '/jobs') return this.#insert(asked.json);
    if (method === 'POST' && path === '/upload/jobs') return this.#insert(multipart(asked.body));
    if (kind === 'jobs') return method === 'POST' ? { status: 200, json: {} } : this.#job(id);
    if (kind === 'datasets' && table === '') return found(this.datasets.get(id));
    if (kind === 'datasets') return this.#table(asked, `${id}.${table}`);
    return failure(404, 'notFound', `Not found: ${path}`);
  }

  #insert(resource: JobBody): Answer {
    const { jobId } = resource.jobReference;
    if (this.jobs.has(jobId)) return failure(409, 'duplicate', `Already Exists: Job my-project:${jobId}`);
    const outcome = this.outcome(resource.configuration, jobId);
    this.jobs.set(jobId, { resource, outcome, looks: 0 });
    const target = resource.configuration.load?.destinationTable;
    const failed = outcome.status?.errorResult !== undefined;
    if (target !== undefined && !failed)
      this.tables.set(`${target.datasetId}.${target.tableId}`, {
        type: 'TABLE',
        schema: resource.configuration.load?.schema,
        numRows: outcome.statistics?.load?.outputRows ?? '0',
      });
    return this.#job(jobId);
  }

  #job(jobId: string): Answer {
    const job = this.jobs.get(jobId);
    if (job === undefined) return failure(404, 'notFound', `Not found: Job my-project:${jobId}`);
    const { states = ['DONE'], status = {}, statistics = {} } = job.outcome;
    const state = states[Math.min(job.looks++, states.length - 1)];
    const done = state === 'DONE' ? { ...status } : {};
    return { status: 200, json: { ...job.resource, status: { state, ...done }, statistics } };
  }

  #table({ method, headers, json }: Asked, name: string): Answer {
    const table = this.tables.get(name);
    if (table === undefined) return failure(404, 'notFound', `Not found: Table my-project:${name}`);
    if (method === 'DELETE') {
      this.tables.delete(name);
      return { status: 204 };
    }
    table.etag ??= `etag-${this.#etags++}`;
    if (method === 'GET') return { status: 200, json: table };
    const expected = headers['if-match'];
    if (expected !== undefined && expected !== table.etag)
      return failure(412, 'conditionNotMet', 'Precondition check failed.');
    Object.assign(table, json, { etag: `etag-${this.#etags++}` });
    return { status: 200, json: table };
  }
}

export function failure(code: number, reason: string, message: string): Answer {
  return { status: code, json: { error: { code, message, errors: [{ reason, message }] } } };
}

function found(resource: object | undefined): Answer {
  return resource === undefined
    ? failure(404, 'notFound', 'Not found: Dataset')
    : { status: 200, json: resource };
}

/** Undefined where it is none, which no test looks at. */
function jsonOf(body: Buffer): JobBody {
  try {
    return JSON.parse(body.toString()) as JobBody;
  } catch {
    return undefined as never;
  }
}

/** The first part of a multipart body. */
function multipart(body: Buffer): JobBody {
  return JSON.parse(body.toString('latin1').split('\r\n\r\n')[1]!.split('\r\n--')[0]!) as JobBody;
}
