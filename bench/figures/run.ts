import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readTables, type TableContent } from '../equality/tables.ts';
import { dlt, dltRows } from '../peers/dlt.ts';
import { DUCKDB_VERSION, script } from '../peers/duckdb.ts';
import { loadMixed, readSchema } from '../peers/duckdb-sql.ts';
import { logferry, LOGFERRY_VERSION } from '../peers/logferry.ts';
import { isMissing, type Tool } from '../peers/tool.ts';
import type { Context } from './context.ts';
import type { Figure, FigureResult } from './figure.ts';
import { assertTables } from './load.ts';
import { mixedInput, type MixedInput } from './mixed-input.ts';
import { atLeast, rounds, timesOurs } from './rounds.ts';

/** The whole road. */
export const runFigure: Figure = {
  name: 'run',
  about: 'a mixed file to typed DuckDB tables, against dlt and DuckDB alone (--github for real events)',
  run,
};

async function run(context: Context): Promise<FigureResult> {
  const input = await mixedInput(context);
  const types = input.tables.map((table) => readSchema(input.schemas, table));
  const ours = logferryRun(input);
  const statements = join(context.temporary('sql'), 'statements.json');
  writeFileSync(statements, JSON.stringify(loadMixed(types, input.files, input.typeKey)));
  const duckdb: Tool = {
    name: 'DuckDB',
    version: DUCKDB_VERSION,
    command: (output) => ({ argv: [process.execPath, script('duckdb-load.js'), statements, output] }),
  };
  const peer = dlt(input.files, input.typeKey);
  const tools = [ours, duckdb, ...(isMissing(peer) ? [] : [peer])];
  const rows = new Map(
    types.map(({ table, type }) => [table, { rows: input.rows.get(type) ?? 0, content: '-' }]),
  );
  const seen: ReadonlyMap<string, TableContent>[] = [rows];
  const check = async (tool: Tool, output: string): Promise<void> => {
    if (tool === peer) {
      const counted = Object.entries(await dltRows(output)).map(
        ([table, count]) => [table, { rows: count, content: '-' }] as const,
      );
      assertTables(tool.name, alike(rows), alike(new Map(counted)));
      return;
    }
    const isOurs = tool === ours;
    const found = await readTables(join(output, 'warehouse.duckdb'), types, isOurs ? 'raw' : undefined);
    for (const each of seen) assertTables(tool.name, each, found);
    seen.push(found);
  };
  const [own, alone, theirs] = await rounds(context, tools, context.settings.slowPairs, check);
  return {
    name: runFigure.name,
    title: 'run: a mixed file to typed DuckDB tables',
    input: input.text,
    sides: [own!, alone!, ...(theirs === undefined ? [] : [theirs])],
    comparisons: [
      ...(theirs === undefined
        ? []
        : timesOurs(own!, theirs, { wall: atLeast(6), rss: atLeast(6), cpu: undefined })),
      ...timesOurs(own!, alone!, { wall: undefined, rss: undefined, cpu: undefined }),
    ],
    skipped: isMissing(peer) ? [peer] : [],
  };
}

/** Table names without what makers of names disagree about. */
function alike<T>(tables: ReadonlyMap<string, T>): ReadonlyMap<string, T> {
  return new Map([...tables].map(([table, content]) => [table.toLowerCase().replaceAll('_', ''), content]));
}

function logferryRun({ source, schemas, typeKey, hour }: MixedInput): Tool {
  return {
    name: 'logferry',
    version: LOGFERRY_VERSION,
    command: (output) => {
      const places = ['--source', `file:${source}`, '--staging', `file:${join(output, 'staging')}`];
      const what = ['--schemas', schemas, '--type-key', typeKey];
      return logferry(
        'run',
        hour,
        ...places,
        ...what,
        '--warehouse',
        `duckdb:${join(output, 'warehouse.duckdb')}`,
      );
    },
  };
}
