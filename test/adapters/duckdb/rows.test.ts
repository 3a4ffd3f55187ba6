import assert from 'node:assert/strict';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import fc from 'fast-check';
import { rowFilesOf, rowsOf } from '../../../workloads/adapters/duckdb/load.ts';
import { RowFiles } from '../../../workloads/adapters/duckdb/rows/row-files.ts';
import { giveBackWhole } from '../../../workloads/core/bytes/give-back.ts';
import { ByteView } from '../../../workloads/core/bytes/byte-view.ts';
import { ConservationError, TerminalError } from '../../../workloads/core/errors.ts';
import { RowCheck } from '../../../workloads/core/rows/row-check.ts';
import type { Field } from '../../../workloads/core/schema/log-type.ts';
import { Scratch } from '../../../workloads/core/scratch/scratch.ts';
import { directoryBench } from '../../contract/directory-bench.ts';
import { storedRows } from '../../contract/duckdb-values.ts';
import { fieldLists, record } from '../../contract/generated-rows.ts';
import { typeOf, type StoredRow } from '../../contract/warehouse-bench.ts';
import { tempFolder } from '../../support/temp.ts';

/** Enough that every type meets every place in most runs; each batch is one load. */
const SCHEMAS = 30;
const ROWS = 40;
const MIB = 1024 * 1024;

describe('rows on their way into DuckDB', () => {
  const folder = tempFolder();
  let instance: DuckDBInstance;
  let connection: DuckDBConnection;
  let loads = 0;
  let filesLeft: readonly string[] = [];

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

  async function loaded(
    fields: readonly Field[],
    lines: readonly string[],
    checked = lines.length,
  ): Promise<StoredRow[]> {
    const { store, put } = await directoryBench(join(folder, 'staging'));
    const scratch = await Scratch.create(folder);
    const key = `part-${loads++}`;
    await put(key, Buffer.from(lines.join('\n')));
    try {
      const files = await rowFilesOf(scratch, {
        jobId: key,
        temp: key,
        fields,
        store,
        objects: [{ key, rows: checked }],
        labels: {},
      });
      assert.equal(files.rows, lines.length);
      const rows = await storedRows(connection, `SELECT * FROM ${rowsOf(files)}`);
      files.discard();
      return rows;
    } finally {
      filesLeft = readdirSync(scratch.folder);
      await scratch.remove();
    }
  }

  it('a full disk on the way is told as what it is, for it is none of the object’s', async () => {
    const { store, put } = await directoryBench(join(folder, 'staging'));
    await put('large', Buffer.from(`{"a":"${'x'.repeat(20_000)}"}\n`));
    const scratch = await Scratch.create(folder, 10_000);
    const fields: Field[] = [{ name: 'a', type: 'STRING', mode: 'NULLABLE' }];
    const job = {
      jobId: 'large',
      temp: 'large',
      fields,
      store,
      objects: [{ key: 'large', rows: 1 }],
      labels: {},
    };
    await assert.rejects(rowFilesOf(scratch, job), { name: 'ScratchFullError' });
    assert.deepEqual(readdirSync(scratch.folder), []);
    await scratch.remove();
  });

  it('any accepted row of any schema is stored with exactly its values', async () => {
    const batches = fieldLists().chain((fields) =>
      fc.tuple(fc.constant(fields), fc.array(record(fields), { minLength: ROWS, maxLength: ROWS })),
    );
    await fc.assert(
      fc.asyncProperty(batches, async ([fields, rows]) => {
        assertAccepted(
          fields,
          rows.map(({ text }) => text),
        );
        const stored = await loaded(
          fields,
          rows.map(({ text }) => text),
        );
        stored.forEach((row, index) => assert.deepEqual(row, rows[index]!.stored, rows[index]!.text));
      }),
      { numRuns: SCHEMAS },
    );
  });

  it('keys that no field lists are passed over; one that comes twice never passed the row check', async () => {
    const fields: Field[] = [{ name: 'a', type: 'STRING', mode: 'NULLABLE' }];
    const line = '{"b":{"a":"no"},"\\u0061":"yes","c":[{"a":"}]"}]}';
    assert.deepEqual(await loaded(fields, [line]), [{ a: 'yes' }]);
    await assert.rejects(loaded(fields, ['{"a":"first","\\u0061":"last"}']), /expected each key once/);
  });

  it('STRINGs of every length around those that are copied by words, plain and with an escape at their end', async () => {
    const fields: Field[] = [{ name: 's', type: 'STRING', mode: 'NULLABLE' }];
    for (const [end, meant] of [
      ['', ''],
      ['\\n', '\n'],
      ['\\ud83d\\ude00', '😀'],
      ['\\uac00', '가'],
      ['가', '가'],
    ] as const) {
      const texts = Array.from({ length: 600 }, (_, length) =>
        Array.from({ length }, (_, at) => String.fromCharCode(0x23 + ((at + length) % 50))).join(''),
      );
      const rows = await loaded(
        fields,
        texts.map((text) => `{"s":"${text}${end}"}`),
      );
      assert.deepEqual(
        rows,
        texts.map((text) => ({ s: text + meant })),
      );
    }
  });

  it('a row that is cut off is not made whole by what lies behind it in memory', async () => {
    const fields: Field[] = [
      { name: 's', type: 'STRING', mode: 'NULLABLE' },
      { name: 'n', type: 'INTEGER', mode: 'NULLABLE' },
    ];
    const scratch = await Scratch.create(folder);
    for (const whole of ['{"s":"abc"}', '{"n":123}', '{"s":"abc","n":null}', '{"x":[1,{"y":2}]}', '{}']) {
      const bytes = Buffer.from(`${whole}\n`);
      for (let end = 1; end < whole.length; end++) {
        const files = new RowFiles(scratch, fields);
        assert.throws(
          () => files.add(new ByteView().inMemory(bytes, 0, end)),
          /does not fit its schema/,
          whole.slice(0, end),
        );
        files.discard();
      }
      const files = new RowFiles(scratch, fields);
      files.add(new ByteView().inMemory(bytes, 0, whole.length));
      files.discard();
    }
    await scratch.remove();
  });

  it('a schema of one column, whatever its name, and rows that say nothing', async () => {
    for (const name of ['json', 'column0', 'a']) {
      const fields: Field[] = [{ name, type: 'INTEGER', mode: 'NULLABLE' }];
      assert.deepEqual(await loaded(fields, ['{}', `{"${name}":1}`, ' { } ']), [
        { [name]: null },
        { [name]: 1n },
        { [name]: null },
      ]);
    }
  });

  it('JSON as deep as BigQuery allows, and a number of 15 digits at every level', async () => {
    const fields: Field[] = [{ name: 'j', type: 'JSON', mode: 'NULLABLE' }];
    const deep = `${'['.repeat(498)}999999999999999${']'.repeat(498)}`;
    const [row] = await loaded(fields, [`{"j":${deep}}`]);
    assert.equal(
      JSON.stringify(row!.j, (_key, value: unknown) => (typeof value === 'bigint' ? Number(value) : value)),
      deep,
    );
  });

  it('BYTES of any length, some MB too, plain and with every slash escaped', async () => {
    const fields: Field[] = [{ name: 'b', type: 'BYTES', mode: 'NULLABLE' }];
    const lengths = [0, 1, 2, 3, 12_286, 12_287, 12_288, 12_289, 24_576, 65_535, 65_536, 65_537, 1_500_001];
    for (const escape of [(text: string) => text, (text: string) => text.replaceAll('/', '\\/')]) {
      // Every value of a byte; 255s make slashes side by side, also where a piece ends.
      const values = lengths.flatMap((length) => [
        Buffer.alloc(length, Buffer.from(Array.from({ length: 257 }, (_, at) => at % 256))),
        Buffer.alloc(length, 0xff),
      ]);
      const lines = values.map((bytes) => `{"b":"${escape(bytes.toString('base64'))}"}`);
      assertAccepted(fields, lines);
      const rows = await loaded(fields, lines);
      values.forEach((bytes, index) =>
        assert.ok(rows[index]!.b === bytes.toString('base64'), `value ${index} of ${bytes.length} bytes`),
      );
    }
  });

  it('places without a value in every rhythm, and lists of every length, in rows, records and lists of records', async () => {
    const leaf = (name: string): Field => ({ name, type: 'INTEGER', mode: 'NULLABLE' });
    const list = (name: string): Field => ({ name, type: 'INTEGER', mode: 'REPEATED' });
    const fields: Field[] = [
      leaf('a'),
      list('l'),
      { name: 'b', type: 'BOOLEAN', mode: 'NULLABLE' },
      { name: 'r', type: 'RECORD', mode: 'NULLABLE', fields: [leaf('a'), list('l')] },
      { name: 'rs', type: 'RECORD', mode: 'REPEATED', fields: [leaf('a'), list('l')] },
    ];
    const rows = Array.from({ length: 3_000 }, (_, n) => {
      // Runs of 1, 2, 3 ... rows with and without: around the eight from which on runs are stored as such.
      const run = Math.floor(Math.sqrt(n % 1_000));
      const has = run % 2 === 0;
      const l = Array.from({ length: run % 11 }, (_, at) => BigInt(n + at));
      const a = has ? BigInt(n) : null;
      return {
        a,
        l,
        b: has ? n % 3 === 0 : null,
        r: run % 3 === 0 ? null : { a, l },
        rs: l.map((each) => ({ a, l: each % 2n === 0n ? l : [] })),
      };
    });
    const lines = rows.map((row) =>
      JSON.stringify(row, (_key, value: unknown) => (typeof value === 'bigint' ? Number(value) : value)),
    );
    assertAccepted(fields, lines);
    assert.deepEqual(await loaded(fields, lines), rows);
  });

  it('rows of many row groups and files, in their order; the disk is given back', async () => {
    const fields: Field[] = [{ name: 's', type: 'STRING', mode: 'NULLABLE' }];
    const scratch = await Scratch.create(folder, 1_000_000);
    const files = new RowFiles(scratch, fields, { groupBytes: 100, groupEntries: 99, fileChunks: 2 });
    const rows = Array.from({ length: 9 }, (_, n) => ({ s: String(n).repeat(n * 20) }));
    for (const row of rows) {
      const bytes = Buffer.from(` ${JSON.stringify(row)}`);
      files.add(new ByteView().inMemory(bytes, 1, bytes.length));
    }
    files.end();
    assert.equal(files.rows, 9);
    // Rows of less than 100 bytes share the first group: 0 to 2, then one each.
    assert.equal(files.paths().length, 4);
    assert.equal(
      files.held,
      files.paths().reduce((sum, path) => sum + statSync(path).size, 0),
    );
    assert.deepEqual(await storedRows(connection, `SELECT * FROM ${rowsOf(files)}`), rows);
    files.discard();
    assert.deepEqual(readdirSync(scratch.folder), []);
    await scratch.remove();
  });

  it('sparse rows of a wide type: a group ends by the places in its columns, a file by what its footer lists', async () => {
    const fields = Array.from({ length: 5 }, (_, n): Field => ({
      name: `f${n}`,
      type: 'STRING',
      mode: 'NULLABLE',
    }));
    const scratch = await Scratch.create(folder);
    const files = new RowFiles(scratch, fields, { groupBytes: 1_000, groupEntries: 15, fileChunks: 10 });
    const bytes = Buffer.from('{"f1":"x"}');
    for (let n = 0; n < 10; n++) files.add(new ByteView().inMemory(bytes, 0, bytes.length));
    files.end();
    // Three rows a group, two groups a file: 3 + 3, 3 + 1.
    assert.equal(files.paths().length, 2);
    assert.deepEqual(
      await storedRows(connection, `SELECT * FROM ${rowsOf(files)}`),
      Array.from({ length: 10 }, () => ({ f0: null, f1: 'x', f2: null, f3: null, f4: null })),
    );
    files.discard();
    await scratch.remove();
  });

  it('rows with lists of records: a group ends by the places within the lists, too', async () => {
    const leaf = (name: string): Field => ({ name, type: 'STRING', mode: 'NULLABLE' });
    const list = (name: string, fields: readonly Field[]): Field => ({
      name,
      type: 'RECORD',
      mode: 'REPEATED',
      fields,
    });
    const fields = [leaf('s'), list('outer', [leaf('a'), leaf('b'), list('inner', [leaf('c'), leaf('d')])])];
    const scratch = await Scratch.create(folder);
    const files = new RowFiles(scratch, fields, { groupBytes: 10_000, groupEntries: 20, fileChunks: 10_000 });
    // One place in `s`; and in each of the four other columns one for no element or the first, and one for each further one.
    const sparse = '{}';
    const outer = `{"outer":[${Array.from({ length: 3 }, () => '{}').join(',')}]}`;
    const inner = '{"outer":[{"inner":[{},{}]},{"inner":[{},{},{}]}]}';
    // Places 5, 10, 15, 20; 13, 18; 5 + 4 + 2 + 4 = 15, 20; 15, 30: what a row's lists hold is known behind it.
    const lines = [sparse, sparse, sparse, sparse, outer, sparse, inner, sparse, inner, inner];
    for (const line of lines) {
      const bytes = Buffer.from(line);
      files.add(new ByteView().inMemory(bytes, 0, bytes.length));
    }
    files.end();
    const [path] = files.paths();
    const groups = await connection.runAndReadAll(
      `SELECT row_group_num_rows FROM parquet_metadata('${path!}') WHERE path_in_schema = 's' ORDER BY row_group_id`,
    );
    assert.deepEqual(groups.getRows().flat(), [4n, 2n, 2n, 2n]);
    files.discard();
    await scratch.remove();
  });

  it('lists of nearly nothing in many columns take some MiB, and give them back at once', async () => {
    const members = Array.from({ length: 100 }, (_, n): Field => ({
      name: `f${n}`,
      type: 'STRING',
      mode: 'NULLABLE',
    }));
    const scratch = await Scratch.create(folder);
    const held = (): number => process.memoryUsage().arrayBuffers / MIB;
    const before = held();
    const files = new RowFiles(scratch, [{ name: 'l', type: 'RECORD', mode: 'REPEATED', fields: members }]);
    const bytes = Buffer.from(`{"l":[${Array.from({ length: 1_000 }, () => '{}').join(',')}]}`);
    const view = new ByteView().inMemory(bytes, 0, bytes.length);
    let most = 0;
    // 100,000 places a row, of a byte in each of two levels.
    for (let n = 0; n < 100; n++) {
      files.add(view);
      most = Math.max(most, held() - before);
    }
    files.end();
    const after = held() - before;
    files.discard();
    await scratch.remove();
    assert.ok(most <= 8, `at most ${most} MiB`);
    assert.ok(after <= 2, `${after} MiB behind the end`);
  });

  it('more rows in one group than a column has room for at first', async () => {
    const fields: Field[] = [{ name: 'n', type: 'INTEGER', mode: 'NULLABLE' }];
    const lines = Array.from({ length: 70_000 }, (_, n) => `{"n":${n}}`);
    const rows = await loaded(fields, lines);
    assert.equal(rows.length, 70_000);
    assert.ok(rows.every(({ n }, index) => n === BigInt(index)));
  });

  it('long values in one column after the other: none of them keeps the room that it needed', async () => {
    const fields = Array.from({ length: 40 }, (_, n): Field => ({
      name: `f${n}`,
      type: 'STRING',
      mode: 'NULLABLE',
    }));
    const scratch = await Scratch.create(folder);
    const held = (): number => process.memoryUsage().arrayBuffers / MIB;
    const before = held();
    const files = new RowFiles(scratch, fields, { groupBytes: 1, groupEntries: 99, fileChunks: 10_000 });
    const text = 'x'.repeat(900 * 1024);
    for (const { name } of fields) {
      const bytes = Buffer.from(`{"${name}":"${text}"}`);
      files.add(new ByteView().inMemory(bytes, 0, bytes.length));
      giveBackWhole(bytes);
    }
    const most = held() - before;
    files.end();
    files.discard();
    await scratch.remove();
    assert.ok(most <= 8, `${most} MiB`);
  });

  it('a disk that is full -> TerminalError, and nothing stays on it', async () => {
    const scratch = await Scratch.create(folder, 400_000);
    const files = new RowFiles(scratch, [{ name: 's', type: 'STRING', mode: 'NULLABLE' }], {
      groupBytes: 1,
      groupEntries: 99,
      fileChunks: 9,
    });
    const bytes = Buffer.from(JSON.stringify({ s: 'x'.repeat(300_000) }));
    const row = new ByteView().inMemory(bytes, 0, bytes.length);
    assert.throws(
      () => {
        for (let n = 0; n < 3; n++) files.add(row);
      },
      (error) => error instanceof TerminalError && error.message.includes(scratch.folder),
    );
    files.discard();
    assert.deepEqual(readdirSync(scratch.folder), []);
    scratch.claim(350_000);
    await scratch.remove();
  });

  it('an object that has other rows than were checked -> ConservationError with both figures', async () => {
    const fields: Field[] = [{ name: 'a', type: 'INTEGER', mode: 'NULLABLE' }];
    for (const checked of [1, 3]) {
      await assert.rejects(loaded(fields, ['{"a":1}', '{"a":2}'], checked), (error) => {
        assert.ok(error instanceof ConservationError, String(error));
        assert.ok(error.message.endsWith(`expected ${checked} rows, found 2`), error.message);
        return true;
      });
      assert.deepEqual(filesLeft, []);
    }
  });

  it('a row that is no JSON any more -> an error that names the object, and no row of it', async () => {
    const fields: Field[] = [{ name: 'a', type: 'INTEGER', mode: 'NULLABLE' }];
    for (const line of ['{"a":1', 'nothing', '{"a":"x"}']) {
      await assert.rejects(
        loaded(fields, ['{"a":1}', line]),
        (error) => error instanceof Error && error.name === 'TerminalError' && /part-\d+/.test(error.message),
      );
      assert.deepEqual(filesLeft, []);
    }
  });
});

function assertAccepted(fields: readonly Field[], lines: readonly string[]): void {
  const check = new RowCheck({ ...typeOf('any', []), fields });
  for (const line of lines) {
    const bytes = Buffer.from(line);
    assert.deepEqual(check.check(new ByteView().inMemory(bytes, 0, bytes.length)).misfits, [], line);
  }
}
