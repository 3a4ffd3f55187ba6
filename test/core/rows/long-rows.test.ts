import assert from 'node:assert/strict';
import { closeSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ByteView } from '../../../workloads/core/bytes/byte-view.ts';
import { RowCheck } from '../../../workloads/core/rows/row-check.ts';
import type { LogType } from '../../../workloads/core/schema/log-type.ts';
import { tempFolder } from '../../support/temp.ts';
import { briefly, logTypeOf, verdictOf, type Verdict } from './verdict.ts';

const WINDOW = 64 * 1024;

describe('RowCheck: rows that are looked at through a file', () => {
  const folder = tempFolder();
  const logType = logTypeOf(
    [
      { name: 's', type: 'STRING' },
      { name: 'n', type: 'NUMERIC' },
      { name: 'b', type: 'BYTES' },
      { name: 'j', type: 'JSON' },
      { name: 'at', type: 'TIMESTAMP' },
      {
        name: 'l',
        type: 'RECORD',
        mode: 'REPEATED',
        fields: [{ name: 'id', type: 'INTEGER', mode: 'REQUIRED' }],
      },
    ],
    { unknownFields: 'keep' },
  );

  /** The verdict on a row that lies between other bytes of a file. */
  function inFile(type: LogType, row: Buffer): Verdict {
    const path = join(folder, 'spool');
    writeFileSync(path, Buffer.concat([Buffer.from('{"s":"'), row, Buffer.from('"}}')]));
    const fd = openSync(path, 'r');
    try {
      const { misfits, unknown } = new RowCheck(type).check(new ByteView().inFile(fd, row.length + 6, 6));
      return { misfits: [...misfits], unknown: [...unknown] };
    } finally {
      closeSync(fd);
    }
  }

  function assertSame(row: string, expected?: readonly string[]): void {
    const bytes = Buffer.from(row);
    const memory = verdictOf(new RowCheck(logType), bytes);
    assert.deepEqual(inFile(logType, bytes), memory);
    if (expected !== undefined) assert.deepEqual(briefly(memory.misfits), expected);
  }

  const pad = (bytes: number): string => `"s":"${'a'.repeat(bytes)}"`;

  it('tokens on every byte of a window’s border get the verdict that they get in memory', () => {
    const tail =
      '"n":"12345678901234567890.5","b":"\\/w==","j":{"한":[1.10,"\\ud83c\\udfae",true,null,-0,"\\ud800"],"한":1},' +
      '"at":"2026-11-20T14:00:00Z","l":[{"id":1},{"id":"x"},{"i\\u0064":null}],"z":1.5}';
    const head = '{"s":"","';
    for (let shift = 0; shift < Buffer.byteLength(tail) + head.length; shift++) {
      assertSame(`{${pad(WINDOW - head.length - shift)},${tail}`, [
        'range j.한[4]',
        'lone_surrogate j.한[5]',
        'duplicate_key j.한',
        'type l[1].id',
        'required l[2].id',
      ]);
    }
  });

  it('rows of more than 64 KiB and 1 MiB are accepted and refused as short ones are', () => {
    for (const size of [WINDOW + 1, 1024 * 1024 + 1]) {
      assertSame(`{${pad(size)},"n":1.5}`, []);
      assertSame(`{"b":"${'AAAA'.repeat(size / 4)}"}`, []);
      assertSame(`{"b":"${'AAAA'.repeat(size / 4)}AA=="}`, []);
      assertSame(`{"b":"${'AAAA'.repeat(size / 4)}AB=="}`, ['type b']);
      assertSame(`{"s":"${'a'.repeat(size)}\\udfae"}`, ['lone_surrogate s']);
      assertSame(`{"s":"${'a'.repeat(size)}`, ['syntax ']);
      assertSame(`{"${'k'.repeat(size)}":1,"s":1}`, ['type s']);
      assertSame(`{"j":{"${'한'.repeat(size / 3)}":1,"\\ud55c${'한'.repeat(size / 3 - 1)}":2}}`);
      assertSame(`{"l":[${'{"id":1},'.repeat(size / 9)}{"id":1.5}]}`);
      assertSame(`{"at":"${'9'.repeat(size)}","n":${'9'.repeat(size)}}`, ['type at', 'range n']);
      assertSame(`{"n":${'9'.repeat(size)}x}`, ['syntax ']);
      assertSame(`${' '.repeat(size)}{"n":1}${' '.repeat(size)}`, []);
      assertSame(`{"n":1}${' '.repeat(size)}1`, ['syntax ']);
    }
  });

  it('a long value in the wrong place is told by its beginning and its true offset', () => {
    const row = Buffer.from(`{${pad(WINDOW)},"at":"${'한'.repeat(WINDOW)}"}`);
    const [misfit] = inFile(logType, row).misfits;
    assert.equal(misfit?.byteOffset, WINDOW + 13);
    assert.equal(misfit.found, `"${'한'.repeat(26)}…`);
  });

  it('two long keys that are one key are found through a file too', () => {
    const key = '한🎮'.repeat(WINDOW);
    const escaped = '\\ud55c\\ud83c\\udfae'.repeat(WINDOW);
    const { misfits } = inFile(logType, Buffer.from(`{"j":{"${key}":1,"${escaped}":2}}`));
    assert.deepEqual(
      misfits.map(({ reason }) => reason),
      ['duplicate_key'],
    );
  });
});
