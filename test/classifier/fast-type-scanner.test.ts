import assert from 'node:assert/strict';
import fc from 'fast-check';
import { FastTypeScanner } from '../../workloads/classifier/fast-type-scanner.ts';
import { TypeScanner } from '../../workloads/classifier/type-scanner.ts';
import { ByteView } from '../../workloads/core/bytes/byte-view.ts';

const TYPES = ['a', 'b', '구매', 'order/created', '🎮', 'a b', '', '\\u0061'];
const KEY = 'log_type';

/**
 * What stands around a line in a window. Were the scanner to run over the line's end, or to lose its place and begin again
 * elsewhere, it would find the end of a line there. Some before it are broken, some longer than what the scanner looks at at once.
 */
const BEFORE = [
  '',
  '\n',
  '}\n',
  ',"x":1}\n',
  '"}\n',
  '{{{{\n',
  '\\\n',
  '"\\\n',
  `{"x":"${'y'.repeat(60)}\n`,
  `"${'"'.repeat(64)}\n`,
];
const BEHIND = [
  '"log_type":"b"}]}"}\n',
  '}\n',
  'x"}\n',
  '"}\n',
  ']}\n',
  // A line's end that were taken for one more bracket would be closed here.
  ']]}\n',
  '{"log_type":"b"}\n',
  ',"x":1}\n',
  '',
];

interface Found {
  readonly type: string;
  readonly content: string;
  /** Bytes between the line's start and the next one's. */
  readonly length: number;
}

/** What the fast scanner finds in a line that lies in a window, or undefined where it is not sure. */
function find(
  line: string | Buffer,
  { key = KEY, types = TYPES, before = BEFORE.at(-1)!, end = '\n', behind = BEHIND[0]! } = {},
): Found | undefined {
  const scanner = scannerOf(key, types);
  const content = Buffer.isBuffer(line) ? line : Buffer.from(line);
  const window = Buffer.concat([
    Buffer.from(`!${before}`),
    content,
    Buffer.from(end + behind),
    Buffer.from('!'),
  ]);
  const start = 1 + Buffer.byteLength(before);
  scanner.open(window, 1, window.length - 1);
  if (scanner.take(start) === 0) {
    assert.deepEqual([scanner.lines, scanner.rest], [0, start]);
    return undefined;
  }
  const first = scanner.startOf(0);
  const run = scanner.gathered.toString('utf8', first, first + scanner.bytesOf(0));
  return {
    type: scanner.names[scanner.placeOf(0)]!,
    content: run.slice(0, run.indexOf('\n')),
    length: scanner.rest - start,
  };
}

const scanners = new Map<string, FastTypeScanner>();

/** One of each kind: what former windows left in its memory must not matter. */
function scannerOf(key: string, types: readonly string[]): FastTypeScanner {
  const id = JSON.stringify([key, types]);
  const known = scanners.get(id);
  if (known !== undefined) return known;
  const made = new FastTypeScanner(key, types);
  scanners.set(id, made);
  return made;
}

/** What the scanner that judges every line says. */
function judge(line: Buffer, key = KEY, types: readonly string[] = TYPES): unknown {
  return new TypeScanner(key, types).scan(new ByteView().inMemory(line, 0, line.length));
}

const sure = (lines: Readonly<Record<string, string>>): void => {
  for (const [line, type] of Object.entries(lines)) {
    const length = Buffer.byteLength(line);
    assert.deepEqual(find(line), { type, content: line, length: length + 1 }, line);
    assert.deepEqual(find(line, { end: '\r\n' }), { type, content: line, length: length + 2 }, line);
    assert.deepEqual(judge(Buffer.from(line)), { type, duplicate: false }, line);
  }
};
const unsure = (...lines: readonly string[]): void => {
  for (const line of lines)
    for (const before of BEFORE)
      for (const behind of BEHIND)
        assert.equal(find(line, { before, behind }), undefined, `${before}${line}\n${behind}`);
};

const nested = (levels: number): string => `{"x":${'['.repeat(levels)}${']'.repeat(levels)},"log_type":"a"}`;

describe('the fast type scanner', () => {
  it('is sure of ordinary lines: the key anywhere, decoys, one space behind colons and commas', () =>
    sure({
      '{"log_type":"a"}': 'a',
      '{"log_type": "b", "x": 1}': 'b',
      '{"x":1,"log_type":"구매"}': '구매',
      '{"x":1, "log_type":"order/created","y":2}': 'order/created',
      '{"log_type":"🎮","":""}': '🎮',
      '{"log_type":"a b"}': 'a b',
      '{"log_type":""}': '',
      '{"x":{"log_type":"b"},"log_type":"a"}': 'a',
      '{"log_type":"a","x":[{"log_type":"b"}]}': 'a',
      '{"x":"\\"log_type\\":\\"b\\"","log_type":"a"}': 'a',
      '{"x":"log_type","log_type":"a","y":"log_type"}': 'a',
      '{"log_typf":"b","log_type":"a","log_typ":"b","log_type_":"b","mog_type":"b"}': 'a',
      '{"x":"}","y":"{\\\\","z":["]","\\\\\\""],"log_type":"a"}': 'a',
      '{"x":[{},[],[[{"y":[]}]]],"log_type":"a"}': 'a',
      '{"x":-1.5e+3,"y":true,"z":null,"log_type":"a"}': 'a',
      // Below the top level and in scalars the grammar is the row check's business.
      '{"x":[1,,],"log_type":"a"}': 'a',
      '{"x":nope,"log_type":"a"}': 'a',
      '{"x":Z|z~^_\x7f,"log_type":"a"}': 'a',
      '{"x":-12345678901234567890.12345678901234567890e+1234567890,"log_type":"a"}': 'a',
      '{"x":1234567890123456,"y":12345678901234567,"log_type":"a"}': 'a',
      '{"x":[a:b],"log_type":"a"}': 'a',
      '{"x":"\t","log_type":"a"}': 'a',
    }));

  it('is not sure of what only the other scanner understands', () =>
    unsure(
      '{"\\u006cog_type":"a"}',
      '{"x\\u0041":1,"log_type":"a"}',
      '{"log_type":"\\u0061"}',
      '{"log_type":"a","log_type":"a"}',
      '{"log_type":"a","log_type":"b"}',
      ' {"log_type":"a"}',
      '{ "log_type":"a"}',
      '{"log_type" :"a"}',
      '{"log_type":  "a"}',
      '{"log_type":\t"a"}',
      '{"log_type":"a" }',
      '{"log_type":"a" ,"x":1}',
      '{"log_type":"a",  "x":1}',
      '{"log_type":"a"} ',
      '{"x":1 ,"log_type":"a"}',
      '\uFEFF{"log_type":"a"}',
    ));

  it('is not sure of what is broken, or has no known type', () =>
    unsure(
      '',
      '{}',
      '[]',
      '"log_type"',
      '{"x":1}',
      '{"log_type":"c"}',
      '{"log_type":"aa"}',
      '{"log_type":1}',
      '{"log_type":null}',
      '{"log_type":["a"]}',
      '{"log_type":{"a":1}}',
      '{"log_type":xa\\}',
      '{"log_type":1a\\,"x":1}',
      '{"log_type":xa\\\\}',
      '{"log_type":a}',
      '{"log_type":}',
      '{"log_type":,"x":1}',
      '{"log_type":"a",}',
      '{"log_type":"a"',
      '{"log_type":"a"}}',
      '{"log_type":"a"}{}',
      '{"log_type":"a"},',
      '{"log_type":"a"]',
      '{"log_type":"a","x"}',
      '{"log_type":"a","x":}',
      '{"log_type":"a","x":"}',
      '{"log_type":"a","x":"\\',
      '{"log_type":"a","x":"\\"}',
      '{"log_type":"a","x":[}',
      '{"log_type":"a","x":{',
      '{"log_type":"a","x":{"y":"\\',
      '{"log_type":"a","x":{"y":"',
      '{"log_type":"a","x":[',
      '{"log_type":"a","x":[}]}',
      '{"log_type":"a","x":{]}',
      '{"log_type":"a","x":[[]}',
      '{"log_type":"a","x":[]]}',
      '{"log_type":"a","x":["]}',
      '{"log_type":"a","x":1"2}',
      '{"log_type":"a","x":1{}}',
      '{"log_type":"a","x":1[]}',
      '{"log_type":"a","x":1:2}',
      '{"log_type":"a","x":1]',
      '{"log_type":"a","x": }',
      '{log_type:"a"}',
      // Two keys without their first quotes: an even number of quotes, which could pass for strings.
      '{xlog_type":"a",xb":1}',
      '{"log_type":"a",xb":1,xc":2}',
      '{"log_type","a"}',
      '{"log_type":"a";"x":1}',
      '{"log_type":"a"\r',
      '{"log_type":"a"}\r\r',
      '{"log_type":"a"}\rx',
    ));

  it('nests to 60 levels', () => {
    sure({ [nested(60)]: 'a', [nested(60).replaceAll('[', '{').replaceAll(']', '}')]: 'a' });
    unsure(
      nested(61),
      nested(1_024),
      nested(10_000),
      nested(60).replace('[]', '[}'),
      nested(60).replace(']', '}'),
    );
  });

  it('is as sure of escapes wherever they lie: within 64 bytes or across their end', () => {
    for (let pad = 0; pad < 130; pad++) {
      const start = `{"x":"${'y'.repeat(pad)}`;
      for (let slashes = 1; slashes <= 5; slashes++) {
        const escapes = '\\'.repeat(slashes);
        const rest = slashes % 2 === 0 ? '' : `"${'z'.repeat(140)}`;
        sure({ [`${start}${escapes}${rest}","log_type":"a","y":[${'0'.repeat(70)}]}`]: 'a' });
      }
    }
  });

  it('is as unsure of a backslash outside of strings wherever it lies', () => {
    for (let pad = 0; pad < 130; pad++)
      for (const line of ['{"log_type":"a","x":\\1}', '{"log_type":"a","x":1\\}', '{"log_type":"a"}\\'])
        for (const behind of BEHIND)
          assert.equal(find(line, { before: `${'y'.repeat(pad)}\n`, behind }), undefined, `${pad} ${line}`);
  });

  it('every byte of scalars, of strings and between tokens: sure only where the other scanner agrees', () => {
    for (let byte = 1; byte < 256; byte++) {
      if (byte === 0x0a) continue;
      const text = String.fromCharCode(byte);
      for (const template of [
        '{"x":1?2,"log_type":"a"}',
        '{"x":"?","log_type":"a"}',
        '{"x":[?],"log_type":"a"}',
        '{"x":1?"log_type":"a"}',
        '{"x":1,?"log_type":"a"}',
        '{"log_type"?"a"}',
        '{"log_type":?"a"}',
        '{"log_type":"a"?',
        '?"log_type":"a"}',
        '{?log_type":"a"}',
        '{"log_type?:"a"}',
        '{"log_type":?a"}',
        '{"log_type":"a?}',
        '{"log_type":"a"}?',
        '{"x":?,"log_type":"a"}',
        '{"x":{?},"log_type":"a"}',
        '{"log_type":"a?"}',
        '{"log?type":"a"}',
      ])
        assertTrue(Buffer.from(template.replace('?', text), 'latin1'));
    }
  });

  it('every beginning of a line, whatever follows it in the block, is a line that it is not sure of', () => {
    const line = Buffer.from('{"x":{"a":["\\"",{}]},"y":-1.5,"s":"한글 \\\\","log_type":"구매","z":[true]}');
    assert.equal(find(line)?.type, '구매');
    for (let length = 0; length < line.length; length++)
      for (const behind of BEHIND)
        assert.equal(find(line.subarray(0, length), { behind }), undefined, `${length} ${behind}`);
  });

  it('any line, any change of a byte: what it says is what the other scanner says', () => {
    const value = fc.oneof(
      fc.json({ maxDepth: 3 }),
      fc.constantFrom(
        '"\\"log_type\\":\\"b\\""',
        '{"log_type":"b"}',
        '"\\\\"',
        '1e400',
        '"\\u006cog"',
        'a\\',
        '1\\\\',
        '\\',
      ),
    );
    const member = fc.tuple(
      fc.oneof(
        { weight: 4, arbitrary: fc.string({ maxLength: 6 }) },
        fc.constantFrom(KEY, 'log_typ', 'log_type2'),
      ),
      value,
    );
    const row = fc
      .tuple(fc.array(member, { maxLength: 5 }), fc.constantFrom(...TYPES), fc.nat({ max: 5 }))
      .map(([members, type, at]) => {
        const texts = members.map(([key, text]) => `${JSON.stringify(key)}:${text}`);
        texts.splice(at, 0, `"log_type":${JSON.stringify(type)}`);
        return Buffer.from(`{${texts.join(',')}}`);
      });
    const change = fc.option(
      fc.tuple(fc.nat(), fc.constantFrom('"', '\\', '{', '}', '[', ']', ',', ':', ' ', 'a', '\r', '')),
    );
    let found = 0;
    fc.assert(
      fc.property(row, change, (line, edit) => {
        if (assertTrue(edit === null ? line : edited(line, edit))) found++;
      }),
      { numRuns: 5_000 },
    );
    assert.ok(found > 800, `the fast scanner took ${found} of 5,000 lines`);
  });

  it('more lines than one call takes: the next call goes on where it ended', () => {
    const scanner = scannerOf(KEY, TYPES);
    const lines = Array.from(
      { length: 3_000 },
      (_, n) => `{"log_type":"${n % 3 === 0 ? 'b' : 'a'}","n":${n}}\n`,
    );
    const window = Buffer.from(lines.join(''));
    scanner.open(window, 0, window.length);
    const found = { a: '', b: '' };
    const taken: number[] = [];
    for (let at = 0; at < window.length; at = scanner.rest) {
      const runs = scanner.take(at);
      assert.equal(runs, 2);
      for (let run = 0; run < runs; run++) {
        const start = scanner.startOf(run);
        const text = scanner.gathered.toString('utf8', start, start + scanner.bytesOf(run));
        found[scanner.names[scanner.placeOf(run)] as 'a' | 'b'] += text;
        assert.equal(scanner.linesOf(run), text.split('\n').length - 1);
      }
      taken.push(scanner.lines);
    }
    assert.deepEqual(taken, [1_024, 1_024, 952]);
    assert.equal(found.a, lines.filter((_, n) => n % 3 !== 0).join(''));
    assert.equal(found.b, lines.filter((_, n) => n % 3 === 0).join(''));
  });

  it('takes nothing of a former window that lies behind a shorter one', () => {
    // Masks are made 64 bytes at a time: one window ends among them, one where they end.
    for (const line of ['{"log_type":"a"}\n', `{"log_type":"a","x":"${'y'.repeat(40)}"}\n`]) {
      const scanner = scannerOf(KEY, TYPES);
      for (const behind of [line, `${line}"\n`]) {
        const former = Buffer.from(line + behind);
        scanner.open(former, 0, former.length);
        scanner.open(former, 0, line.length);
        assert.deepEqual([scanner.take(0), scanner.lines, scanner.rest], [1, 1, line.length]);
      }
    }
  });

  it('as many types as one call takes lines: each has its own run, and no line changes', () => {
    const names = Array.from({ length: 1_100 }, (_, n) => `type ${n}`);
    const scanner = scannerOf(KEY, names);
    const lines = names.map((name) => `{"log_type":"${name}"}\n`);
    const window = Buffer.from(lines.join(''));
    scanner.open(window, 0, window.length);
    const found: string[] = [];
    for (const runs of [1_024, 76]) {
      assert.equal(scanner.take(Buffer.byteLength(found.join(''))), runs);
      for (let run = 0; run < runs; run++) {
        assert.deepEqual([scanner.placeOf(run), scanner.linesOf(run)], [found.length, 1]);
        const start = scanner.startOf(run);
        found.push(scanner.gathered.toString('utf8', start, start + scanner.bytesOf(run)));
      }
    }
    assert.deepEqual(found, lines);
  });

  it('a type key that JSON spells with an escape is never found fast; any other one is', () => {
    assert.equal(find('{"a\\"b":"a"}', { key: 'a"b' }), undefined);
    assert.equal(find('{"a\tb":"a"}', { key: 'a\tb' }), undefined);
    assert.equal(find('{"a\\\\b":"a"}', { key: 'a\\b' }), undefined);
    assert.equal(find('{"유형":"a"}', { key: '유형' })?.type, 'a');
    assert.equal(find('{"":"a"}', { key: '' })?.type, 'a');
    assert.equal(find('{"t":"a"}', { key: 't' })?.type, 'a');
  });
});

/** Replaces a byte of a line. */
function edited(line: Buffer, [at, text]: [number, string]): Buffer {
  const place = at % line.length;
  return Buffer.concat([line.subarray(0, place), Buffer.from(text), line.subarray(place + 1)]);
}

/** Asserts that the fast scanner says nothing else than the other one. @returns Whether it was sure. */
function assertTrue(line: Buffer): boolean {
  const content = line.at(-1) === 0x0d ? line.subarray(0, -1) : line;
  const found = find(line);
  if (found === undefined) return false;
  assert.deepEqual(judge(content), { type: found.type, duplicate: false }, line.toString());
  assert.equal(found.content, content.toString());
  assert.equal(found.length, line.length + 1);
  return true;
}

describe('the types that the fast scanner knows', () => {
  const typeOf = (types: string[], type: string): string | undefined =>
    find(`{"log_type":"${type}"}`, { types })?.type;

  it('100,000 names: finds each by its bytes, and no other', () => {
    const names = Array.from({ length: 100_000 }, (_, n) => `type/${n.toString(36)}`);
    const scanner = new FastTypeScanner(KEY, names);
    const lines = names.map((name) => `{"log_type":"${name}"}\n`);
    const others = names.flatMap((name) => [`{"log_type":"${name}!"}\n`, `{"log_type":"!${name}"}\n`]);
    for (let first = 0; first < names.length; first += 1_000) {
      const window = Buffer.from(lines.slice(first, first + 1_000).join(''));
      scanner.open(window, 0, window.length);
      assert.equal(scanner.take(0), 1_000);
      for (let run = 0; run < 1_000; run++) assert.equal(scanner.placeOf(run), first + run);
    }
    for (const line of others) {
      const window = Buffer.from(line);
      scanner.open(window, 0, window.length);
      assert.equal(scanner.take(0), 0, line);
    }
  });

  it('names whose hashes collide are told apart', () => {
    // FNV-1a of 32 bits gives both the same hash.
    const names = ['costarring', 'liquid'];
    assert.deepEqual(
      names.map((name) => typeOf(names, name)),
      names,
    );
    assert.equal(typeOf(['liquid'], 'costarring'), undefined);
  });

  it('no names: finds none', () => {
    assert.equal(typeOf([], 'a'), undefined);
    assert.equal(typeOf([], ''), undefined);
  });
});
