import { randomUUID } from 'node:crypto';
import { TerminalError } from '../../core/errors.ts';
import { labelValue } from '../../core/labels.ts';
import type { LoadJob, Row, Statement, WarehouseSession } from '../../core/ports/warehouse.ts';
import type { Field, LogType } from '../../core/schema/log-type.ts';
import { tableFields } from '../../core/schema/log-type.ts';
import { controlTable, type Names } from '../../core/sql/names.ts';
import { CONTROL, OPS_TABLES } from '../../core/sql/ops-tables.ts';
import { OPS_VIEWS } from '../../core/sql/views.ts';
import type { Api } from './api.ts';
import { Catalog } from './catalog.ts';
import { commit } from './commit.ts';
import { fieldsOf, tempFields } from './fields.ts';
import { loadError } from './job-errors.ts';
import { Jobs, problemsOf } from './jobs.ts';
import { load } from './load.ts';
import { bigqueryNames } from './names.ts';
import { assertCovers, missing } from './prepare.ts';
import { assertReads, dryRun, query, type QueryLimits } from './query.ts';
import type { TableResource } from './resources.ts';
import { uploadJob } from './upload.ts';

/** What a session is made of. */
export interface SessionParts {
  readonly api: Api;
  readonly jobs: Jobs;
  readonly readOnly: boolean;
  /** How long a TEMP table stays behind its load, in milliseconds. */
  readonly tempMs: number;
  readonly limits: QueryLimits;
}

/** Work on the three datasets. BigQuery knows no sessions that matter here: every call stands alone. */
export class BigQuerySession implements WarehouseSession {
  readonly names: Names;
  readonly #parts: SessionParts;
  readonly #catalog: Catalog;
  /** Typed tables that this session saw. */
  readonly #tables = new Map<string, readonly Field[]>();

  constructor(parts: SessionParts) {
    this.#parts = parts;
    this.#catalog = new Catalog(parts.api);
    this.names = bigqueryNames(parts.api.place);
  }

  async prepareOps(): Promise<void> {
    const { ops } = this.#place;
    const tables = Object.entries(OPS_TABLES).map(async ([table, fields]) => {
      assertCovers(this.#name(ops, table), await this.#there(ops, table), fields, 'this version of logferry');
    });
    const views = Object.keys(OPS_VIEWS).map((view) => this.#there(ops, view));
    await Promise.all([...tables, ...views]);
  }

  async prepareTable(logType: LogType): Promise<void> {
    const { raw } = this.#place;
    const { type, table } = logType;
    await this.prepareControl(type, table);
    const fields = await this.#there(raw, table);
    assertCovers(this.#name(raw, table), fields, tableFields(logType), `schemas/${table}.json`);
    this.#tables.set(table, fields);
  }

  async prepareControl(type: string, table: string): Promise<void> {
    const control = controlTable(table);
    const { ops } = this.#place;
    const found = await this.#catalog.table(ops, control);
    if (found === undefined) throw missing(this.#name(ops, control));
    if (Number(found.numRows ?? 0) > 0) return;
    assertCovers(this.#name(ops, control), fieldsIn(found), CONTROL, 'this version of logferry');
    this.#assertWritable(`seeding ${control}`);
    await this.#seed(type, control);
  }

  async hasControl(table: string): Promise<boolean> {
    return (await this.#catalog.table(this.#place.ops, controlTable(table))) !== undefined;
  }

  async hasTable(table: string): Promise<boolean> {
    return this.#tables.has(table) || (await this.describe(table)) !== undefined;
  }

  async load(job: LoadJob): Promise<number> {
    this.#assertWritable(`loading ${job.temp}`);
    const { api, jobs, tempMs } = this.#parts;
    const { into } = job;
    const deployed = into === undefined ? undefined : (this.#tables.get(into) ?? (await this.describe(into)));
    const fields = tempFields(job.fields, deployed ?? []);
    return load({ api, jobs, catalog: this.#catalog, tempMs }, job, fields);
  }

  async query(statement: Statement): Promise<Row[]> {
    const { api, jobs, limits, readOnly } = this.#parts;
    if (readOnly) await assertReads(api, statement);
    return query(api, jobs, statement, limits);
  }

  /** Each by itself: a dry run of a whole script knows nothing of what its later statements read. */
  async estimateBytes(statements: readonly Statement[]): Promise<number> {
    let total = 0;
    for (const statement of statements) total += (await dryRun(this.#parts.api, statement)).bytes;
    return total;
  }

  async transaction(statements: readonly Statement[]): Promise<void> {
    this.#assertWritable('a transaction');
    await commit(this.#parts.api, this.#parts.jobs, statements);
  }

  async setLabel(table: string, key: string, value: string): Promise<void> {
    this.#assertWritable(`labelling ${table}`);
    await this.#catalog.setLabel(this.#place.raw, table, key, value);
  }

  async labels(table: string): Promise<Readonly<Record<string, string>>> {
    return (await this.#catalog.table(this.#place.raw, table))?.labels ?? {};
  }

  async dropTemp(temp: string): Promise<void> {
    this.#assertWritable(`dropping ${temp}`);
    await this.#catalog.drop(this.#place.temp, temp);
  }

  async describe(table: string): Promise<readonly Field[] | undefined> {
    const found = await this.#catalog.table(this.#place.raw, table);
    if (found === undefined || isView(found)) return undefined;
    const fields = fieldsIn(found);
    this.#tables.set(table, fields);
    return fields;
  }

  /**
   * Writes the one row of a control table where it has none: a load job, for of two at once BigQuery lets one through (WRITE_EMPTY),
   * and of two INSERTs both. The loader may not make tables there (CREATE_NEVER).
   */
  async #seed(type: string, control: string): Promise<void> {
    const { api, jobs } = this.#parts;
    const { project: projectId, location, ops: datasetId } = this.#place;
    const jobId = `logferry_seed_${randomUUID()}`;
    const what = `Seeding of ${this.#name(datasetId, control)}`;
    const load = {
      sourceFormat: 'NEWLINE_DELIMITED_JSON',
      destinationTable: { projectId, datasetId, tableId: control },
      createDisposition: 'CREATE_NEVER',
      writeDisposition: 'WRITE_EMPTY',
    };
    const resource = {
      jobReference: { projectId, jobId, location },
      configuration: { labels: { logferry: 'seed', log_type: labelValue(type) }, load },
    };
    const row = Buffer.from(`${JSON.stringify({ log_type: type, attempt: 'seed' })}\n`);
    const begun = await jobs.begin(jobId, { what, context: { job: jobId } }, () =>
      uploadJob(api, resource, only(row)),
    );
    const problems = problemsOf(await jobs.end(jobId, begun, what));
    // Another run was faster; the row that is there is as good.
    if (problems.length === 0 || problems.some(({ reason }) => reason === 'duplicate')) return;
    throw loadError(what, problems, jobId);
  }

  async #there(dataset: string, table: string): Promise<readonly Field[]> {
    const found = await this.#catalog.table(dataset, table);
    if (found === undefined) throw missing(this.#name(dataset, table));
    return isView(found) ? [] : fieldsIn(found);
  }

  #assertWritable(what: string): void {
    if (!this.#parts.readOnly) return;
    throw new TerminalError(
      `Warehouse ${this.#place.url}: expected a session that may write for ${what}, found a read-only one`,
    );
  }

  #name(dataset: string, table: string): string {
    return `Table ${this.#place.project}.${dataset}.${table}`;
  }

  get #place() {
    return this.#parts.api.place;
  }
}

const fieldsIn = ({ schema }: TableResource): readonly Field[] => fieldsOf(schema?.fields ?? []);

const isView = ({ type }: TableResource): boolean => type === 'VIEW' || type === 'MATERIALIZED_VIEW';

async function* only(bytes: Buffer): AsyncGenerator<Buffer> {
  await Promise.resolve();
  yield bytes;
}
