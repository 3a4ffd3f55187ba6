import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { differences, LineSum, total, type Lines } from '../../bench/equality/multiset.ts';
import { fileType, partitionType, readTypedLines, stagedType } from '../../bench/equality/read-output.ts';
import { tableDifferences } from '../../bench/equality/tables.ts';
import { tempFolder } from '../support/temp.ts';

function sumOf(lines: readonly string[]): Lines {
  const sum = new LineSum();
  for (const line of lines) sum.add(Buffer.from(line));
  return sum.sum;
}

/** A folder with files by their paths. */
function folderOf(files: Readonly<Record<string, string | Buffer>>): string {
  const folder = tempFolder();
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

describe('bench: equality of outputs', () => {
  const lines = ['{"a":1}', '{"a":2}', '{"a":2}', '{"b":"x"}'];
  const of = (found: readonly string[]): string[] =>
    differences(new Map([['t', sumOf(lines)]]), new Map([['t', sumOf(found)]]));

  it('takes the same lines in any order, and nothing else', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', 'b', 'c', 'dd')),
        fc.array(fc.constantFrom('a', 'b', 'c', 'dd')),
        (a, b) => {
          const equal = differences(new Map([['t', sumOf(a)]]), new Map([['t', sumOf(b)]])).length === 0;
          assert.equal(equal, a.toSorted().join() === b.toSorted().join());
        },
      ),
    );
    assert.deepEqual(of(lines.toReversed()), []);
  });

  it('names the type and the counts of what was lost or doubled', () => {
    assert.deepEqual(of(lines.slice(1)), ['t: expected 4 lines of 34 bytes, found 3 lines of 26 bytes']);
    assert.deepEqual(of([...lines, lines[0]!]), [
      't: expected 4 lines of 34 bytes, found 5 lines of 42 bytes',
    ]);
  });

  it('sees a changed line, and one that took the place of another', () => {
    const other = ['t: 4 lines of 34 bytes, as expected, but other lines'];
    assert.deepEqual(of(['{"a":3}', ...lines.slice(1)]), other);
    assert.deepEqual(of(['{"a":1}', '{"a":1}', '{"a":2}', '{"b":"x"}']), other);
    // An exclusive or would not see that two equal lines became two others.
    assert.deepEqual(of(['{"a":1}', '{"a":3}', '{"a":3}', '{"b":"x"}']), other);
  });

  it('sees a line under another type, a type too many and one too few', () => {
    const expected = new Map([
      ['a', sumOf(['1', '2'])],
      ['b', sumOf(['3'])],
    ]);
    assert.deepEqual(
      differences(
        expected,
        new Map([
          ['a', sumOf(['1'])],
          ['b', sumOf(['3', '2'])],
        ]),
      ),
      [
        'a: expected 2 lines of 4 bytes, found 1 lines of 2 bytes',
        'b: expected 1 lines of 2 bytes, found 2 lines of 4 bytes',
      ],
    );
    assert.deepEqual(
      differences(
        expected,
        new Map([
          ['a', sumOf(['1', '2'])],
          ['c', sumOf(['3'])],
        ]),
      ),
      [
        'b: expected 1 lines of 2 bytes, found 0 lines of 0 bytes',
        'c: expected 0 lines of 0 bytes, found 1 lines of 2 bytes',
      ],
    );
  });

  it('multiplies as if lines had been added again, and adds up types', () => {
    const sum = new LineSum();
    for (const line of lines) sum.add(line);
    assert.deepEqual(sum.times(3), sumOf([...lines, ...lines, ...lines]));
    const types = new Map([
      ['a', sumOf(lines.slice(0, 1))],
      ['b', sumOf(lines.slice(1))],
    ]);
    assert.deepEqual(total(types), sumOf(lines));
  });

  it('reads what each tool writes: staged parts, partitions, a file a type; packed or not', async () => {
    const text = `${lines.join('\n')}\n`;
    const expected = new Map([['t', sumOf(lines)]]);
    const staged = folderOf({
      't/2026/11/20/14/part.ndjson.gz': gzipSync(text),
      '_records/manifests/2026/11/20/14/1.json': '{}',
    });
    assert.deepEqual(await readTypedLines(staged, stagedType), expected);
    const halves = {
      'log_type=t/data_0.csv': `${lines[0]!}\n`,
      'log_type=t/data_1.csv': lines.slice(1).join('\n'),
    };
    assert.deepEqual(await readTypedLines(folderOf(halves), partitionType), expected);
    assert.deepEqual(await readTypedLines(folderOf({ 't.ndjson': text }), fileType), expected);
    assert.deepEqual(await readTypedLines(folderOf({ 't.ndjson.gz': gzipSync(text) }), fileType), expected);
  });

  it('compares rows that were written anew by what they say, not by how they are spelled', async () => {
    const folder = folderOf({ 't.ndjson': '{ "a": 1.0, "b": "\\u0041" }\n' });
    assert.deepEqual(
      await readTypedLines(folder, fileType, 'canonical'),
      new Map([['t', sumOf(['{"a":1,"b":"A"}'])]]),
    );
  });

  it('fails on an output that is cut off', async () => {
    const packed = gzipSync(`${lines.join('\n')}\n`);
    await assert.rejects(readTypedLines(folderOf({ 't.ndjson.gz': packed.subarray(0, -9) }), fileType));
  });

  it('tells tables apart by rows and by values', () => {
    const expected = new Map([['t', { rows: 2, content: '7' }]]);
    assert.deepEqual(tableDifferences(expected, new Map([['t', { rows: 2, content: '7' }]])), []);
    assert.deepEqual(tableDifferences(expected, new Map([['t', { rows: 2, content: '-' }]])), []);
    assert.deepEqual(tableDifferences(expected, new Map([['t', { rows: 3, content: '7' }]])), [
      't: expected 2 rows, found 3',
    ]);
    assert.deepEqual(tableDifferences(expected, new Map([['t', { rows: 2, content: '8' }]])), [
      't: 2 rows, but other values',
    ]);
    assert.deepEqual(tableDifferences(expected, new Map()), ['t: expected 2 rows, found 0']);
  });
});
