import assert from 'node:assert/strict';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { TypeScanner } from '../../workloads/classifier/type-scanner.ts';
import { ByteView } from '../../workloads/core/bytes/byte-view.ts';
import { HourBench, lineOf } from '../support/hour-bench.ts';
import { tempFolder } from '../support/temp.ts';

const TYPES = ['a', 'b', '구매', 'order/created'];
const KEY = 'log_type';

/** Lines of every kind: typed, blank, broken, arbitrary bytes. */
const anyLine = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.constantFrom(...TYPES), fc.json())
      .map(([type, x]) => Buffer.from(`{"x":${x},"log_type":${JSON.stringify(type)}}`)),
  },
  fc.constantFrom('', ' \t', '\r', '{}', '[]', '{"log_type":1}', '\uFEFF').map((text) => Buffer.from(text)),
  fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
  fc.string({ maxLength: 20 }).map((text) => Buffer.from(lineOf('a', { text }))),
);
const anyObject = fc
  .tuple(fc.array(fc.tuple(anyLine, fc.constantFrom('\n', '\r\n')), { maxLength: 12 }), anyLine)
  .map(([lines, last]) => Buffer.concat([...lines.flatMap(([line, end]) => [line, Buffer.from(end)]), last]));

/** What the design says of an object's lines, in the plainest way. */
function plainLines(object: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let rest = object; rest.length > 0;) {
    const end = rest.indexOf(0x0a);
    let line = end < 0 ? rest : rest.subarray(0, end);
    rest = end < 0 ? Buffer.alloc(0) : rest.subarray(end + 1);
    if (line.at(-1) === 0x0d) line = line.subarray(0, -1);
    if (lines.length === 0 && line.indexOf('\uFEFF') === 0) line = line.subarray(3);
    lines.push(line);
  }
  return lines;
}

describe('properties of a classification', () => {
  /** A magic number would make other bytes of it. */
  const isPlain = (object: Buffer): boolean =>
    !(object[0] === 0x1f && object[1] === 0x8b) &&
    object.readUIntLE(0, Math.min(object.length, 3) || 1) !== 0x2fb528;

  it('any objects: lines = staged + quarantined + blank, each line is in one place, staged parts are the source lines in order, whatever the compression', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyObject, { minLength: 1, maxLength: 3 }),
        fc.integer({ min: 1, max: 200 }),
        async (objects, partBytes) => {
          fc.pre(objects.every((object) => object.length === 0 || isPlain(object)));
          const results = [];
          for (const encode of [(b: Buffer) => b, (b: Buffer) => gzipSync(b), zstdTwice]) {
            const hour = new HourBench(tempFolder(), ...TYPES);
            objects.forEach((object, index) => hour.put(`${index}.json`, encode(object)));
            const { manifest } = await hour.classify({ partBytes, compression: { kind: 'none', level: 1 } });
            const { lines, blank, staged, quarantined } = manifest;
            const parts = TYPES.map((type) => hour.staged(manifest, type));
            const aside = hour.quarantined(manifest).map(({ object, line, raw, reason }) => ({
              object,
              line,
              reason,
              raw: raw.toString('latin1'),
            }));
            results.push({ lines, blank, staged, quarantined, parts, aside });
          }
          const [plain, gzip, zstd] = results;
          assert.deepEqual(gzip, plain);
          assert.deepEqual(zstd, plain);
          const source = objects.flatMap(plainLines);
          const { lines, blank, staged, quarantined, parts, aside } = plain!;
          assert.equal(lines, source.length);
          assert.equal(lines, staged + quarantined + blank);
          const isBlank = (line: Buffer): boolean =>
            line.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d);
          assert.equal(blank, source.filter(isBlank).length);
          const fates = source.filter((line) => !isBlank(line)).map((line) => line.toString('latin1'));
          const next = new Map(
            TYPES.map((type, index) => [type, parts[index]!.toString('latin1').split('\n')]),
          );
          for (const line of fates) {
            if (aside[0]?.raw === line) aside.shift();
            else {
              const type = (JSON.parse(Buffer.from(line, 'latin1').toString()) as Record<string, string>)[
                KEY
              ]!;
              assert.equal(next.get(type)!.shift(), line);
            }
          }
          assert.deepEqual([aside, [...next.values()]], [[], TYPES.map(() => [''])]);
        },
      ),
      { numRuns: 25 },
    );
  });
});

function zstdTwice(object: Buffer): Buffer {
  const half = object.length >> 1;
  return Buffer.concat([zstdCompressSync(object.subarray(0, half)), zstdCompressSync(object.subarray(half))]);
}

/** JSON text of an object with wild keys, escapes and doubled keys, which JSON.stringify alone would never write. */
const escaped = (text: string, how: readonly number[]): string =>
  `"${Array.from({ length: text.length }, (_, at) =>
    how[at % how.length] === 0
      ? `\\u${text.charCodeAt(at).toString(16).padStart(4, '0')}`
      : JSON.stringify(text[at]).slice(1, -1),
  ).join('')}"`;
const how = fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 4 });
const space = fc.constantFrom('', ' ', '\t', '  ', '\r');
const spelled = (texts: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.tuple(texts, how).map(([text, way]) => escaped(text, way));
const keyText = fc.oneof(
  fc.constant(KEY),
  fc.constantFrom('__proto__', '', 'log_typ', 'log_type2', '"', '\\', 'x'),
  fc.string(),
);
const valueText = fc.oneof(
  spelled(fc.constantFrom(...TYPES)),
  spelled(fc.string()),
  fc.json(),
  fc.constantFrom('-0', '1e400', '{"log_type":"a"}', '["}"]'),
);
const member = fc
  .tuple(space, spelled(keyText), space, space, valueText, space)
  .map(([a, key, b, c, value, d]) => `${a}${key}${b}:${c}${value}${d}`);
const objectText = fc
  .tuple(space, fc.array(member, { maxLength: 6 }), space)
  .map(([a, members, b]) => `${a}{${members.join(',')}}${b}`);

function reference(text: string): string {
  const value: unknown = JSON.parse(text);
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return 'not_object';
  if (!Object.hasOwn(value, KEY)) return 'no_type';
  const type = (value as Record<string, unknown>)[KEY];
  if (typeof type !== 'string') return 'type_not_string';
  return TYPES.includes(type) ? type : 'unknown_type';
}

describe('the type scanner', () => {
  const scanner = new TypeScanner(KEY, TYPES);
  const scan = (bytes: Buffer): string => {
    const padded = Buffer.concat([Buffer.from('}"'), bytes, Buffer.from('"}')]);
    const verdict = scanner.scan(new ByteView().inMemory(padded, 2, 2 + bytes.length));
    return 'reason' in verdict ? verdict.reason : verdict.type;
  };

  it('agrees with JSON.parse on every valid line: wild keys, escapes, duplicates', () => {
    fc.assert(
      fc.property(objectText, (text) => {
        assert.equal(scan(Buffer.from(text)), reference(text));
      }),
      { numRuns: 3_000 },
    );
  });

  it('any JSON value that is no object is not_object', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        assert.equal(scan(Buffer.from(text)), reference(text));
      }),
    );
  });

  it('never throws and never reads past the line: any bytes, and any valid line cut off or with a byte changed', () => {
    const anyBytes = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      fc
        .string({ unit: fc.constantFrom('{', '}', '[', ']', '"', ':', ',', '\\', 'a', '1', ' ') })
        .map((text) => Buffer.from(text)),
    );
    fc.assert(fc.property(anyBytes, (bytes) => void scan(Buffer.from(bytes))));
    fc.assert(
      fc.property(objectText, fc.nat(), (text, at) => {
        const bytes = Buffer.from(text.trim());
        assert.equal(scan(bytes.subarray(0, at % bytes.length)), 'not_object');
      }),
      { numRuns: 1_000 },
    );
  });
});
