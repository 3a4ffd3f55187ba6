import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { recordEnvironment, type Environment, type Overrides } from '../../support/program.ts';
import { EVERY_SWITCH } from '../../support/rules/every-switch.ts';
import { snapshotOf } from './snapshot.ts';

const UPDATE = process.env.UPDATE_SNAPSHOTS === '1';

/** The committed stack files; dev in a cluster of its own that some networks reach; production with all there is for its safety. */
const PROGRAMS: Readonly<Record<string, readonly [Environment, Overrides?]>> = {
  dev: ['dev'],
  prod: ['prod'],
  'gke-autopilot': [
    'dev',
    {
      'logferry:cluster': 'gke-autopilot',
      'logferry:clusterIssuer': undefined,
      'logferry:gkeAuthorizedNetworks': '["203.0.113.0/24"]',
    },
  ],
  'every-switch': ['prod', EVERY_SWITCH],
};

describe('everything that the program makes', () => {
  for (const [name, [environment, overrides]] of Object.entries(PROGRAMS)) {
    it(`${name}: is what stands in ${name}.snapshot.yaml (UPDATE_SNAPSHOTS=1 writes it anew)`, async () => {
      const file = fileURLToPath(new URL(`${name}.snapshot.yaml`, import.meta.url));
      const found = snapshotOf(await recordEnvironment(environment, overrides));
      if (UPDATE) writeFileSync(file, found);
      assert.equal(found, readFileSync(file, 'utf8'));
    });
  }
});
