import assert from 'node:assert/strict';
import { readLines } from '../../workloads/core/lines/read-lines.ts';
import { Scratch } from '../../workloads/core/scratch/scratch.ts';
import { tempFolder } from '../support/temp.ts';

const CHUNK = Buffer.from(`${'x'.repeat(1023)}\n`.repeat(256));
const CHUNKS = 256;

/** Chunks that are there at once: nobody waits for them. */
async function* ready(): AsyncGenerator<Buffer> {
  for (let chunk = 0; chunk < CHUNKS; chunk++) yield await Promise.resolve(CHUNK);
}

describe('reading lines that are there at once', () => {
  it('lets signals and timers through every few MiB, before the object ends', async () => {
    const scratch = await Scratch.create(tempFolder());
    const stop = new AbortController();
    setImmediate(() => stop.abort('SIGTERM'));
    let lines = 0;
    const reading = readLines(
      ready(),
      scratch,
      () => lines++,
      () => stop.signal.throwIfAborted(),
    );
    await assert.rejects(reading, (reason) => reason === 'SIGTERM');
    assert.equal(lines, (4 * 1024 * 1024) / 1024);
  });
});
