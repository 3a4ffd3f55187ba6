import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { recordEnvironment } from '../../support/program.ts';
import { snapshotOf } from './snapshot.ts';

const UPDATE = process.env.UPDATE_SNAPSHOTS === '1';

describe('everything that the program makes', () => {
  for (const environment of ['dev', 'prod'] as const) {
    it(`${environment}: is what stands in ${environment}.snapshot.yaml (UPDATE_SNAPSHOTS=1 writes it anew)`, async () => {
      const file = fileURLToPath(new URL(`${environment}.snapshot.yaml`, import.meta.url));
      const found = snapshotOf(await recordEnvironment(environment));
      if (UPDATE) writeFileSync(file, found);
      assert.equal(found, readFileSync(file, 'utf8'));
    });
  }
});
