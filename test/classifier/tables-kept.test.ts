import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Road } from '../support/road.ts';
import { tempFolder } from '../support/temp.ts';

const HOUR = '2026-11-20T14';
const schema = (type?: string): object => ({
  ...(type === undefined ? {} : { type }),
  fields: [{ name: 'log_type', type: 'STRING', mode: 'REQUIRED' }],
});

describe('a table belongs to one type for good', () => {
  it('a file whose type changed is refused, and its table keeps its rows', async () => {
    const road = new Road(tempFolder(), { purchase: schema() });
    road.put(HOUR, 'a.json', '{"log_type":"purchase"}\n{"log_type":"order/created"}\n');
    assert.equal((await road.run(HOUR)).code, 0);
    road.writeSchemas({ purchase: schema('order/created') });
    const { code, stderr } = await road.run(HOUR);
    assert.equal(code, 1);
    assert.match(
      stderr,
      /purchase\.json: expected the type \\"purchase\\", which its table holds since epoch 1, found \\"order\/created\\"/,
    );
    assert.deepEqual(await road.query('SELECT log_type FROM raw.purchase'), [{ log_type: 'purchase' }]);
  });

  it('a type whose file was renamed is refused: its rows would be in two tables', async () => {
    const road = new Road(tempFolder(), { purchase: schema() });
    road.put(HOUR, 'a.json', '{"log_type":"purchase"}\n');
    assert.equal((await road.run(HOUR)).code, 0);
    rmSync(join(road.folder, 'schemas', 'purchase.json'));
    road.writeSchemas({ purchases: schema('purchase') });
    road.put(HOUR, 'b.json', '{"log_type":"purchase"}\n');
    const { code, stderr } = await road.run(HOUR);
    assert.equal(code, 1);
    assert.match(
      stderr,
      /purchases\.json: expected the type \\"purchase\\" to stay in table purchase, where it is since epoch 1/,
    );
  });

  it('a new hour of a file whose type changed is not loaded into the other type’s table', async () => {
    const road = new Road(tempFolder(), { purchase: schema() });
    road.put(HOUR, 'a.json', '{"log_type":"purchase"}\n');
    assert.equal((await road.run(HOUR)).code, 0);
    road.writeSchemas({ purchase: schema('order/created') });
    road.put('2026-11-20T15', 'a.json', '{"log_type":"order/created"}\n');
    const { code, stderr } = await road.run('2026-11-20T15');
    assert.equal(code, 1);
    assert.match(
      stderr,
      /order\/created 2026-11-20T15: table purchase belongs to the type \\"purchase\\": not loaded/,
    );
    assert.deepEqual(await road.query('SELECT log_type FROM raw.purchase'), [{ log_type: 'purchase' }]);
  });
});
