import assert from 'node:assert/strict';
import { HourBench, lineOf, type SetAside } from '../support/hour-bench.ts';
import { tempFolder } from '../support/temp.ts';

const a = lineOf('a', { n: 1 });

/** What an hour of one object staged under `a`, and what it set aside. */
async function classified(
  content: string | Buffer,
): Promise<{ staged: string; aside: SetAside[]; blank: number; lines: number }> {
  const hour = new HourBench(tempFolder(), 'a');
  hour.put('x.json', content);
  const { manifest } = await hour.classify();
  const { lines, blank, staged, quarantined } = manifest;
  assert.equal(lines, staged + quarantined + blank);
  return {
    staged: hour.staged(manifest, 'a').toString('latin1'),
    aside: hour.quarantined(manifest),
    blank,
    lines,
  };
}

const reasons = (aside: readonly SetAside[]): string[] => aside.map(({ reason }) => reason);

describe('lines', () => {
  it('a lone CR does not split', async () => {
    const result = await classified(`{"log_type":"a",\r"n":1}\n${a}\r${a}\n`);
    assert.equal(result.staged, `{"log_type":"a",\r"n":1}\n`);
    assert.deepEqual(
      result.aside.map(({ reason, raw, line }) => [reason, raw.toString(), line]),
      [['not_object', `${a}\r${a}`, 2]],
    );
  });

  it('CRLF: one CR is stripped, a second one is content', async () => {
    const result = await classified(`${a}\r\n${a}\r\r\n${a}\r`);
    assert.equal(result.staged, `${a}\n${a}\r\n${a}\n`);
  });

  it('a BOM is stripped at byte 0 only; on line 2 it is not_object', async () => {
    const { staged, aside } = await classified(`\uFEFF${a}\n\uFEFF${a}\n`);
    assert.equal(staged, `${a}\n`);
    assert.deepEqual(
      aside.map(({ reason, raw, byteOffset, line }) => [reason, raw.toString(), byteOffset, line]),
      [['not_object', `\uFEFF${a}`, 3 + a.length + 1, 2]],
    );
  });

  it('a BOM before a CR, before nothing, before a blank line', async () => {
    for (const content of ['\uFEFF', '\uFEFF\r\n', '\uFEFF\n', '\uFEFF \t\n']) {
      assert.deepEqual(
        await classified(content),
        { staged: '', aside: [], blank: 1, lines: 1 },
        JSON.stringify(content),
      );
    }
  });

  it('the offset of a quarantined first line counts the BOM', async () => {
    const { aside } = await classified('\uFEFFx\r\ny');
    assert.deepEqual(
      aside.map(({ byteOffset, length, raw }) => [byteOffset, length, raw.toString()]),
      [
        [3, 1, 'x'],
        [6, 1, 'y'],
      ],
    );
  });

  it('a raw NUL: raw_nul; an escaped one passes', async () => {
    const { staged, aside } = await classified(
      `{"log_type":"a","s":"\0"}\n{"log_type":"a","s":"\\u0000"}\n\0\n`,
    );
    assert.equal(staged, '{"log_type":"a","s":"\\u0000"}\n');
    assert.deepEqual(reasons(aside), ['raw_nul', 'raw_nul']);
  });

  const NOT_UTF8: Readonly<Record<string, number[]>> = {
    'overlong slash': [0xc0, 0xaf],
    'overlong NUL': [0xc0, 0x80],
    'overlong of three': [0xe0, 0x80, 0xaf],
    'a surrogate in UTF-8': [0xed, 0xa0, 0x80],
    'a pair of surrogates in UTF-8 (CESU-8)': [0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80],
    'above U+10FFFF': [0xf4, 0x90, 0x80, 0x80],
    'five bytes': [0xf8, 0x88, 0x80, 0x80, 0x80],
    'a lone continuation': [0x80],
    'cut off after two of three': [0xed, 0x95],
    'Latin-1': [0xe9],
    FF: [0xff],
  };
  for (const [name, bytes] of Object.entries(NOT_UTF8)) {
    it(`invalid UTF-8, ${name}: not_utf8, kept byte for byte, its neighbours staged`, async () => {
      const broken = Buffer.concat([
        Buffer.from('{"log_type":"a","s":"'),
        Buffer.from(bytes),
        Buffer.from('"}'),
      ]);
      const { staged, aside } = await classified(
        Buffer.concat([Buffer.from(`${a}\n`), broken, Buffer.from(`\n${a}`)]),
      );
      assert.equal(staged, `${a}\n${a}\n`);
      assert.deepEqual(reasons(aside), ['not_utf8']);
      assert.ok(aside[0]!.raw.equals(broken));
    });
  }

  it('an invalid byte at every position of a line, and a character cut off at the end of the object', async () => {
    const line = Buffer.from(lineOf('a', { s: '한😀' }));
    const lines = Array.from(line, (_, at) =>
      Buffer.concat([line.subarray(0, at), Buffer.of(0xff), line.subarray(at + 1), Buffer.from('\n')]),
    );
    const { staged, aside } = await classified(
      Buffer.concat([...lines, line, Buffer.from('\n'), Buffer.of(0xed, 0x95)]),
    );
    assert.equal(staged, `${line.toString('latin1')}\n`);
    assert.deepEqual(
      reasons(aside),
      Array.from({ length: line.length + 1 }, () => 'not_utf8'),
    );
  });

  it('lone surrogate escapes, big integers, 1.10, 1e400, -0 and odd spacing pass byte for byte', async () => {
    const lines = [
      '{"log_type":"a","s":"\\ud800"}',
      '{"log_type":"a","s":"\\uDC00\\ud83d\\ude00"}',
      '{"log_type":"a","n":12345678901234567890}',
      '{"log_type":"a","n":1.10}',
      '{"log_type":"a","n":1e400}',
      '{"log_type":"a","n":-0}',
      ' \t{ "log_type" :\t"a" , "\\u006e" : [ 1 , { } ] } \t',
      '{"log_type":"a","n":1,"n":2}',
      '{"log_type":"a","s":"\\/\\u00e9\\b"}',
    ];
    const { staged } = await classified(lines.join('\n'));
    assert.equal(staged, `${lines.join('\n')}\n`);
  });

  it('no final newline: the last line counts; nothing after a last newline is no line', async () => {
    assert.deepEqual(await classified(`${a}\n${a}`), {
      staged: `${a}\n${a}\n`,
      aside: [],
      blank: 0,
      lines: 2,
    });
    assert.deepEqual(await classified(`${a}\n${a}\n`), {
      staged: `${a}\n${a}\n`,
      aside: [],
      blank: 0,
      lines: 2,
    });
  });

  it('blank lines of spaces, tabs and CRs are counted as blank', async () => {
    assert.deepEqual(await classified(`\n\r\n \t\r\r\n${a}\n\t \n  `), {
      staged: `${a}\n`,
      aside: [],
      blank: 5,
      lines: 6,
    });
  });

  it('other white space of Unicode is not blank', async () => {
    const { aside, blank } = await classified('\u00a0\n\u3000\n\v\n\f\n\u2028\n');
    assert.equal(blank, 0);
    assert.equal(aside.length, 5);
  });
});
