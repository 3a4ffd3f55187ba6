import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ParkedError, TerminalError, TransientError } from '../../workloads/core/errors.ts';
import { systemFailure } from '../../workloads/core/system-failure.ts';
import { itIf } from '../support/skip.ts';
import { tempFolder } from '../support/temp.ts';

const OUT_OF_FILES = fileURLToPath(new URL('../support/out-of-files.ts', import.meta.url));
/** More than Node has open for itself, about 25. */
const MOST_FILES = 64;

const failed = (code: string): NodeJS.ErrnoException => Object.assign(new Error(`${code}: x`), { code });

describe('an error of the operating system', () => {
  it('too many open files can be helped by a retry, and each limit has its advice; all else keeps the caller’s', () => {
    const advice = 'Check it.';
    const told = (code: string): unknown[] => {
      const error = systemFailure('Doing it to x failed', failed(code), { advice, context: { object: 'x' } });
      return [
        error.constructor,
        error.message,
        /ulimit -n|fs\.file-max/.exec(error.advice!)?.[0],
        error.context,
      ];
    };
    const context = { object: 'x' };
    assert.deepEqual(told('EMFILE'), [TransientError, 'Doing it to x failed (EMFILE)', 'ulimit -n', context]);
    assert.deepEqual(told('ENFILE'), [
      TransientError,
      'Doing it to x failed (ENFILE)',
      'fs.file-max',
      context,
    ]);
    assert.deepEqual(told('EACCES'), [TerminalError, 'Doing it to x failed (EACCES)', undefined, context]);
    const other = systemFailure('Doing it', new Error('no code'), { advice });
    assert.deepEqual([other.message, other.advice, other.context], ['Doing it (no code)', advice, {}]);
    const ours = new ParkedError('ours');
    assert.equal(systemFailure('Doing it', ours, { advice }), ours);
  });

  itIf(process.platform !== 'win32', 'a shell sets the limit')(
    'no file can be opened any more: scratch and directories say so, as something that passes',
    async () => {
      const folder = tempFolder();
      const { stdout, stderr } = spawnSync(
        'sh',
        ['-c', `ulimit -n ${MOST_FILES} && exec "$@"`, 'sh', process.execPath, OUT_OF_FILES, folder],
        { encoding: 'utf8', env: { PATH: process.env.PATH } },
      );
      assert.equal(stderr, '');
      const said = JSON.parse(stdout) as Record<
        string,
        { name: string; message: string; advice: string; retry: boolean }
      >;
      const messages = Object.fromEntries(
        Object.entries(said).map(([door, { message }]) => [door, message.replaceAll(/\d{6}-/g, '')]),
      );
      assert.deepEqual(messages, {
        'a new file': 'Scratch: opening SCRATCH/new failed (EMFILE)',
        'an append': 'Scratch: writing SCRATCH/appended failed (EMFILE)',
        'a text': 'Scratch: writing SCRATCH/other failed (EMFILE)',
        'a spool that is read back': 'Scratch: opening SCRATCH/spool.raw failed (EMFILE)',
        'a long line that is read back': 'Scratch: opening SCRATCH/long-line failed (EMFILE)',
        'an object that is read': 'Object file:./store/k: cannot read it (EMFILE)',
        'an object that is created': 'Object file:./store/l: cannot create it (EMFILE)',
        'a listing': 'Listing ./store failed (EMFILE)',
      });
      for (const [door, { name, advice, retry }] of Object.entries(said))
        assert.deepEqual([name, retry, advice.includes('ulimit -n')], ['TransientError', true, true], door);
    },
  );
});
