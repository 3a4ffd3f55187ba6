import assert from 'node:assert/strict';
import fc from 'fast-check';
import { skipValue } from '../../../workloads/core/json/bytes/skip-value.ts';

/** Asserts that a value's end is found wherever a value may stand. */
function assertSkipped(value: string): void {
  for (const [before, behind] of [
    ['', ','],
    ['[', ']'],
    ['{"a":', '}'],
    ['', ' }'],
    ['', '\t,'],
    ['', '\r'],
    ['[1,', ',2]'],
  ] as const) {
    const bytes = Buffer.from(before + value + behind);
    const words = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const end = skipValue(bytes, words, before.length);
    assert.equal(bytes.toString('utf8', before.length, end), value, bytes.toString());
  }
}

describe('skipValue', () => {
  it('finds the end of every kind of value', () => {
    for (const value of [
      '0',
      '-1.5e+10',
      'true',
      'false',
      'null',
      '""',
      '"a"',
      '"\\""',
      '"\\\\"',
      '"}],"',
      '{}',
      '[]',
    ])
      assertSkipped(value);
    for (const value of [
      '[[],[]]',
      '{"}":"{"}',
      '{"a":[1,{"b":"]"}],"c":null}',
      '[ 1 , [ "x" ] ]',
      '["\\u005d",{"]":{}}]',
    ])
      assertSkipped(value);
  });

  it('finds the end of any JSON', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), fc.boolean(), (json, spaced) => {
        assertSkipped(spaced ? JSON.stringify(JSON.parse(json), null, '\t').replaceAll('\n', ' ') : json);
      }),
      { numRuns: 500 },
    );
  });
});
