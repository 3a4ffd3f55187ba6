import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cli, type CliResult } from './cli.ts';
import type { RunReport } from '../../workloads/cli/report.ts';

/** Schema files by table name, as JSON. */
export type SchemaFiles = Readonly<Record<string, object>>;

/** A road on directories and DuckDB in a folder: source, staging, warehouse, schemas. */
export class Road {
  readonly folder: string;
  /** Options of every command. */
  readonly options: readonly string[];

  constructor(folder: string, schemas: SchemaFiles) {
    this.folder = folder;
    mkdirSync(join(folder, 'source'), { recursive: true });
    this.writeSchemas(schemas);
    this.options = [
      ...['--source', `file:${join(folder, 'source')}`],
      ...['--staging', `file:${join(folder, 'staging')}`],
      ...['--warehouse', `duckdb:${join(folder, 'wh.duckdb')}`],
      ...['--schemas', join(folder, 'schemas')],
    ];
  }

  writeSchemas(schemas: SchemaFiles): void {
    mkdirSync(join(this.folder, 'schemas'), { recursive: true });
    for (const [table, schema] of Object.entries(schemas)) {
      writeFileSync(join(this.folder, 'schemas', `${table}.json`), JSON.stringify(schema));
    }
  }

  /** Puts an object into an hour; a fixed time makes its etag the same everywhere. */
  put(hour: string, name: string, content: string | Buffer, time = new Date('2026-11-20T20:00:00Z')): string {
    const path = join(this.folder, 'source', hour.replaceAll(/[-T]/g, '/'), name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    utimesSync(path, time, time);
    return path;
  }

  /** `logferry <command> <args> --source ... --json`. */
  async command(...args: string[]): Promise<CliResult> {
    return cli([...args, ...this.options]);
  }

  async run(hours: string, ...args: string[]): Promise<CliResult & { readonly report: RunReport }> {
    const result = await this.command('run', hours, '--json', ...args);
    return { ...result, report: JSON.parse(result.stdout || '{"hours":[],"conserved":false}') as RunReport };
  }

  /** Rows of a read-only query. */
  async query(sql: string): Promise<Record<string, unknown>[]> {
    const result = await cli([
      'query',
      sql,
      '--json',
      '--warehouse',
      `duckdb:${join(this.folder, 'wh.duckdb')}`,
    ]);
    if (result.code !== 0) throw new Error(result.stderr);
    return JSON.parse(result.stdout) as Record<string, unknown>[];
  }
}
