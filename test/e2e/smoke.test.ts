import assert from 'node:assert/strict';
import { Road } from '../support/road.ts';
import { tempFolder } from '../support/temp.ts';

describe('the road', () => {
  const schema = {
    fields: [
      { name: 'log_type', type: 'STRING', mode: 'REQUIRED' },
      { name: 'n', type: 'INTEGER' },
    ],
  };

  it('carries an hour, and a second run does nothing and says so', async () => {
    const road = new Road(tempFolder(), { purchase: schema });
    road.put(
      '2026-11-20T14',
      'a.json',
      '{"log_type":"purchase","n":1}\n\n{"log_type":"nope"}\n{"log_type":"purchase","n":"한"}\n{"log_type":"purchase"}',
    );
    const first = await road.run('2026-11-20T14', '--on-misfit', 'setAside');
    assert.equal(first.code, 0, first.stderr);
    assert.deepEqual(first.report, {
      hours: [
        {
          hour: '2026-11-20T14',
          epoch: 1,
          state: 'done',
          lines: 5,
          blank: 1,
          quarantined: 1,
          staged: 3,
          damaged: false,
          duplicateTypeKeys: 0,
          types: [{ type: 'purchase', staged: 3, rejected: 1, loaded: 2, state: 'loaded' }],
        },
      ],
      conserved: true,
    });
    const second = await road.run('2026-11-20T14', '--on-misfit', 'setAside');
    assert.equal(second.code, 0);
    assert.equal(second.report.hours[0]?.state, 'unchanged');
    assert.match(second.stderr, /nothing to do/);
    assert.deepEqual(await road.query('SELECT n FROM raw.purchase ORDER BY n'), [{ n: null }, { n: 1 }]);
  });
});
