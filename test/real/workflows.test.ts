import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempFolder } from '../support/temp.ts';
import { tool } from './support/toolchain.ts';

const ROOT = new URL('../../', import.meta.url).pathname;

/** What actionlint says of all workflows below a folder's .github/, without its snippets. */
function lint(folder: string): { readonly status: number | null; readonly said: string } {
  const { error, status, stdout, stderr } = spawnSync(tool('actionlint'), ['-oneline', '-no-color'], {
    cwd: folder,
    encoding: 'utf8',
  });
  if (error !== undefined) throw error;
  return { status, said: `${stdout}${stderr}` };
}

describe('actionlint', () => {
  it('finds nothing wrong with the workflows, nor with how they call the action of this repository', () => {
    assert.deepEqual(lint(ROOT), { status: 0, said: '' });
  });

  it('would say so', () => {
    const folder = tempFolder();
    const workflows = join(folder, '.github/workflows');
    mkdirSync(workflows, { recursive: true });
    mkdirSync(join(folder, '.git'));
    writeFileSync(
      join(workflows, 'wrong.yml'),
      'on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: echo ${{ matrix.stack }}\n',
    );
    const { status, said } = lint(folder);
    assert.equal(status, 1);
    assert.match(
      said,
      /^\.github\/workflows\/wrong\.yml:6:23: property "stack" is not defined in object type \{\}/,
    );
  });
});
