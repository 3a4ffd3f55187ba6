import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { compileKernel, kernelNames, modulePath, moduleText } from '../../scripts/kernels.ts';

describe('the kernels in the repository', () => {
  for (const name of kernelNames())
    it(`${name}: its module is what its source compiles to`, async () => {
      assert.equal(readFileSync(modulePath(name), 'utf8'), moduleText(name, await compileKernel(name)));
    });

  it('are all of those in kernels/', () =>
    assert.deepEqual(kernelNames(), ['deflate', 'row-check', 'type-scan']));
});
