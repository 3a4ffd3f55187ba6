import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ByteView } from '../../../workloads/core/bytes/byte-view.ts';
import {
  JsonDepthError,
  JsonSyntaxError,
  kindAt,
  scanNumber,
  scanString,
  skipSpace,
  stringText,
} from '../../../workloads/core/json/scan.ts';
import { checkJson } from '../../../workloads/core/rows/json-value.ts';
import { newCheckState } from '../../../workloads/core/rows/misfit.ts';

function viewOf(text: string): ByteView {
  const bytes = Buffer.from(text);
  return new ByteView().inMemory(bytes, 0, bytes.length);
}

/** Where a whole document breaks the grammar, or undefined where it is JSON. */
function breaksAt(text: string): number | undefined {
  const view = viewOf(text);
  try {
    const end = skipSpace(view, checkJson(newCheckState(view), skipSpace(view, 0), false));
    return end === view.length ? undefined : end;
  } catch (error) {
    assert.ok(error instanceof JsonSyntaxError, String(error));
    return error.position;
  }
}

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('the JSON scanner', () => {
  it('accepts and refuses what JSON.parse does', () => {
    for (const text of [
      ...[
        '',
        ' ',
        '1',
        '-1',
        '-',
        '0',
        '00',
        '01',
        '-01',
        '1.',
        '.1',
        '1.0',
        '1e',
        '1e+',
        '1e+1',
        '1E-01',
        '0x1',
        '1_0',
        '+1',
        '- 1',
        '1 2',
      ],
      ...[
        '"',
        '""',
        '"\\"',
        '"\\u12"',
        '"\\u123g"',
        '"\\uABcd"',
        '"\\v"',
        "'a'",
        '"a\u0001"',
        '"\u007f\u2028"',
        '"\\',
        '"\\u"',
        '"\t"',
      ],
      ...['true', 'tru', 'True', 'truee', 'null', 'nul', 'nulll', 'NaN', 'Infinity', 'undefined', 'false1'],
      ...[
        '[]',
        '[',
        ']',
        '[,]',
        '[1,]',
        '[1 2]',
        '[1,,2]',
        '[[]',
        '[]]',
        '{}',
        '{',
        '}',
        '{,}',
        '{"a"}',
        '{"a":}',
        '{"a":1,}',
        '{"a" 1}',
        '{a:1}',
      ],
      ...[
        '{"a":1}{}',
        '{"a":1 "b":2}',
        '{1:2}',
        '{"a"::1}',
        '[}',
        '{]',
        '\u00a01',
        '\ufeff1',
        '1\u2003',
        '\f1',
        '[1,2\u00a0]',
        '/* */1',
        '1//',
      ],
    ]) {
      assert.equal(breaksAt(text) === undefined, parses(text), JSON.stringify(text));
    }
  });

  it('says where the grammar breaks', () => {
    for (const [text, position] of [
      ['{"a":tru}', 5],
      ['{"a":1,}', 7],
      ['{"a":"한\\x"}', 9],
      ['{"a":01}', 6],
      ['[1', 2],
      ['"\\u00zz"', 5],
      ['{} x', 3],
    ] as const) {
      assert.equal(breaksAt(text), position, text);
    }
  });

  it('agrees with JSON.parse on mutated JSON', () => {
    const mutated = fc.tuple(
      fc.json(),
      fc.nat(),
      fc.constantFrom(
        '',
        '"',
        '\\',
        ',',
        ':',
        '{',
        '}',
        '[',
        ']',
        '0',
        '.',
        '-',
        'e',
        'u',
        ' ',
        '\n',
        '\u0000',
      ),
      fc.nat(2),
    );
    fc.assert(
      fc.property(mutated, ([json, place, by, length]) => {
        const at = place % (json.length + 1);
        const text = (json.slice(0, at) + by + json.slice(at + length)).toWellFormed();
        assert.equal(breaksAt(text) === undefined, parses(text), text);
      }),
      { numRuns: 2_000 },
    );
  });

  it('reads strings as JSON.parse does, and tells lone surrogates', () => {
    const unit = fc.oneof(
      fc.string({ minLength: 1, maxLength: 1, unit: 'binary' }),
      fc.constantFrom(
        '\\ud83c',
        '\\udfae',
        '\\uDBFF',
        '\\uDC00',
        '\\n',
        '\\\\',
        '\\"',
        '\\/',
        '\\u0000',
        '\\u00e9',
        'x',
      ),
    );
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 6 }), (units) => {
        const text = `"${units.map((part) => (part.startsWith('\\') && part.length > 1 ? part : JSON.stringify(part).slice(1, -1))).join('')}"`;
        const facts = scanString(viewOf(text), 0, { end: 0, escaped: false, loneSurrogate: false });
        const value = JSON.parse(text) as string;
        assert.equal(facts.end, Buffer.byteLength(text));
        assert.equal(facts.escaped, text.includes('\\'));
        assert.equal(facts.loneSurrogate, !value.isWellFormed(), text);
        assert.equal(stringText(viewOf(text), 0, facts.end, facts.escaped), value);
      }),
      { numRuns: 2_000 },
    );
  });

  it('tells whole numbers from others', () => {
    for (const [text, integer] of [
      ['0', true],
      ['-0', true],
      ['12', true],
      ['1.0', false],
      ['1e3', false],
      ['1E3', false],
    ] as const) {
      assert.deepEqual(
        scanNumber(viewOf(`${text},`), 0, { end: 0, integer: false }),
        { end: text.length, integer },
        text,
      );
    }
  });

  it('an unfinished token at the end of the bytes is a syntax error, not a reading past them', () => {
    for (const text of ['{"a":1}', '["\\ud83c\\udfae",-1.5e+7,true,false,null,{}]']) {
      for (let length = 0; length < text.length; length++) {
        const bytes = Buffer.from(text);
        const view = new ByteView().inMemory(bytes, 0, length);
        assert.throws(
          () => checkJson(newCheckState(view), skipSpace(view, 0), true),
          JsonSyntaxError,
          text.slice(0, length),
        );
      }
    }
    assert.throws(() => kindAt(viewOf(''), 0), JsonSyntaxError);
  });

  it('nesting of a hundred thousand levels ends in an error of its own', () => {
    for (const open of ['[', '{"a":']) {
      const view = viewOf(open.repeat(100_000));
      assert.throws(() => checkJson(newCheckState(view), 0, true), JsonDepthError);
    }
  });
});
