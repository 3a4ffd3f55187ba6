import assert from 'node:assert/strict';
import { FastCheck } from '../../../../workloads/core/rows/fast/fast-check.ts';
import { compileProgram } from '../../../../workloads/core/rows/fast/program.ts';
import { RowJudge } from '../../../../workloads/core/rows/fast/row-judge.ts';
import { RowKernel } from '../../../../workloads/core/rows/fast/row-kernel.ts';
import type { LogType } from '../../../../workloads/core/schema/log-type.ts';
import { logTypeOf } from '../verdict.ts';
import { assertWrong, Checks } from './proof.ts';

/** A name may have so many characters (docs/schemas.md). */
const LONGEST_NAME = 128;

/** WebAssembly's. */
const PAGE_BYTES = 65_536;

/** What is used of its interface, whose types come with browsers' only. */
declare const WebAssembly: { readonly Memory: { readonly prototype: { grow: (pages: number) => number } } };

const proves = (check: FastCheck, row: string): boolean => {
  const bytes = Buffer.from(row);
  return check.proves(bytes, 0, bytes.length);
};

describe('the fast check: one kernel for all types', () => {
  it('tells keys of every length from all that differ in one letter', () => {
    const lengths = Array.from({ length: LONGEST_NAME }, (_, index) => index + 1);
    const fields = lengths.map((length) => ({ name: 'k'.repeat(length), type: 'INTEGER' }));
    const check = new FastCheck(logTypeOf(fields));
    // In the schema's order, the other way round, and each behind the first: expected, expected before, found by name.
    const members = fields.map(({ name }) => `"${name}":1`);
    assert.ok(proves(check, `{${members.join(',')}}`));
    assert.ok(proves(check, `{${members.toReversed().join(',')}}`));
    for (const [index, { name }] of fields.entries()) {
      for (const before of index === 0 ? [''] : ['', `${members[0]},`]) {
        assert.ok(proves(check, `{${before}"${name}":1}`), name);
        for (let at = 0; at < name.length; at++)
          assert.ok(
            !proves(check, `{${before}"${name.slice(0, at)}j${name.slice(at + 1)}":1}`),
            `${name} ${at}`,
          );
        for (const broken of [`"${name}'`, `'${name}"`, `"${name}";`, `"${name}k`])
          assert.ok(!proves(check, `{${before}${broken}:1}`), broken);
      }
    }
  });

  it('knows a type whose fields are many, at any place of its rows', () => {
    const fields = Array.from({ length: 2_000 }, (_, index) => ({ name: `field_${index}`, type: 'INTEGER' }));
    const check = new FastCheck(logTypeOf(fields));
    const members = fields.map(({ name }, index) => `"${name}":${index}`);
    assert.ok(proves(check, `{${members.join(',')}}`));
    assert.ok(!proves(check, `{${members.join(',')},${members[1_234]}}`));
    assert.ok(!proves(check, `{${members.join(',')},"field_2000":1}`));
    for (const member of members) assert.ok(proves(check, `{${member}}`), member);
  });

  it('keeps types apart that are asked in turns', () => {
    const checks = Array.from({ length: 300 }, (_, index) => {
      const name = `n${index}`;
      const field = index % 3 === 0 ? { name, type: 'STRING', mode: 'REQUIRED' } : { name, type: 'JSON' };
      return new FastCheck(logTypeOf([field], index % 2 === 0 ? { unknownFields: 'keep' } : {}));
    });
    for (let round = 0; round < 3; round++) {
      for (const [index, check] of checks.entries()) {
        assert.ok(proves(check, `{"n${index}":"x"}`));
        assert.equal(proves(check, `{"n${index}":{"a":1}}`), index % 3 !== 0);
        assert.equal(proves(check, `{"m":[1],"n${index}":"x"}`), index % 2 === 0);
        assert.equal(check.unknown.length, index % 2 === 0 ? 1 : 0);
        assert.equal(proves(check, '{}'), index % 3 !== 0);
      }
    }
  });

  it('rows of every length up to a MiB, between small ones, in types whose values it hands out', () => {
    const type = logTypeOf(
      [
        { name: 's', type: 'STRING' },
        { name: 'j', type: 'JSON' },
      ],
      { unknownFields: 'keep' },
    );
    const checks = new Checks(type);
    for (let size = 16; size <= 1024 * 1024; size *= 2) {
      for (const length of [size - 1, size, size + 1]) {
        const text = '한'.repeat(length / 3) + 'x'.repeat(length % 3);
        for (const row of [
          `{"s":"${text}","j":["${text}"]}`,
          `{"j":{"a":1},"y":"${text}"}`,
          '{"j":[1],"y":2}',
        ])
          assert.deepEqual(checks.opinion(row), { proved: true, clean: true }, String(length));
      }
    }
  });

  /** Asks a kernel of its own about rows of a type: the process's knows others, and may have memory enough for all. */
  function askedOf(kernel: RowKernel, logType: LogType): (row: string) => boolean {
    const [program, judge] = [compileProgram(logType, kernel), new RowJudge()];
    return (row) => kernel.proves(program, judge, Buffer.from(row), 0, Buffer.byteLength(row));
  }

  it('rows that end anywhere near the end of a page, with what is looked at furthest', () => {
    const asked = askedOf(
      new RowKernel(),
      logTypeOf([
        { name: 's', type: 'STRING' },
        { name: 't', type: 'TIMESTAMP' },
        { name: 'j', type: 'JSON' },
      ]),
    );
    const ends = [
      '',
      ',"t":"2026-11-20T14:05:09.123456+09:00"',
      ',"j":[1]',
      ',"t":"2026-11-20T14:05:09 UTC"',
    ];
    // What the program takes before the row is less than 6,000 bytes, so that the row ends on both sides of the page's end.
    for (let length = PAGE_BYTES - 6_000; length < PAGE_BYTES - 3_500; length++) {
      const row = `{"s":"${'x'.repeat(length)}"${ends[length % ends.length]!}`;
      assert.ok(asked(`${row}}`), String(length));
      assert.ok(!asked(row), String(length));
    }
  });

  it('hands out the values of JSON columns and the members that are kept', () => {
    const asked = askedOf(
      new RowKernel(),
      logTypeOf([{ name: 'j', type: 'JSON' }], { unknownFields: 'keep' }),
    );
    assert.ok(asked('{"j":{"a":1}}'));
    assert.ok(!asked('{"j":{"a":1,"a":2}}'));
    assert.ok(asked('{"k":1}'));
    assert.ok(!asked('{"k":01}'));
  });

  it('where there is no memory for a type, that type is not taken for known', () => {
    const kernel = new RowKernel();
    const fields = Array.from({ length: 2_000 }, (_, index) => ({ name: `field_${index}`, type: 'INTEGER' }));
    const many = askedOf(kernel, logTypeOf([{ name: 'a', type: 'INTEGER', mode: 'REQUIRED' }, ...fields]));
    const one = askedOf(kernel, logTypeOf([{ name: 'a', type: 'STRING' }]));
    assert.ok(one('{"a":"x"}'));
    const { grow } = WebAssembly.Memory.prototype;
    WebAssembly.Memory.prototype.grow = () => {
      throw new RangeError('no memory');
    };
    try {
      assert.throws(() => many('{"a":1}'), /no memory/);
    } finally {
      WebAssembly.Memory.prototype.grow = grow;
    }
    assert.ok(!many('{"a":"x"}'));
    assert.ok(many('{"a":1,"field_7":2}'));
    assert.ok(one('{"a":"x"}'));
    assert.ok(!one('{"a":1}'));
  });

  it('no row of a type without fields but the empty one', () => {
    const none = { ...logTypeOf([{ name: 'x', type: 'STRING' }]), fields: [] };
    assert.deepEqual(new Checks(none).opinion(' { } '), { proved: true, clean: true });
    assertWrong(none, '{"x":1}', '{"x"}', '{"":1}', '{,}', '{"":{}}', '\u0000{}');
  });
});
