import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { SourceChangedError, TransientError } from '../../workloads/core/errors.ts';
import type { ListPage } from '../../workloads/core/ports/object-store.ts';
import { FaultyStore } from '../support/faulty-store.ts';
import { HOUR, HourBench, lineOf } from '../support/hour-bench.ts';
import { tempFolder } from '../support/temp.ts';

const bench = (): HourBench => new HourBench(tempFolder(), 'a', 'b');
const A = (n: number): string => `${lineOf('a', { n })}\n`;

describe('source: the listing', () => {
  it('a LIST page fails: the same token again, never a partial listing', async () => {
    const hour = bench();
    for (let n = 0; n < 5; n++) hour.put(`${n}.json`, A(n));
    const asked: (string | undefined)[] = [];
    let fail = true;
    const source = new FaultyStore(
      hour.source,
      {
        list: async (_prefix, next, go) => {
          asked.push(next);
          if (next === undefined || !fail) return go();
          fail = false;
          throw new TransientError('503');
        },
      },
      2,
    );
    const { manifest } = await hour.classify({ source });
    assert.equal(manifest.lines, 5);
    assert.equal(asked[1], hour.keyOf('1.json'));
    assert.equal(asked[2], hour.keyOf('1.json'));
  });

  it('a LIST page fails for good: no manifest', async () => {
    const hour = bench();
    for (let n = 0; n < 3; n++) hour.put(`${n}.json`, A(n));
    const source = new FaultyStore(
      hour.source,
      {
        list: (_prefix, next, go) => (next === undefined ? go() : Promise.reject(new TransientError('503'))),
      },
      2,
    );
    await assert.rejects(hour.classify({ source }), TransientError);
    assert.deepEqual(hour.written(), []);
  });

  it('a key twice in a listing counts once', async () => {
    const hour = bench();
    hour.put('x.json', A(1));
    const twice = async (
      _prefix: string,
      _next: string | undefined,
      go: () => Promise<ListPage>,
    ): Promise<ListPage> => {
      const { objects } = await go();
      return { objects: [...objects, ...objects] };
    };
    const { manifest } = await hour.classify({ source: new FaultyStore(hour.source, { list: twice }) });
    assert.equal(manifest.lines, 1);
    assert.deepEqual(
      manifest.sources.map(({ key }) => key),
      [hour.keyOf('x.json')],
    );
  });

  it('a key added while listing: the listing is read to a fixed point', async () => {
    const hour = bench();
    hour.put('m.json', A(2));
    hour.put('n.json', A(3));
    let listings = 0;
    const source = new FaultyStore(hour.source, {
      list: async (_prefix, _next, go) => {
        const page = await go();
        if (++listings === 1) hour.put('b.json', A(1));
        return page;
      },
    });
    const { manifest } = await hour.classify({ source });
    assert.equal(hour.staged(manifest, 'a').toString(), A(1) + A(2) + A(3));
    assert.equal(listings, 3);
  });

  it('a listing that never comes to rest is not ready', async () => {
    const hour = bench();
    let n = 0;
    const source = new FaultyStore(hour.source, {
      list: (_prefix, _next, go) => {
        hour.put(`${n++}.json`, A(n));
        return go();
      },
    });
    await assert.rejects(hour.classify({ source }), SourceChangedError);
    assert.deepEqual(hour.epochs(), []);
  });
});

describe('source: objects that change', () => {
  /** Does something once, after the body of `name` was begun. */
  const during = (hour: HourBench, name: string, act: () => void): FaultyStore => {
    let done = false;
    return new FaultyStore(hour.source, {
      read: async (key, go) => {
        const body = await go();
        if (done || key !== hour.keyOf(name)) return body;
        done = true;
        act();
        return body;
      },
    });
  };

  it('overwritten mid-read: begins again from the listing and ends right', async () => {
    const hour = bench();
    hour.put('1.json', A(1));
    hour.put('2.json', A(2));
    const source = during(hour, '2.json', () => hour.put('2.json', A(20) + A(21)));
    const { manifest } = await hour.classify({ source });
    assert.equal(hour.staged(manifest, 'a').toString(), A(1) + A(20) + A(21));
    assert.equal(manifest.epoch, 1);
  });

  it('overwritten between listing and read (412): begins again and ends right', async () => {
    const hour = bench();
    hour.put('1.json', A(1));
    let done = false;
    const source = new FaultyStore(hour.source, {
      read: (_key, go) => {
        if (!done) hour.put('1.json', A(10) + A(11));
        done = true;
        return go();
      },
    });
    const { manifest } = await hour.classify({ source });
    assert.equal(hour.staged(manifest, 'a').toString(), A(10) + A(11));
  });

  it('a new key comes while an attempt begins again: it is in', async () => {
    const hour = bench();
    hour.put('2.json', A(2));
    const source = during(hour, '2.json', () => {
      hour.put('2.json', A(22));
      hour.put('1.json', A(1));
    });
    const { manifest } = await hour.classify({ source });
    assert.equal(hour.staged(manifest, 'a').toString(), A(1) + A(22));
  });

  it('deleted for good before its read: parked, for its lines would be lost silently; --allow-shrink and the next run take the rest', async () => {
    for (const allowed of [true, false]) {
      const hour = bench();
      hour.put('1.json', A(1));
      hour.put('2.json', A(2));
      const source = during(hour, '1.json', () => hour.remove('2.json'));
      const first = hour.classify({ source, allowShrink: allowed });
      if (!allowed) {
        await assert.rejects(first, {
          name: 'ParkedError',
          message: `Hour ${HOUR}: parked: 1 object(s) that this run had listed vanished or shrank in ${hour.source.url}; 2026/11/20/14/2.json: expected ${A(2).length} bytes, found nothing`,
        });
        assert.deepEqual(hour.epochs(), []);
      }
      const { manifest } = allowed ? await first : await hour.classify();
      assert.equal(hour.staged(manifest, 'a').toString(), A(1));
      const warnings = hour.logged
        .filter(({ severity }) => severity === 'WARNING')
        .map(({ message }) => message);
      assert.equal(warnings.length, 1);
      assert.match(warnings[0]!, /2026\/11\/20\/14\/2\.json/);
    }
  });

  it('the only one, deleted while it is read: no empty hour', async () => {
    const hour = bench();
    hour.put('1.json', A(1).repeat(100_000));
    const source = during(hour, '1.json', () => hour.remove('1.json'));
    await assert.rejects(hour.classify({ source }), { name: 'ParkedError' });
    assert.deepEqual(hour.epochs(), []);
  });

  it('deleted between two listings: parked', async () => {
    const hour = bench();
    hour.put('1.json', A(1));
    hour.put('2.json', A(2));
    let listings = 0;
    const source = new FaultyStore(hour.source, {
      list: async (_prefix, _next, go) => {
        const page = await go();
        if (listings++ === 0) hour.remove('2.json');
        return page;
      },
    });
    await assert.rejects(hour.classify({ source }), { name: 'ParkedError' });
    assert.deepEqual(hour.epochs(), []);
  });

  it('changed in two attempts and deleted in the third: parked, not left to a next run that would not miss it', async () => {
    const hour = bench();
    hour.put('1.json', A(1));
    hour.put('2.json', A(2));
    let reads = 0;
    const source = new FaultyStore(hour.source, {
      read: (key, go) => {
        if (key.endsWith('2.json')) {
          reads++;
          if (reads < 3) hour.put('2.json', A(2).repeat(1 + reads));
          else hour.remove('2.json');
        }
        return go();
      },
    });
    await assert.rejects(hour.classify({ source }), {
      name: 'ParkedError',
      message: /2\.json: expected .* found nothing/,
    });
    assert.equal(reads, 3);
    assert.deepEqual(hour.epochs(), []);
  });

  it('deleted once another run has committed it: parked as what an epoch has lost', async () => {
    const hour = bench();
    hour.put('1.json', A(1));
    hour.put('2.json', A(2));
    let done = false;
    const source = new FaultyStore(hour.source, {
      read: async (_key, go) => {
        if (!done) {
          done = true;
          await hour.classify();
          hour.remove('2.json');
        }
        return go();
      },
    });
    await assert.rejects(hour.classify({ source }), {
      name: 'ParkedError',
      message: /1 object\(s\) of epoch 1 vanished or shrank/,
    });
    assert.deepEqual(hour.epochs(), ['1.json']);
  });

  it('changes with every attempt: left to the next run (75), no manifest', async () => {
    const hour = bench();
    let n = 1;
    hour.put('1.json', A(n));
    const source = new FaultyStore(hour.source, {
      read: (_key, go) => {
        hour.put('1.json', A(n).repeat(++n));
        return go();
      },
    });
    await assert.rejects(
      hour.classify({ source }),
      (error: unknown) => error instanceof SourceChangedError && error.exitCode === 75,
    );
    assert.deepEqual(hour.written(), []);
  });

  for (const [kind, encode] of [
    ['plain', (text: string) => Buffer.from(text)],
    ['gzip', (text: string) => gzipSync(text)],
  ] as const) {
    it(`body of a ${kind} object cut short without an error: begins again, neither lines lost nor the object called damaged`, async () => {
      const hour = bench();
      const path = hour.put('1.json', encode(A(1) + A(2) + A(3)));
      const bytes = readFileSync(path);
      let cuts = 0;
      const source = new FaultyStore(hour.source, {
        read: (_key, go) =>
          cuts++ === 0 ? Promise.resolve(Readable.from([bytes.subarray(0, bytes.length - 12)])) : go(),
      });
      const { manifest } = await hour.classify({ source });
      assert.equal(hour.staged(manifest, 'a').toString(), A(1) + A(2) + A(3));
      assert.equal(manifest.damaged, false);
      assert.equal(cuts, 2);
    });
  }

  it('a connection that breaks mid-body is not an end: the error is told, no manifest', async () => {
    const hour = bench();
    hour.put('1.json', gzipSync(A(1)));
    const source = new FaultyStore(hour.source, {
      read: async () =>
        Readable.from(
          (async function* () {
            yield gzipSync(A(1)).subarray(0, 12);
            throw new TransientError('ECONNRESET');
          })(),
        ),
    });
    await assert.rejects(hour.classify({ source }), /ECONNRESET/);
    assert.deepEqual(hour.written(), []);
  });
});

describe('source: compression is told by magic bytes', () => {
  it('gzip named .json and plain named .gz', async () => {
    const hour = bench();
    hour.put('1.json', gzipSync(A(1)));
    hour.put('2.json.gz', A(2));
    const { manifest } = await hour.classify();
    assert.equal(hour.staged(manifest, 'a').toString(), A(1) + A(2));
    assert.deepEqual(
      manifest.sources.map(({ lines, bytes }) => ({ lines, bytes })),
      [
        { lines: 1, bytes: A(1).length },
        { lines: 1, bytes: A(2).length },
      ],
    );
  });

  it('0-byte plain object: 0 rows, not damaged', async () => {
    const hour = bench();
    hour.put('0.json', '');
    const { manifest } = await hour.classify();
    assert.deepEqual(
      [manifest.lines, manifest.damaged, manifest.sources.length, manifest.epoch],
      [0, false, 1, 1],
    );
    assert.equal(manifest.hour, HOUR);
  });
});
