import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { writeHour, type GeneratedHour, type HourOptions } from '../../bench/generate/write-hour.ts';
import { fieldsOf, WIDE_TYPE } from '../../bench/generate/log-types.ts';
import { ByteView } from '../../workloads/core/bytes/byte-view.ts';
import { RowCheck } from '../../workloads/core/rows/row-check.ts';
import { readSchema } from '../../bench/peers/duckdb-sql.ts';
import { tempFolder } from '../support/temp.ts';

/** An hour of a few hundred lines. */
function makeHour(options: Partial<HourOptions> = {}): GeneratedHour {
  return writeHour(tempFolder(), { bytes: 400_000, ...options });
}

/** Lines of all its objects. */
const linesOf = ({ files }: GeneratedHour): string[] =>
  files.flatMap((file) => {
    const bytes = readFileSync(file);
    return (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString().trimEnd().split('\n');
  });

const typeOf = (line: string): string => (JSON.parse(line) as { log_type: string }).log_type;

const sha256 = (files: readonly string[]): string =>
  files.reduce((hash, file) => hash.update(readFileSync(file)), createHash('sha256')).digest('hex');

describe('bench: the generator', () => {
  it('writes the same bytes for the same options, and others for another seed', () => {
    assert.equal(sha256(makeHour().files), sha256(makeHour().files));
    assert.notEqual(sha256(makeHour().files), sha256(makeHour({ seed: 2 }).files));
  });

  it('knows bytes, lines and the lines of each type', () => {
    const hour = makeHour({ objects: 3 });
    const lines = linesOf(hour);
    assert.equal(hour.files.length, 3);
    assert.equal(hour.lines, lines.length);
    assert.equal(
      hour.bytes,
      lines.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0),
    );
    const byType = Map.groupBy(lines, typeOf);
    assert.deepEqual([...hour.raw.keys()].sort(), [...byType.keys()].sort());
    for (const [type, { lines: count, bytes }] of hour.raw) {
      const its = byType.get(type)!;
      assert.equal(count, its.length, type);
      assert.equal(
        bytes,
        its.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0),
        type,
      );
    }
  });

  it('repeats a block and still knows every line, also in one gzip member', () => {
    const hour = makeHour({ bytes: 800_000, blockBytes: 400_000, compression: 'gzip' });
    const text = linesOf(hour);
    assert.equal(text.length, hour.lines);
    assert.deepEqual(text.slice(0, text.length / 2), text.slice(text.length / 2));
    assert.equal(
      [...hour.raw.values()].reduce((sum, { lines }) => sum + lines, 0),
      hour.lines,
    );
  });

  it('has lines of 200 B to some 20 kB, with decoys of the type key and texts beyond ASCII', () => {
    const lines = linesOf(makeHour({ bytes: 4e6 }));
    const sizes = lines.map((line) => Buffer.byteLength(line)).sort((a, b) => a - b);
    const mean = sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
    assert.ok(mean > 600 && mean < 900, `mean ${mean}`);
    assert.ok(
      sizes[0]! < 250 && sizes.at(-1)! > 5_000 && sizes.at(-1)! < 40_000,
      `${sizes[0]} to ${sizes.at(-1)}`,
    );
    const some = (pattern: RegExp): boolean => lines.some((line) => pattern.test(line));
    for (const decoy of [
      /^\{"log_type":/,
      /^\{"(?!log_type)/,
      /"origin": ?\{[^}]*"log_type":"decoy"/,
      /\\"log_type\\":\\"decoy\\"/,
      /"context": ?\{"log_type":\{"log_type"/,
      /"log\\u005ftype":/,
      /"log_type": "/,
      /"\\u0065vent_/,
      /[가-힣]/,
      /🎮/u,
      /\\ud83d\\ude00/,
    ])
      assert.ok(some(decoy), String(decoy));
  });

  it('writes rows that fit the schema files beside them, one of them with 30 fields', () => {
    const hour = makeHour({ bytes: 1e6 });
    const wide = hour.logTypes.find(({ name }) => name === WIDE_TYPE)!;
    assert.equal(fieldsOf(wide), 30);
    assert.equal(readSchema(hour.schemas, WIDE_TYPE).fields.length, 30);
    const checks = new Map(
      [...hour.raw.keys()].map((type) => [type, new RowCheck(readSchema(hour.schemas, type))]),
    );
    for (const line of linesOf(hour)) {
      const bytes = Buffer.from(line);
      const { misfits } = checks.get(typeOf(line))!.check(new ByteView().inMemory(bytes, 0, bytes.length));
      assert.deepEqual(misfits, [], line);
    }
  });

  it('makes misfits, broken lines and doubled type keys only where they are asked for', () => {
    const shape = { misfits: 0.1, broken: 0.1, doubled: 0.1, contradicting: 0.1 };
    const hour = makeHour({ shape });
    const lines = linesOf(hour);
    const whole = lines.filter((line) => line.endsWith('}'));
    const near = (count: number): boolean => count > lines.length * 0.05 && count < lines.length * 0.15;
    assert.equal(hour.broken, lines.length - whole.length);
    assert.ok(near(hour.broken), `${hour.broken} broken`);
    assert.ok(near(lines.filter((line) => line.includes('"yesterday"')).length));
    const first = /^\{"log_type": ?"(\w+)"/;
    const contradicting = whole.filter((line) => first.exec(line)?.[1] === 'decoy');
    assert.ok(near(contradicting.length));
    // The last one counts, and that is what the summary says.
    assert.deepEqual(
      contradicting.filter((line) => typeOf(line) === 'decoy'),
      [],
    );
    assert.equal(hour.raw.get('decoy'), undefined);
  });

  it('names each schema file after its type', () => {
    const { schemas, logTypes } = makeHour({ types: 5 });
    assert.equal(logTypes.length, 5);
    for (const { name } of logTypes) assert.equal(basename(readSchema(schemas, name).table), name);
    assert.ok(readFileSync(join(schemas, `${WIDE_TYPE}.json`), 'utf8').includes('REQUIRED'));
  });
});
