import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { compileKernel, kernelNames, modulePath } from '../../../scripts/kernels.ts';

describe('kernels', function () {
  this.timeout(60_000);

  for (const name of kernelNames())
    it(`${name}: the module is what its source compiles to`, async () => {
      const isSame = (await readFile(modulePath(name), 'utf8')) === (await compileKernel(name));
      assert.ok(isSame, `kernels/${name}.ts was changed: npm run kernels`);
    });
});
