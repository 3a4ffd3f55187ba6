import assert from 'node:assert/strict';
import { HourBench, lineOf } from '../support/hour-bench.ts';
import { tempFolder } from '../support/temp.ts';

/** Longer than what is read at once from a directory, so that what follows begins in another block. */
const CLEAN = `${lineOf('a', { n: 1 })}\n`.repeat(20_000);
const MIB = 1024 * 1024;

const broken = (byte: number, padding: number): Buffer =>
  Buffer.concat([
    Buffer.from('{"log_type":"a","s":"'),
    Buffer.of(byte),
    Buffer.alloc(padding, 'x'),
    Buffer.from('"}'),
  ]);

describe('a block of clean lines proves nothing of the line after it', () => {
  for (const [reason, byte] of [
    ['not_utf8', 0xff],
    ['raw_nul', 0],
  ] as const) {
    for (const [what, padding] of [
      ['straddles blocks', 700_000],
      ['is over 1 MiB', 2 * MIB],
    ] as const) {
      it(`${reason} in a line that ${what}: quarantined byte for byte, its neighbours staged`, async () => {
        const bad = broken(byte, padding);
        const hour = new HourBench(tempFolder(), 'a');
        hour.put('x.json', Buffer.concat([Buffer.from(CLEAN), bad, Buffer.from(`\n${CLEAN}`)]));
        const { manifest } = await hour.classify();
        assert.deepEqual(
          hour.quarantined(manifest).map(({ reason: found, line }) => [found, line]),
          [[reason, 20_001]],
        );
        assert.ok(hour.quarantined(manifest)[0]!.raw.equals(bad));
        assert.ok(hour.staged(manifest, 'a').equals(Buffer.from(CLEAN + CLEAN)));
      });
    }
  }
});
