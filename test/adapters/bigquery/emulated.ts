import { apiFields } from '../../../workloads/adapters/bigquery/fields.ts';
import type { BigQueryLocation } from '../../../workloads/adapters/bigquery/bigquery-url.ts';
import { bigqueryNames } from '../../../workloads/adapters/bigquery/names.ts';
import { coverGaps, fieldsByName, mergedFields } from '../../../workloads/core/schema/cover.ts';
import { tableFields, type Field, type LogType } from '../../../workloads/core/schema/log-type.ts';
import { controlTable } from '../../../workloads/core/sql/names.ts';
import { CONTROL, OPS_TABLES } from '../../../workloads/core/sql/ops-tables.ts';
import { OPS_VIEWS } from '../../../workloads/core/sql/views.ts';
import type { BigQueryEmulator } from '../../real/support/bigquery-emulator.ts';
import { storedRows, type ApiAnswer } from './stored-values.ts';
import type { StoredRow } from '../../contract/warehouse-bench.ts';

type Request = BigQueryEmulator['request'];

/** Three datasets of an emulator, and what the Pulumi program does there; nothing passes through the adapter. */
export class EmulatedDatasets {
  readonly place: BigQueryLocation;
  readonly #request: Request;
  readonly #fields = new Map<string, readonly Field[]>();

  constructor(emulator: Pick<BigQueryEmulator, 'url' | 'project' | 'request'>, suffix: string) {
    const [raw, temp, ops] = ['raw', 'load_temp', 'ops'].map((name) => `${name}_${suffix}`) as [
      string,
      string,
      string,
    ];
    const { url: endpoint, project } = emulator;
    const url = `bigquery://${project}?raw=${raw}&temp=${temp}&ops=${ops}&location=US`;
    this.place = { url, project, raw, temp, ops, location: 'US', endpoint };
    this.#request = (method, path, body) => emulator.request(method, path, body);
  }

  async make(location = 'US'): Promise<this> {
    for (const datasetId of [this.place.raw, this.place.temp, this.place.ops]) {
      await this.#request('POST', '/datasets', {
        datasetReference: { projectId: this.place.project, datasetId },
        location,
        ...(datasetId === this.place.temp ? { defaultTableExpirationMs: String(6 * 3_600_000) } : {}),
      });
    }
    return this;
  }

  /** The shared tables and views, where they are not there yet. */
  async makeOps(): Promise<void> {
    const { ops } = this.place;
    for (const [table, fields] of Object.entries(OPS_TABLES)) await this.makeTable(ops, table, fields);
    for (const [view, sql] of Object.entries(OPS_VIEWS)) {
      if (this.#fields.has(`${ops}.${view}`)) continue;
      this.#fields.set(`${ops}.${view}`, []);
      const query = sql(bigqueryNames(this.place));
      await this.#insert(ops, view, { view: { query, useLegacySql: false } });
    }
  }

  /** A type's table and control table, or its table with what the schema adds; what only another table mends is left as it is. */
  async makeType(logType: LogType): Promise<void> {
    const { raw, ops } = this.place;
    await this.makeTable(ops, controlTable(logType.table), CONTROL);
    const wanted = tableFields(logType);
    const there = this.#fields.get(`${raw}.${logType.table}`);
    if (there === undefined) return this.makeTable(raw, logType.table, wanted);
    if (coverGaps(relaxed(there, wanted), wanted).some(({ kind }) => kind === 'conflict')) return undefined;
    const grown = relaxed(mergedFields(there, wanted), wanted);
    if (JSON.stringify(grown) !== JSON.stringify(there)) return this.#grow(logType.table, grown);
    return undefined;
  }

  async makeTable(dataset: string, table: string, fields: readonly Field[]): Promise<void> {
    if (this.#fields.has(`${dataset}.${table}`)) return;
    this.#fields.set(`${dataset}.${table}`, fields);
    await this.#insert(dataset, table, { schema: { fields: apiFields(fields) } });
  }

  async query(query: string): Promise<ApiAnswer> {
    const json = { query, useLegacySql: false, formatOptions: { useInt64Timestamp: true } };
    return (await this.#request('POST', '/queries', json)) as ApiAnswer;
  }

  /** All rows of a typed table in the order of `n`. */
  async rows(table: string): Promise<StoredRow[]> {
    return storedRows(
      await this.query(`SELECT * FROM \`${this.place.project}.${this.place.raw}.${table}\` ORDER BY n`),
    );
  }

  /** A table of the emulator cannot be changed: its rows are put into a new one of that name, with its labels. */
  async #grow(table: string, grown: readonly Field[]): Promise<void> {
    const { raw } = this.place;
    const path = `/datasets/${raw}/tables/${table}`;
    const rows = await this.rows(table);
    const { labels } = (await this.#request('GET', path)) as { labels?: object };
    await this.#request('DELETE', path);
    await this.#insert(raw, table, { schema: { fields: apiFields(grown) }, labels });
    this.#fields.set(`${raw}.${table}`, grown);
    if (rows.length > 0) {
      const json = rows.map((row) => ({ json: JSON.parse(JSON.stringify(row, spelled)) as unknown }));
      const { insertErrors } = (await this.#request('POST', `${path}/insertAll`, { rows: json })) as {
        insertErrors?: unknown;
      };
      if (insertErrors !== undefined) throw new Error(JSON.stringify(insertErrors));
    }
  }

  async #insert(datasetId: string, tableId: string, rest: object): Promise<void> {
    const tableReference = { projectId: this.place.project, datasetId, tableId };
    await this.#request('POST', `/datasets/${datasetId}/tables`, { tableReference, ...rest });
  }
}

const spelled = (_name: string, value: unknown): unknown =>
  typeof value === 'bigint' ? String(value) : value;

/** Modes that the schema relaxes, as Pulumi does in place. */
function relaxed(fields: readonly Field[], wanted: readonly Field[]): readonly Field[] {
  const byName = fieldsByName(wanted);
  return fields.map((field): Field => {
    const asked = byName.get(field.name);
    const required = field.mode === 'REQUIRED' && asked?.mode !== 'REQUIRED';
    return required ? { ...field, mode: 'NULLABLE' } : field;
  });
}
