import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DirectoryStore } from '../../../workloads/adapters/directory/directory-store.ts';
import { ReadRing } from '../../../workloads/core/bytes/read-ring.ts';
import { OURS } from '../../../workloads/core/compression/decode.ts';
import { readLines } from '../../../workloads/core/lines/read-lines.ts';
import { Scratch } from '../../../workloads/core/scratch/scratch.ts';
import { tempFolder } from '../../support/temp.ts';

const MIB = 1024 * 1024;

/** What a signal, a timer or a heartbeat is to a process: it comes with the next turn of the event loop. */
function countTurns(): { readonly turns: () => number; readonly stop: () => void } {
  let turns = 0;
  let pending: NodeJS.Immediate;
  const again = (): void => {
    turns++;
    pending = setImmediate(again);
  };
  pending = setImmediate(again);
  return { turns: () => turns, stop: () => clearImmediate(pending) };
}

/** The event loop's turns while something is done. */
async function turnsOf(work: () => Promise<void>): Promise<number> {
  const counted = countTurns();
  try {
    await work();
    return counted.turns();
  } finally {
    counted.stop();
  }
}

describe('the event loop, while files are read', () => {
  const folder = tempFolder();
  const store = new DirectoryStore(folder);
  const lines = Buffer.from(`${'x'.repeat(1023)}\n`.repeat(16 * 1024));
  let scratch: Scratch;

  before(async () => {
    scratch = await Scratch.create(tempFolder());
    writeFileSync(join(folder, 'large'), lines);
    writeFileSync(join(folder, 'large.gz'), gzipSync(lines));
    for (let file = 0; file < 64; file++) writeFileSync(join(folder, `small-${file}`), '{}\n');
  });

  const read = async (key: string): Promise<void> => {
    await readLines(await store.read(key, { ring: new ReadRing() }), OURS, scratch, () => undefined);
  };

  for (const key of ['large', 'large.gz'])
    it(`turns every MiB of a large object: ${key}`, async () => {
      const turns = await turnsOf(() => read(key));
      assert.ok(turns >= lines.length / MIB, `${turns} turns`);
    });

  it('turns for each of many small objects', async () => {
    const turns = await turnsOf(async () => {
      for (let file = 0; file < 64; file++) await read(`small-${file}`);
    });
    assert.ok(turns >= 64, `${turns} turns`);
  });

  it('turns while the checksum of an object is made', async () => {
    const turns = await turnsOf(async () => {
      await store.head('large');
    });
    assert.ok(turns >= lines.length / MIB, `${turns} turns`);
  });

  it('lets a reader stop in the middle of an object', async () => {
    const stop = new AbortController();
    setImmediate(() => stop.abort('SIGTERM'));
    let seen = 0;
    const reading = readLines(
      await store.read('large', { ring: new ReadRing() }),
      OURS,
      scratch,
      () => seen++,
      () => stop.signal.throwIfAborted(),
    );
    await assert.rejects(reading, (reason) => reason === 'SIGTERM');
    assert.ok(seen * 1024 <= MIB, `${seen} lines`);
  });
});
