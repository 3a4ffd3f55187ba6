import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { rowsOf } from '../../../workloads/adapters/duckdb/load.ts';
import { RowFiles } from '../../../workloads/adapters/duckdb/rows/row-files.ts';
import { duckdbType } from '../../../workloads/adapters/duckdb/types.ts';
import { ByteView } from '../../../workloads/core/bytes/byte-view.ts';
import type { Field, FieldType } from '../../../workloads/core/schema/log-type.ts';
import { Scratch } from '../../../workloads/core/scratch/scratch.ts';
import { tempFolder } from '../../support/temp.ts';

const digits = (count: number): string => '1234567890'.repeat(4).slice(0, count);
const nines = (count: number): string => '9'.repeat(count);
const signed = (texts: readonly string[]): string[] => texts.flatMap((text) => [text, `-${text}`]);

/** Texts at and around every border between two ways of counting, by type. */
const TEXTS: Readonly<Partial<Record<FieldType, readonly string[]>>> = {
  INTEGER: [
    '0',
    ...signed([
      '1',
      ...[31, 32, 52, 53, 62].flatMap((power) =>
        [-1n, 0n, 1n].map((step) => String(2n ** BigInt(power) + step)),
      ),
      ...[14, 15, 16, 17, 18].flatMap((count) => [digits(count), nines(count), `1${'0'.repeat(count - 1)}`]),
      '9223372036854775807',
      '1.0',
      '12.000',
    ]),
    '-9223372036854775808',
  ],
  FLOAT: [
    ...signed([
      '0',
      '0.0',
      '0.1',
      '0.3',
      '1.10',
      '123456.789',
      ...[14, 15, 16, 17, 20].flatMap((count) => [digits(count), `0.${digits(count)}`, `1.${digits(count)}`]),
      `${digits(7)}.${digits(8)}`,
      `${digits(8)}.${digits(8)}`,
      `0.${'0'.repeat(13)}1`,
      `0.${'0'.repeat(22)}1`,
      `0.${'0'.repeat(23)}1`,
      '9007199254740993',
      '5e-324',
      '2.2250738585072011e-308',
      '1.7976931348623157e308',
      '1E5',
      '1e+22',
      '1.5e-7',
    ]),
  ],
  NUMERIC: [
    '0',
    '0.000',
    ...signed([
      '0.000000001',
      '1',
      '1.10',
      '4194303.999999999',
      '4194304',
      '4294967.295999999',
      '4294967.296',
      '17592186044415.999999999',
      '17592186044416',
      ...[12, 13, 14, 15, 28, 29].flatMap((count) => [
        nines(count),
        `${nines(count)}.${nines(9)}`,
        `1${'0'.repeat(count - 1)}`,
        `${digits(count)}.${digits(9)}`,
      ]),
      ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map((scale) => `7.${digits(scale)}`),
      // 2^32, 2^64 and 2^96 billionths, where the lower words are all zero.
      '4.294967296',
      '18446744073.709551616',
      '79228162514264337593.543950336',
      '1.5e3',
      '15E-1',
      '1e28',
      '12.50e+2',
    ]),
  ],
  DATE: [
    '0001-01-01',
    '0001-12-31',
    '1582-10-15',
    '1900-02-28',
    '1900-03-01',
    '1969-12-31',
    '1970-01-01',
    '2000-02-29',
    '2000-12-31',
    '2024-02-29',
    '2024-03-01',
    '2100-02-28',
    '9999-12-31',
    ...Array.from({ length: 12 }, (_, month) => `2023-${String(month + 1).padStart(2, '0')}-28`),
  ],
  TIME: ['00:00:00', '23:59:59', '23:59:59.999999', '12:34:56.1', '12:34:56.000001', '01:02:03.120'],
  TIMESTAMP: [
    '0001-01-01T00:00:00Z',
    '9999-12-31 23:59:59.999999 UTC',
    '0001-01-02T00:00:00+14:00',
    '9999-12-30T23:59:59.5-14:00',
    '1684-07-28T00:12:25.259008Z',
    '1684-07-28T00:12:25.259009Z',
    '1684-07-28T00:12:27Z',
    '2255-06-05T23:47:32Z',
    '2255-06-05T23:47:34.740991Z',
    '2255-06-05T23:47:34.740992Z',
    '1969-12-31T23:59:59.999999Z',
    '2026-11-20T14:00:00+09:30',
    '2026-11-20 14:00:00.5-00:45',
    '2026-11-20T14:00:00',
  ],
  DATETIME: ['0001-01-01T00:00:00', '1969-12-31 23:59:59.9', '9999-12-31T23:59:59.999999'],
};

describe('values on their way into DuckDB', () => {
  const folder = tempFolder();
  let instance: DuckDBInstance;
  let connection: DuckDBConnection;
  before(async () => {
    instance = await DuckDBInstance.create(':memory:');
    connection = await instance.connect();
    await connection.run("ATTACH ':memory:' AS load_temp");
    await connection.run("SET TimeZone = 'UTC'");
  });
  after(() => {
    connection.closeSync();
    instance.closeSync();
  });

  for (const [type, texts] of Object.entries(TEXTS) as [FieldType, readonly string[]][]) {
    it(`${type}: what DuckDB makes of the text itself, at every border`, async () => {
      const field: Field = { name: 'x', type, mode: 'NULLABLE' };
      const scratch = await Scratch.create(folder);
      const files = new RowFiles(scratch, [field]);
      try {
        for (const text of texts) for (const json of spellings(type, text)) add(files, `{"x":${json}}`);
        files.end();
        await connection.run(
          `CREATE OR REPLACE VIEW load_temp.main."${type}" AS SELECT * FROM ${rowsOf(files)}`,
        );
        const stored = await connection.runAndReadAll(`SELECT x FROM load_temp.main."${type}"`);
        const cast = (text: string): string =>
          `SELECT CAST('${text.replace(/^(-?\d+)\.0+$/, type === 'INTEGER' ? '$1' : '$&')}' AS ${duckdbType(field)})`;
        const expected = await connection.runAndReadAll(
          texts.flatMap((text) => spellings(type, text).map(() => cast(text))).join(' UNION ALL '),
        );
        assert.deepEqual(
          stored.getRows().map(([value]) => value),
          expected.getRows().map(([value]) => value),
        );
      } finally {
        files.discard();
        await scratch.remove();
      }
    });
  }

  it('a folder whose name has every sign that DuckDB’s paths give a meaning to', async () => {
    const odd = await Scratch.create(folder);
    const place = join(odd.folder, "a[b]*c?{d}='e' %20 ~");
    mkdirSync(place);
    const scratch = await Scratch.create(place);
    const files = new RowFiles(scratch, [{ name: 'x', type: 'INTEGER', mode: 'NULLABLE' }]);
    add(files, '{"x":7}');
    files.end();
    await connection.run(`CREATE OR REPLACE VIEW load_temp.main.odd AS SELECT * FROM ${rowsOf(files)}`);
    const rows = await connection.runAndReadAll('SELECT * FROM load_temp.main.odd');
    assert.deepEqual(rows.columnNames(), ['x']);
    assert.deepEqual(rows.getRows(), [[7n]]);
    files.discard();
    await odd.remove();
  });
});

/** As JSON allows the text to stand: a number, in quotes, and in quotes with an escape. */
function spellings(type: FieldType, text: string): string[] {
  const escaped = `"\\u00${text.charCodeAt(0).toString(16)}${text.slice(1)}"`;
  const isNumber = type === 'INTEGER' || type === 'FLOAT' || type === 'NUMERIC';
  return [...(isNumber ? [text] : []), `"${text}"`, escaped];
}

function add(files: RowFiles, line: string): void {
  const bytes = Buffer.from(line);
  files.add(new ByteView().inMemory(bytes, 0, bytes.length));
}
