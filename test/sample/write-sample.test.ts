import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { UsageError } from '../../workloads/core/errors.ts';
import type { Field } from '../../workloads/core/schema/log-type.ts';
import { loadSchemas, type SchemaSet } from '../../workloads/core/schema/schema-set.ts';
import {
  writeLateFile,
  writeSample,
  type SampleCounts,
  type SampleSummary,
} from '../../workloads/sample/write-sample.ts';

describe('writeSample', () => {
  let folder: string;
  let schemas: SchemaSet;
  let summary: SampleSummary;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'logferry-sample-'));
    schemas = await loadSchemas('schemas');
    summary = await writeSample({ folder });
  });

  after(() => rm(folder, { recursive: true }));

  it('promises exactly what a naive count over the files finds', async () => {
    for (const hour of summary.hours) {
      const counts = await countObjects(folder, hour.objects, schemas);
      const { lines, blank, rows, planted } = hour;
      assert.deepEqual(counts, { lines, blank, rows, planted });
      assert.equal(lines, 8_000);
    }
  });

  it('writes no file that it does not list', async () => {
    const listed = summary.hours.flatMap(({ objects }) => objects);
    assert.deepEqual(await filesBelow(folder), listed.sort());
  });

  it('writes the same bytes, with the same times, for the same seed, and others for another', async () => {
    const again = join(folder, 'again');
    const other = join(folder, 'other');
    try {
      assert.deepEqual(await writeSample({ folder: again }), summary);
      await writeSample({ folder: other, seed: 7 });
      for (const key of summary.hours.flatMap(({ objects }) => objects)) {
        const bytes = await readFile(join(folder, key));
        assert.ok(bytes.equals(await readFile(join(again, key))), key);
        assert.ok(!bytes.equals(await readFile(join(other, key))), key);
        assert.equal((await stat(join(folder, key))).mtimeMs, (await stat(join(again, key))).mtimeMs);
      }
    } finally {
      await rm(again, { recursive: true, force: true });
      await rm(other, { recursive: true, force: true });
    }
  });

  it('has rows of every type that has a schema, and an hour without one of them', () => {
    const types = new Set(summary.hours.flatMap(({ rows }) => Object.keys(rows)));
    assert.deepEqual([...types].sort(), schemas.typeNames);
    assert.deepEqual(
      summary.hours.map(({ rows }) => 'refund' in rows),
      [true, true, false],
    );
  });

  it('plants misfits below the share at which an hour fails, whatever the size', async () => {
    for (const linesPerHour of [200, 1_000, 3_001]) {
      const sizes = join(folder, 'sizes');
      const { hours } = await writeSample({ folder: sizes, linesPerHour });
      for (const hour of hours) {
        const { lines, blank, rows, planted } = hour;
        assert.deepEqual(await countObjects(sizes, hour.objects, schemas), { lines, blank, rows, planted });
        for (const [type, misfits] of Object.entries(planted.misfits))
          assert.ok(misfits <= rows[type]! * 0.05);
      }
      await rm(sizes, { recursive: true });
    }
  });

  it('holds every packing and every oddity of text that a source can have', async () => {
    const objects = await Promise.all(
      summary.hours.flatMap(({ objects }) => objects).map((key) => readFile(join(folder, key))),
    );
    const texts = objects.map((bytes) => unpack(bytes));
    assert.deepEqual(new Set(objects.map(packing)), new Set(['plain', 'gzip', 'zstd']));
    assert.equal(objects.filter((bytes) => gzipMembers(bytes) === 2).length, 2);
    assert.equal(texts.filter((text) => text.subarray(0, 3).toString('hex') === 'efbbbf').length, 1);
    assert.equal(texts.filter((text) => text.at(-1) !== 0x0a).length, 1);
    const crlf = texts.filter((text) => text.includes('\r\n'));
    assert.equal(crlf.length, 1);
    assert.equal(crlf[0]!.toString('latin1').replaceAll('\r\n', '').includes('\n'), false);
    const all = Buffer.concat(texts).toString();
    for (const sign of ['👨‍👩‍👧‍👦', '\\u', '"order\\/created"', ':1.10,', '"1.10"', '-0.0', '1E-5']) {
      assert.ok(all.includes(sign), sign);
    }
  });

  it('lets the first minutes of the next hour, and of the next Korean day, arrive in the folder before', async () => {
    const [first] = summary.hours;
    const times: string[] = [];
    for (const key of first!.objects) {
      const text = unpack(await readFile(join(folder, key))).toString();
      for (const [, ts] of text.matchAll(/"ts":(\d{13}),/g)) times.push(new Date(Number(ts)).toISOString());
    }
    times.sort();
    assert.match(times[0]!, /^2026-11-20T14:0[23]/);
    assert.match(times.at(-1)!, /^2026-11-20T15:0[23]/);
    assert.ok(times.some((time) => time.startsWith('2026-11-20T15:00:0')));
  });

  it('reports lines as they are written, up to all of them', async () => {
    const reports: number[] = [];
    const progress = join(folder, 'progress');
    await writeSample({
      folder: progress,
      linesPerHour: 1_200,
      onProgress: (done, total) => {
        assert.equal(total, 3_600);
        reports.push(done);
      },
    });
    await rm(progress, { recursive: true });
    assert.deepEqual(
      reports,
      reports.toSorted((a, b) => a - b),
    );
    assert.equal(reports.at(-1), 3_600);
  });

  it('refuses an hour that is too small to hold everything, and a seed past 32 bits', async () => {
    await assert.rejects(writeSample({ folder, linesPerHour: 199 }), UsageError);
    await assert.rejects(writeSample({ folder, linesPerHour: Number.NaN }), UsageError);
    await assert.rejects(writeSample({ folder, seed: 2 ** 31 }), UsageError);
  });
});

describe('writeLateFile', () => {
  it('drops one file of a few types into the middle hour, counted exactly', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'logferry-sample-'));
    try {
      const { key, hour, ...counts } = await writeLateFile({ folder });
      assert.equal(hour, '2026-11-20T15');
      assert.deepEqual(await filesBelow(folder), [key]);
      assert.deepEqual(await countObjects(folder, [key], await loadSchemas('schemas')), counts);
      assert.deepEqual(Object.keys(counts.rows).sort(), ['chat_message', 'purchase', 'session_end']);
      assert.deepEqual(await writeLateFile({ folder }), { key, hour, ...counts });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe('the schemas of the sample', () => {
  it('use every field type, every mode, every unit of time, and both answers to unknown keys', async () => {
    const { types } = await loadSchemas('schemas');
    const fields = types.flatMap((type) => withNested(type.fields));
    const all = 'STRING BYTES INTEGER FLOAT NUMERIC BOOLEAN TIMESTAMP DATE TIME DATETIME JSON RECORD';
    assert.deepEqual(new Set(fields.map(({ type }) => type)), new Set(all.split(' ')));
    assert.deepEqual(new Set(fields.map(({ mode }) => mode)), new Set(['NULLABLE', 'REQUIRED', 'REPEATED']));
    const units = types.flatMap(({ columns }) => columns).flatMap(({ unit }) => unit ?? []);
    assert.deepEqual(new Set(units), new Set(['s', 'ms', 'us']));
    assert.deepEqual(new Set(types.map(({ unknownFields }) => unknownFields)), new Set(['reject', 'keep']));
  });

  it('begin with the type key, and give every table the same three columns of time', async () => {
    for (const { table, fields, columns } of (await loadSchemas('schemas')).types) {
      const { name, type, mode } = fields[0]!;
      assert.deepEqual({ name, type, mode }, { name: 'log_type', type: 'STRING', mode: 'REQUIRED' }, table);
      const names = [...fields, ...columns].map((column) => column.name);
      for (const time of ['event_time', 'event_time_kst', 'event_day_kst'])
        assert.ok(names.includes(time), table);
    }
  });
});

/** Counts as somebody would who has never heard of the generator: decompress, split, parse, look. */
async function countObjects(
  folder: string,
  keys: readonly string[],
  schemas: SchemaSet,
): Promise<SampleCounts> {
  const rows: Record<string, number> = {};
  const misfits: Record<string, number> = {};
  const planted = { broken: 0, untyped: 0, unknownType: 0, misfits };
  let lines = 0;
  let blank = 0;
  for (const key of keys) {
    for (const bytes of linesOf(unpack(await readFile(join(folder, key))))) {
      lines++;
      if (bytes.toString('latin1').trim() === '') {
        blank++;
        continue;
      }
      const value = parse(bytes);
      if (!isRecord(value)) planted.broken++;
      else if (typeof value.log_type !== 'string') planted.untyped++;
      else {
        const type = schemas.get(value.log_type);
        if (type === undefined) planted.unknownType++;
        else {
          rows[type.type] = (rows[type.type] ?? 0) + 1;
          const fits = fitsRecord(value, type.fields, type.unknownFields === 'keep');
          if (!fits) misfits[type.type] = (misfits[type.type] ?? 0) + 1;
        }
      }
    }
  }
  return { lines, blank, rows, planted };
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });

function parse(line: Buffer): unknown {
  try {
    return JSON.parse(UTF8.decode(line));
  } catch {
    return undefined;
  }
}

function linesOf(text: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let start = 0; start < text.length;) {
    const end = text.indexOf(0x0a, start);
    lines.push(text.subarray(start, end < 0 ? text.length : end));
    start = end < 0 ? text.length : end + 1;
  }
  return lines;
}

function fitsRecord(row: Record<string, unknown>, fields: readonly Field[], keepUnknown: boolean): boolean {
  const known = new Set(fields.map(({ name }) => name));
  return (
    (keepUnknown || Object.keys(row).every((key) => known.has(key))) &&
    fields.every((field) => fitsField(row[field.name], field))
  );
}

function fitsField(value: unknown, field: Field): boolean {
  if (field.mode === 'REPEATED') {
    return value === undefined || (Array.isArray(value) && value.every((item) => fitsValue(item, field)));
  }
  if (value === undefined || value === null) return field.mode === 'NULLABLE';
  return fitsValue(value, field);
}

const DAY = String.raw`\d{4}-\d{2}-\d{2}`;
const CLOCK = String.raw`\d{2}:\d{2}:\d{2}(\.\d{1,6})?`;

/** The accepted values that the sample has to do with, not all that the row check knows. */
function fitsValue(value: unknown, field: Field): boolean {
  const matches = (pattern: string): boolean =>
    typeof value === 'string' && new RegExp(`^(?:${pattern})$`).test(value);
  const isDay = (): boolean => {
    const day = typeof value === 'string' ? value.slice(0, 10) : '';
    const time = Date.parse(`${day}T00:00:00Z`);
    return !Number.isNaN(time) && new Date(time).toISOString().startsWith(day);
  };
  switch (field.type) {
    case 'STRING':
      return typeof value === 'string' && value.isWellFormed();
    case 'BYTES':
      return matches('(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?');
    case 'INTEGER':
      return Number.isSafeInteger(value) || (matches('-?\\d{1,19}') && BigInt(String(value)) < 2n ** 63n);
    case 'FLOAT':
      return typeof value === 'number';
    case 'NUMERIC':
      return typeof value === 'number' || matches('-?\\d{1,29}(\\.\\d{1,9})?');
    case 'BOOLEAN':
      return typeof value === 'boolean';
    case 'TIMESTAMP':
      return matches(`${DAY}[T ]${CLOCK}(Z|[+-]\\d{2}:\\d{2}| UTC)`) && isDay();
    case 'DATE':
      return matches(DAY) && isDay();
    case 'DATETIME':
      return matches(`${DAY}[T ]${CLOCK}`) && isDay();
    case 'TIME':
      return matches(CLOCK);
    case 'JSON':
      return true;
    case 'RECORD':
      return isRecord(value) && fitsRecord(value, field.fields!, false);
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function packing(bytes: Buffer): 'plain' | 'gzip' | 'zstd' {
  if (bytes.readUInt16BE(0) === 0x1f8b) return 'gzip';
  return bytes.readUInt32BE(0) === 0x28b52ffd ? 'zstd' : 'plain';
}

function unpack(bytes: Buffer): Buffer {
  const kind = packing(bytes);
  if (kind === 'gzip') return gunzipSync(bytes);
  return kind === 'zstd' ? zstdDecompressSync(bytes) : bytes;
}

/** A member ends where the bytes up to there decompress, and the next one's header follows. */
function gzipMembers(bytes: Buffer): number {
  let members = packing(bytes) === 'gzip' ? 1 : 0;
  const header = Buffer.from([0x1f, 0x8b, 0x08, 0x00]);
  for (let at = bytes.indexOf(header, 1); at > 0; at = bytes.indexOf(header, at + 1)) {
    try {
      gunzipSync(bytes.subarray(0, at));
      members++;
    } catch {
      // The four bytes happened to stand inside the compressed data.
    }
  }
  return members;
}

function withNested(fields: readonly Field[]): Field[] {
  return fields.flatMap((field) => [field, ...withNested(field.fields ?? [])]);
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}
