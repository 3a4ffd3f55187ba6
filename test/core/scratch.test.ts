import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { TerminalError } from '../../workloads/core/errors.ts';
import { Scratch } from '../../workloads/core/scratch/scratch.ts';
import { SpoolPool } from '../../workloads/core/scratch/spool-pool.ts';
import { tempFolder } from '../support/temp.ts';

const PLAIN = { kind: 'none', level: 1 } as const;

describe('scratch', () => {
  it('spools of one pool: each holds exactly what was appended to it, in order, however many there are', async () => {
    const scratch = await Scratch.create(tempFolder());
    const writes = fc.array(fc.tuple(fc.nat({ max: 4 }), fc.nat({ max: 80_000 })), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(writes, async (appends) => {
        const pool = new SpoolPool(scratch);
        const spools = [0, 1, 2, 3, 4].map((n) =>
          pool.open(`spool ${n}`, { kind: n % 2 === 0 ? 'gzip' : 'none', level: 1 }),
        );
        const expected = spools.map(() => [] as Buffer[]);
        appends.forEach(([spool, length], index) => {
          const bytes = Buffer.alloc(length, index);
          spools[spool]!.append(bytes);
          expected[spool]!.push(Buffer.from(bytes));
        });
        for (const [index, spool] of spools.entries()) {
          const file = await spool.seal();
          const bytes = readFileSync(file.path);
          assert.equal(bytes.length, file.size);
          assert.ok((index % 2 === 0 ? gunzipSync(bytes) : bytes).equals(Buffer.concat(expected[index]!)));
          scratch.release(file.path, file.size);
        }
        assert.deepEqual(readdirSync(scratch.folder), []);
      }),
      { numRuns: 40 },
    );
  });

  it('stops at 90 % of its limit, and takes again what was given back', async () => {
    const scratch = await Scratch.create(tempFolder(), 1_000);
    const path = scratch.path('a');
    scratch.append(path, Buffer.alloc(900));
    assert.throws(() => scratch.append(path, Buffer.alloc(1)), TerminalError);
    assert.equal(readFileSync(path).length, 900);
    scratch.release(path, 900);
    scratch.append(path, Buffer.alloc(900));
  });

  it('closes a file once: its number may be another file’s by then', async () => {
    const scratch = await Scratch.create(tempFolder());
    const first = scratch.open('first');
    first.close();
    const second = scratch.open('second');
    first.close();
    second.write(Buffer.from('x'));
    second.close();
    assert.equal(readFileSync(second.path, 'utf8'), 'x');
    await scratch.remove();
  });

  it('discarding a spool on a full disk writes nothing and takes nothing from the allowance of others', async () => {
    const scratch = await Scratch.create(tempFolder(), 100_000);
    const pool = new SpoolPool(scratch);
    const spools = [pool.open('a', PLAIN), pool.open('b', PLAIN)];
    spools[0]!.append(Buffer.alloc(89_500));
    spools[1]!.append(Buffer.alloc(800));
    for (const spool of spools) spool.discard();
    for (const spool of spools) spool.discard();
    assert.deepEqual(readdirSync(scratch.folder), []);
    scratch.claim(90_000);
    assert.throws(() => scratch.claim(1), TerminalError);
  });

  it('what the disk says of a file is told with the file and what to do; another error is a defect and stays as it is', async () => {
    const scratch = await Scratch.create(tempFolder());
    const gone = scratch.path('gone');
    const told = { name: 'TerminalError', message: `Scratch: opening ${gone} failed (ENOENT)` };
    assert.throws(() => scratch.openToRead(gone), told);
    await scratch.remove();
    assert.throws(() => scratch.open('new'), {
      name: 'TerminalError',
      message: `Scratch: opening ${join(scratch.folder, '000001-new')} failed (ENOENT)`,
      advice: /^Something removed or locked a file of the scratch folder, .* run again, or point --scratch/,
    });
    assert.throws(() => scratch.append(gone, 5 as unknown as Uint8Array), TypeError);
  });

  it('is removed whole, and a folder that cannot be made is an error that says so', async () => {
    const parent = tempFolder();
    const scratch = await Scratch.create(parent);
    scratch.append(scratch.path('a/../b'), Buffer.from('x'));
    await scratch.remove();
    assert.deepEqual(readdirSync(parent), []);
    await assert.rejects(Scratch.create(join(parent, 'none')), (error: unknown) => {
      return (
        error instanceof TerminalError &&
        error.message.includes('none') &&
        error.advice!.includes('--scratch')
      );
    });
  });
});
