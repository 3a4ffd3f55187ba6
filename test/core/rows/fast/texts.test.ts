import assert from 'node:assert/strict';
import { typeOfX } from '../verdict.ts';
import { assertProved, assertWrong, Checks } from './proof.ts';

function rows(...values: string[]): string[] {
  return values.map((value) => `{"x":"${value}"}`);
}

/** Every text of one to nine other bytes before what is tried, so that it stands in every place of a word. */
function shifted(...texts: string[]): string[] {
  return texts.flatMap((text) =>
    Array.from({ length: 9 }, (_, shift) => [
      `${'a'.repeat(shift)}${text}`,
      `${'a'.repeat(shift)}${text}bcdef`,
    ]).flat(),
  );
}

describe('the fast check: STRING', () => {
  const type = typeOfX('STRING');

  it('texts of every length, of bytes of every value', () => {
    assertProved(type, ...rows(...Array.from({ length: 20 }, (_, length) => 'x'.repeat(length))));
    const characters = Array.from({ length: 0x100 }, (_, code) => String.fromCharCode(code)).slice(0x20);
    assertProved(
      type,
      ...rows(...shifted(...characters.filter((character) => character !== '"' && character !== '\\'))),
    );
    assertProved(type, ...rows(...shifted('한글', '🎮', '\u2028', '\ufffd', '\u0800', '\u{10ffff}')));
  });

  it('control characters nowhere', () => {
    const controls = Array.from({ length: 0x20 }, (_, code) => String.fromCharCode(code));
    assertWrong(type, ...rows(...shifted(...controls.filter((control) => control !== '\n'))));
  });

  it('a newline ends whatever is read, for no row holds one', () => {
    const check = new Checks(type);
    for (const row of [
      '{"x":"a\nb"}',
      '{\n"x":"a"}',
      '{"x":\n"a"}',
      '{"x":"a"\n}',
      '{"x"\n:"a"}',
      '\n{"x":"a"}',
      '{"x":"a"}\n',
    ])
      assert.equal(check.proves(row), false, row);
  });

  it('the escapes of JSON and no others', () => {
    const simple = ['\\"', '\\\\', '\\/', '\\b', '\\f', '\\n', '\\r', '\\t'];
    assertProved(
      type,
      ...rows(...shifted(...simple, ...simple.flatMap((one) => simple.map((other) => one + other)))),
    );
    const others = Array.from({ length: 0x80 }, (_, code) => String.fromCharCode(code)).filter(
      (character) => !'"\\/bfnrtu\n'.includes(character),
    );
    assertWrong(type, ...rows(...others.map((character) => `a\\${character}b`)));
    assertWrong(type, '{"x":"\\"}', '{"x":"a\\\\\\"}', '{"x":"\\');
  });

  it('four hexadecimal digits after \\u', () => {
    assertProved(
      type,
      ...rows(...shifted('\\u0000', '\\u0041', '\\uabcd', '\\uABCD', '\\u9aF0', '\\u0041\\u0042')),
    );
    for (const stranger of ['/', ':', '@', 'G', '`', 'g', '"', '\\', ' ', 'x'])
      assertWrong(
        type,
        ...rows(...['X041', '0X41', '00X1', '004X'].map((digits) => `\\u${digits.replace('X', stranger)}zz`)),
      );
    assertWrong(type, ...rows('\\u', '\\u0', '\\u00', '\\u004', '\\U0041'), '{"x":"\\u004', '{"x":"\\u');
  });

  it('surrogates in pairs only', () => {
    const pairs = ['\\ud800\\udc00', '\\udbff\\udfff', '\\uD83C\\uDFAE', '\\ud800\\udfff', '\\udbff\\udc00'];
    assertProved(
      type,
      ...rows(
        ...shifted(
          ...pairs,
          '\\ud7ff',
          '\\ue000',
          '\\ud7ff\\udbff\\udfff\\ue000',
          '\\ud83c\\udfae\\ud83c\\udfae',
        ),
      ),
    );
    const halves = ['\\ud800', '\\udbff', '\\udc00', '\\udfff'];
    const behind = [
      '',
      'x',
      '\\n',
      '\\u0041',
      '\\ud7ff',
      '\\ue000',
      '\\ud800',
      '\\udbff',
      '\\ud83c\\udfae',
      '\\xdc00',
      'udc00',
      '\\udbffudc00',
    ];
    assertWrong(type, ...rows(...halves.flatMap((half) => behind.map((text) => half + text))));
    assertWrong(type, ...rows('\\udc00\\udc00', '\\udc00\\udfff', '\\udfff\\udc00', '\\udfff\\udfff'));
    assertWrong(
      type,
      ...rows(
        '\\ud800/udc00',
        '\\ud800\\vdc00',
        '\\ud800\\udbff',
        '\\ud800\\ue000',
        '\\ud800\\udc0g',
        '\\ud800\\uxc00',
      ),
    );
  });

  it('quotes about it', () => {
    assertWrong(type, '{"x":a}', '{"x":"a}', '{"x":a"}', '{"x":\'a\'}', '{"x":""a"}', '{"x":"a""}');
  });
});

describe('the fast check: BYTES', () => {
  const type = typeOfX('BYTES');
  const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

  it('groups of four digits', () => {
    assertProved(type, ...rows('', digits, ...Array.from(digits, (digit) => `A${digit}AA`)));
    assertWrong(type, ...rows('A', 'AA', 'AAA', 'AAAAA', 'AAAAAA', 'AAAAAAA'));
    const others = Array.from({ length: 0x80 }, (_, code) => String.fromCharCode(code)).filter(
      (character) => !`${digits}"\\\n`.includes(character),
    );
    assertWrong(
      type,
      ...rows(...others.map((character) => `A${character}AA`), '한글', 'A\\nAA', '\\u0041AAA', 'A\\\\A'),
    );
  });

  it('\\/ for a slash', () => {
    assertProved(type, ...rows('\\/\\/\\/\\/', 'A\\/AA', 'AA\\/A', 'AAA\\/', '\\/A==', 'A\\/A='));
    assertWrong(type, ...rows('\\/', 'AA\\/=', 'AA\\', 'AAA\\A', '\\/\\/==', 'A!/AA'));
  });

  it('padding, and no bits behind the last byte', () => {
    const twelve = Array.from(digits, (digit) => `A${digit}==`);
    const six = Array.from(digits, (digit) => `AA${digit}=`);
    assertProved(
      type,
      ...rows(...twelve.filter((_, value) => value % 16 === 0), ...six.filter((_, value) => value % 4 === 0)),
    );
    assertWrong(
      type,
      ...rows(...twelve.filter((_, value) => value % 16 !== 0), ...six.filter((_, value) => value % 4 !== 0)),
    );
    assertProved(type, ...rows('AAAAAA==', 'AAAAAAA='));
    const wrong = [
      '=',
      '==',
      '===',
      '====',
      'A=',
      'A==',
      'A===',
      'AA=',
      'AAA==',
      'AA===',
      'AAAA=',
      'AAAA==',
      'AAAA====',
      'AA==AA==',
      'AA=A',
      'AA=x',
      'AA= ',
    ];
    assertWrong(type, ...rows(...wrong));
  });

  it('quotes about it', () => {
    assertWrong(
      type,
      '{"x":AAAA}',
      '{"x":"AAAA}',
      '{"x":\'AAAA\'}',
      '{"x":"AA==}',
      '{"x":"AAA=\'}',
      '{"x":"AAAA',
    );
  });
});

describe('the fast check: BOOLEAN', () => {
  it('two words, letter by letter', () => {
    const type = typeOfX('BOOLEAN');
    assertProved(type, '{"x":true}', '{"x":false}');
    for (const word of ['true', 'false']) {
      const changed = Array.from(word, (_, at) => `${word.slice(0, at)}x${word.slice(at + 1)}`);
      assertWrong(
        type,
        ...[...changed, word.slice(0, -1), `${word}e`, word.toUpperCase()].map((value) => `{"x":${value}}`),
      );
    }
  });
});
