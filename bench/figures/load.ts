import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readTables, tableDifferences, type TableContent } from '../equality/tables.ts';
import { HOUR } from '../generate/write-hour.ts';
import { measure } from '../measure/command.ts';
import { ratios } from '../measure/ratios.ts';
import { DUCKDB_VERSION, script } from '../peers/duckdb.ts';
import { loadStaged, readSchema } from '../peers/duckdb-sql.ts';
import { logferry, logferryClassify, LOGFERRY_VERSION } from '../peers/logferry.ts';
import type { Tool } from '../peers/tool.ts';
import { hourText, type Context } from './context.ts';
import type { Figure, FigureResult } from './figure.ts';
import { atMost, rounds, UnequalError } from './rounds.ts';

/** A staged hour into tables, checked row by row, against a load that checks nothing. */
export const loadFigure: Figure = {
  name: 'load',
  about: "load of a staged hour, against DuckDB's read_json and INSERT",
  run,
};

async function run(context: Context): Promise<FigureResult> {
  const hour = context.hour({ compression: 'gzip', bytes: context.settings.slowMegabytes * 1e6 });
  const staging = join(context.temporary('staged'), 'staging');
  await measure(logferryClassify(hour).command(staging));
  const types = [...hour.raw.keys()].map((table) => readSchema(hour.schemas, table));
  const parts = readdirSync(staging, { recursive: true, encoding: 'utf8' }).sort();
  const statements = join(context.temporary('sql'), 'statements.json');
  const filesOf = (table: string): string[] =>
    parts
      .filter((path) => path.startsWith(`${table}/`) && path.endsWith('.gz'))
      .map((path) => join(staging, path));
  writeFileSync(statements, JSON.stringify(loadStaged(types, filesOf)));
  const ours = logferryLoad(hour.source, hour.schemas, staging);
  const duckdb: Tool = {
    name: 'DuckDB',
    version: DUCKDB_VERSION,
    command: (output) => ({ argv: [process.execPath, script('duckdb-load.js'), statements, output] }),
  };
  const expected = new Map([...hour.raw].map(([table, { lines }]) => [table, { rows: lines, content: '-' }]));
  const seen: ReadonlyMap<string, TableContent>[] = [expected];
  const [own, other] = await rounds(
    context,
    [ours, duckdb],
    context.settings.slowPairs,
    async (tool, output) => {
      const file = join(output, 'warehouse.duckdb');
      const tables = await readTables(file, types, tool === ours ? 'raw' : undefined);
      for (const each of seen) assertTables(tool.name, each, tables);
      seen.push(tables);
    },
  );
  return {
    name: loadFigure.name,
    title: 'load of a staged hour, checked, into DuckDB',
    input: hourText(hour),
    sides: [own!, other!],
    comparisons: (['cpu', 'wall', 'rss'] as const).map((quantity) => ({
      quantity,
      of: 'logferry / DuckDB',
      values: ratios(quantity, own!.runs, other!.runs),
      ...(quantity === 'cpu' ? { bar: atMost(1.5) } : {}),
    })),
    skipped: [],
  };
}

function logferryLoad(source: string, schemas: string, staging: string): Tool {
  return {
    name: 'logferry',
    version: LOGFERRY_VERSION,
    command: (output) => {
      const places = ['--source', `file:${source}`, '--staging', `file:${staging}`, '--schemas', schemas];
      return logferry('load', HOUR, ...places, '--warehouse', `duckdb:${join(output, 'warehouse.duckdb')}`);
    },
  };
}

/** @throws UnequalError which names the tables that differ, with their counts. */
export function assertTables(
  name: string,
  expected: ReadonlyMap<string, TableContent>,
  found: ReadonlyMap<string, TableContent>,
): void {
  const wrong = tableDifferences(expected, found);
  if (wrong.length > 0)
    throw new UnequalError(`${name} loaded other rows than its input has:\n${wrong.join('\n')}`);
}
