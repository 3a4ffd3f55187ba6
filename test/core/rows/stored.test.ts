import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import fc, { type GeneratorValue } from 'fast-check';
import type { LogType } from '../../../workloads/core/schema/log-type.ts';
import { referenceMisfits } from '../../support/reference-check.ts';
import { Road, type SchemaFiles } from '../../support/road.ts';
import { expectedRow, parseExactly, withJsonParsed, withStored } from '../../support/stored-rows.ts';
import { tempFolder } from '../../support/temp.ts';
import { FORMS } from './forms.ts';
import { randomRow, randomSchema } from './random-rows.ts';
import { logTypeOf } from './verdict.ts';

const HOUR = '2026-11-20T14';
const TYPES = 16;
const ROWS = 60;

interface Sample {
  readonly schema: object;
  readonly logType: LogType;
  readonly rows: readonly string[];
}

function sampleOf(gen: GeneratorValue, table: string): Sample {
  const { fields, ...more } = randomSchema(gen);
  const own = [
    { name: 'log_type', type: 'STRING' as const, mode: 'REQUIRED' as const },
    { name: 'row_id', type: 'INTEGER' as const, mode: 'REQUIRED' as const },
  ];
  const schema = { ...more, fields: [...own, ...fields] };
  const logType = logTypeOf(schema.fields, more);
  const rows = Array.from({ length: ROWS }, (_, id) => {
    const row = randomRow(gen, logTypeOf(fields, more));
    return `{"log_type":"${table}","row_id":${id}${row === '{}' ? '' : ','}${row.slice(1)}`;
  });
  return { schema, logType, rows: rows.filter((row) => referenceMisfits(logType, row).length === 0) };
}

describe('accepted rows', () => {
  const folder = tempFolder();

  it('are stored as they are, to the last digit: every form that is accepted', async () => {
    await loadAndCompare(samplesOfForms());
  });

  it('are stored as they are, to the last digit: random rows of random schemas', async () => {
    await fc.assert(
      fc.asyncProperty(fc.gen(), (gen) =>
        loadAndCompare(
          new Map(Array.from({ length: TYPES }, (_, index) => [`t${index}`, sampleOf(gen, `t${index}`)])),
        ),
      ),
      { numRuns: 1, endOnFailure: true },
    );
  });

  async function loadAndCompare(samples: ReadonlyMap<string, Sample>): Promise<void> {
    const schemas: SchemaFiles = Object.fromEntries(
      [...samples].map(([table, { schema }]) => [table, schema]),
    );
    const road = new Road(mkdtempSync(join(folder, 'road-')), schemas);
    road.put(HOUR, 'a.json', [...samples.values()].flatMap(({ rows }) => rows).join('\n'));
    const { code, report, stderr } = await road.run(HOUR);
    assert.equal(code, 0, stderr);
    assert.equal(report.conserved, true);
    await withStored(join(road.folder, 'wh.duckdb'), async (read) => {
      for (const [table, { logType, rows }] of samples)
        assertStored(await read(table, 'row_id'), logType, rows);
    });
  }
});

/** One type for each type of field, and one row for each form that it accepts. */
function samplesOfForms(): Map<string, Sample> {
  return new Map(
    FORMS.map(({ type, coerce, accepted }, index) => {
      const table = `f${index}`;
      const fields = [
        { name: 'log_type', type: 'STRING' },
        { name: 'row_id', type: 'INTEGER' },
        { name: 'x', type, ...(coerce ? { coerce } : {}) },
      ];
      const rows = accepted.map((value, id) => `{"log_type":"${table}","row_id":${id},"x":${value}}`);
      return [table, { schema: { fields }, logType: logTypeOf(fields), rows }];
    }),
  );
}

function assertStored(
  stored: Map<string, Record<string, unknown>>,
  { fields, columns, unknownFields }: LogType,
  rows: readonly string[],
): void {
  assert.equal(stored.size, rows.length);
  for (const text of rows) {
    const source = parseExactly(text) as Record<string, unknown>;
    const row = stored.get(String(source.row_id).slice(1))!;
    assert.deepEqual(
      withJsonParsed(fields, row),
      expectedRow(fields, source),
      `${JSON.stringify(fields)}\n${text}`,
    );
    if (unknownFields === 'keep')
      assertKept(
        row.unknown_fields,
        source,
        fields.map(({ name }) => name),
      );
    for (const { name, from, unit } of columns) {
      const units = { s: 1_000_000n, ms: 1_000n, us: 1n };
      if (unit === undefined) continue;
      const value = row[from] as bigint | null;
      assert.equal(row[name], value === null ? null : value * units[unit], name);
    }
  }
}

/** The members that no field lists, at the top level; those inside RECORDs have a dot in their key. */
function assertKept(kept: unknown, source: Record<string, unknown>, listed: readonly string[]): void {
  const unlisted = Object.entries(source).filter(([key]) => !listed.includes(key));
  const parsed = kept === null ? {} : (parseExactly(kept as string) as Record<string, unknown>);
  for (const [key, value] of unlisted) assert.deepEqual(parsed[key], value, key);
  if (unlisted.length === 0)
    assert.ok(
      Object.keys(parsed).every((key) => key.includes('.')),
      JSON.stringify(parsed),
    );
}
