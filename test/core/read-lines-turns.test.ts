import assert from 'node:assert/strict';
import { readLines } from '../../workloads/core/lines/read-lines.ts';
import { Scratch } from '../../workloads/core/scratch/scratch.ts';
import { tempFolder } from '../support/temp.ts';

const CHUNK = Buffer.from(`${'x'.repeat(1023)}\n`.repeat(256));

/** Chunks that are there at once: nobody waits for them. */
async function* ready(chunks: number): AsyncGenerator<Buffer> {
  for (let chunk = 0; chunk < chunks; chunk++) yield await Promise.resolve(CHUNK);
}

describe('reading lines that are there at once', () => {
  let scratch: Scratch;
  before(async () => (scratch = await Scratch.create(tempFolder())));

  for (const [what, objects, chunks] of [
    ['one large object', 1, 256],
    ['many small ones', 256, 1],
  ] as const) {
    it(`lets signals and timers through every few MiB: ${what}`, async () => {
      const stop = new AbortController();
      const pause = (): void => stop.signal.throwIfAborted();
      setImmediate(() => stop.abort('SIGTERM'));
      let lines = 0;
      const reading = async (): Promise<void> => {
        for (let object = 0; object < objects; object++)
          await readLines(ready(chunks), scratch, () => lines++, pause);
      };
      await assert.rejects(reading, (reason) => reason === 'SIGTERM');
      assert.ok(lines * 1024 <= 4 * 1024 * 1024, `${lines} lines`);
    });
  }
});
