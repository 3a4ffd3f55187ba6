import { DuckDBInstance } from '@duckdb/node-api';
import type { LogType } from '../../workloads/core/schema/log-type.ts';
import { fingerprintQuery } from '../peers/duckdb-sql.ts';

/** What a table holds as far as it is compared. */
export interface TableContent {
  readonly rows: number;
  /** A sum over the values of its plain columns; `-` where it is not compared. */
  readonly content: string;
}

/** The tables of a database file. @param schema Where they lie, if not in the main one. */
export async function readTables(
  file: string,
  types: readonly LogType[],
  schema?: string,
): Promise<ReadonlyMap<string, TableContent>> {
  const instance = await DuckDBInstance.create(file, { access_mode: 'READ_ONLY' });
  const connection = await instance.connect();
  try {
    const tables = new Map<string, TableContent>();
    for (const type of types) {
      const [row] = (await connection.runAndReadAll(fingerprintQuery(type, schema))).getRows();
      tables.set(type.table, { rows: Number(row![0]), content: String(row![1]) });
    }
    return tables;
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** What differs, a sentence a table. Contents are compared where both sides have one. */
export function tableDifferences(
  expected: ReadonlyMap<string, TableContent>,
  found: ReadonlyMap<string, TableContent>,
): string[] {
  const tables = [...new Set([...expected.keys(), ...found.keys()])].sort();
  return tables.flatMap((table) => {
    const [want, have] = [expected.get(table), found.get(table)];
    if (want?.rows !== have?.rows)
      return [`${table}: expected ${want?.rows ?? 0} rows, found ${have?.rows ?? 0}`];
    const comparable = want?.content !== '-' && have?.content !== '-';
    return comparable && want?.content !== have?.content
      ? [`${table}: ${want?.rows ?? 0} rows, but other values`]
      : [];
  });
}
