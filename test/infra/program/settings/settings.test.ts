import assert from 'node:assert/strict';
import { CONFIG_KEYS, DEFINITIONS } from '../../../../infra/config/definitions.ts';
import type { Recorded } from '../../../support/pulumi-mocks.ts';
import { recordEnvironment } from '../../../support/program.ts';
import { found, NOT_REGISTERED } from './reach.ts';
import { SCENARIOS } from './scenarios.ts';

describe('every setting arrives where it is meant to', () => {
  it('the rows have every key, and no value that the program would take anyway', () => {
    const rows = Object.values(SCENARIOS).flatMap((scenario) => scenario.rows);
    assert.deepEqual([...new Set(rows.map(([key]) => key))].toSorted(), CONFIG_KEYS.toSorted());
    for (const [key, value] of rows) {
      const { default: taken } = DEFINITIONS[key];
      assert.notEqual(value, typeof taken === 'object' ? JSON.stringify(taken) : String(taken), key);
    }
  });

  for (const [name, { given, run, rows }] of Object.entries(SCENARIOS)) {
    describe(name, () => {
      let recorded: Recorded<Record<string, unknown>>;

      before(async () => {
        const set = Object.fromEntries(rows.map(([key, value]) => [`logferry:${key}`, value]));
        recorded = await recordEnvironment('dev', { ...given, ...set }, run);
      });

      for (const [key, value, reaches] of rows) {
        it(`${key} = ${value.slice(0, 40)}`, () => {
          for (const reach of reaches) {
            const there = found(recorded, reach);
            const expected = reach.is === NOT_REGISTERED ? 0 : Math.max(1, there.length);
            assert.equal(there.length, expected, `${reach.at}: registered`);
            for (const each of there) assert.deepEqual(each, reach.is, `${reach.at}: ${reach.path}`);
          }
        });
      }
    });
  }
});
