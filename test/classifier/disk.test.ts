import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { after } from 'mocha';
import { TerminalError } from '../../workloads/core/errors.ts';
import { parseHour } from '../../workloads/core/hour.ts';
import { Scratch } from '../../workloads/core/scratch/scratch.ts';
import { HOUR, HourBench, lineOf } from '../support/hour-bench.ts';
import { Road } from '../support/road.ts';
import { itIf } from '../support/skip.ts';
import { tempFolder } from '../support/temp.ts';

const LARGE = Array.from(
  { length: 2_000 },
  (_, n) => `${lineOf(`t${n % 4}`, { pad: randomBytes(500).toString('hex') })}\n`,
).join('');
const TYPES = Array.from({ length: 4 }, (_, n) => `t${n}`);
const NEXT = parseHour('2026-11-20T15');

/** A small disk of its own, where the machine lets us mount one. */
function mountTmpfs(folder: string, size: string): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder]).status !== 0) return false;
  return true;
}

const isFull = (error: unknown): boolean =>
  error instanceof TerminalError && error.message.includes('Scratch') && error.exitCode === 1;

describe('disk full', () => {
  for (const share of [0.3, 0.8, 1.05, 1.6]) {
    it(`--scratch-limit at ${share} of the hour: a typed error before the manifest, scratch given back, the next hour stands alone`, async () => {
      const hour = new HourBench(tempFolder(), ...TYPES);
      hour.put('x.json', `${LARGE}?\n`);
      hour.put('y.json', `${lineOf('t1')}\n`, NEXT);
      const scratch = await Scratch.create(join(hour.folder, 'scratch'), Math.floor(LARGE.length * share));
      const compression = { kind: 'none', level: 1 } as const;
      const outcome = await hour.classify({ scratch, compression }).catch((error: unknown) => error);
      assert.ok(share > 1 || isFull(outcome), String(outcome));
      assert.deepEqual(hour.epochs(), share > 1 ? ['1.json'] : []);
      assert.deepEqual(readdirSync(scratch.folder), []);
      assert.equal((await hour.classify({ scratch }, NEXT)).manifest.staged, 1);
      await assert.rejects(
        async () => scratch.claim(LARGE.length * share),
        TerminalError,
        'the allowance is neither lost nor larger',
      );
      assert.doesNotThrow(() => scratch.claim(Math.floor(LARGE.length * share * 0.9) - 1));
      await scratch.remove();
    });
  }

  it('on the command line: exit 1, says what to raise; an hour that fits is done', async () => {
    const fields = [{ name: 'log_type', type: 'STRING' }];
    const road = new Road(tempFolder(), Object.fromEntries(TYPES.map((type) => [type, { fields }])));
    road.put(HOUR, 'x.json', LARGE);
    road.put(NEXT, 'x.json', `${lineOf('t1')}\n`);
    const { code, stdout, stderr } = await road.command(
      'classify',
      `${HOUR}..${NEXT}`,
      '--json',
      '--scratch-limit',
      '500KB',
    );
    assert.equal(code, 1);
    assert.match(stderr, /--scratch-limit/);
    assert.deepEqual(
      (JSON.parse(stdout) as { hours: { state: string }[] }).hours.map(({ state }) => state),
      ['failed', 'done'],
    );
  });

  let fewFiles = '';
  after(() => void spawnSync('umount', [fewFiles]));
  fewFiles = tempFolder();
  // The root, the scratch folder and a file.
  itIf(mountTmpfs(fewFiles, '1m,nr_inodes=3'), 'mounting a tmpfs needs root')(
    'a disk with room for bytes and for no further file: a typed error that says where to look',
    async () => {
      const scratch = await Scratch.create(fewFiles);
      const last = scratch.open('last');
      assert.throws(
        () => scratch.open('more'),
        (error: unknown) => {
          assert.ok(isFull(error), String(error));
          const { message, advice } = error as TerminalError;
          assert.equal(
            message,
            `Scratch: opening ${join(scratch.folder, '000001-more')} failed, the disk is full (ENOSPC)`,
          );
          return advice!.includes('df -i');
        },
      );
      last.close();
      await scratch.remove();
    },
  );

  let tiny = '';
  // Before the folder's own removal, which a mount would refuse.
  after(() => void spawnSync('umount', [tiny]));
  tiny = tempFolder();
  itIf(mountTmpfs(tiny, '1m'), 'mounting a tmpfs needs root')(
    'a real full disk: a typed error before the manifest, and no file left',
    async () => {
      const hour = new HourBench(tempFolder(), ...TYPES);
      hour.put('y.json', `${lineOf('t1')}\n`, NEXT);
      for (const size of [1_200_000, LARGE.length]) {
        hour.put('x.json', LARGE.slice(0, size).replaceAll(/"t\d"/g, '"t1"'));
        const scratch = await Scratch.create(tiny);
        await assert.rejects(
          hour.classify({ scratch, compression: { kind: 'none', level: 1 }, partBytes: 2 ** 30 }),
          (error: unknown) => {
            assert.ok(isFull(error), String(error));
            return (error as Error).message.includes('disk is full (ENOSPC)');
          },
        );
        assert.deepEqual(hour.epochs(), []);
        assert.deepEqual(readdirSync(scratch.folder), []);
        assert.equal((await hour.classify({ scratch }, NEXT)).manifest.staged, 1);
        await scratch.remove();
      }
    },
  );
});
