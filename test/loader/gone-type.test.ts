import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { NotReadyError } from '../../workloads/core/errors.ts';
import type { WarehouseSession } from '../../workloads/core/ports/warehouse.ts';
import { loadHour, type LoadedHour } from '../../workloads/loader/load-hour.ts';
import type { Road } from '../support/road.ts';
import { tempFolder } from '../support/temp.ts';
import { FIELDS, HOUR, line, newRoad, withRoad, withSessions } from './bench.ts';

const LEDGER = `SELECT epoch, revision, state, row_count FROM ops.ledger WHERE log_type = 't' ORDER BY ALL`;
const STATES = ({ types }: LoadedHour) => types.map(({ type, state }) => `${type} ${state}`);

/** Schema, table and fence of a type are Pulumi's: where the file is removed, "pulumi up" takes the other two away. */
describe('a type that is gone from the warehouse', () => {
  const root = tempFolder();

  /** Both types were loaded; then the schema of `t` was removed and the hour split anew, with --allow-shrink. */
  async function withoutSchema(): Promise<Road> {
    const road = newRoad(root, { t: { fields: FIELDS }, other: { fields: FIELDS } });
    road.put(HOUR, 'a.json', line('t', 1) + line('other', 2));
    assert.equal((await road.run(HOUR)).code, 0);
    rmSync(join(road.folder, 'schemas/t.json'));
    assert.equal((await road.command('classify', HOUR, '--allow-shrink')).code, 0);
    return road;
  }

  /** A warehouse whose tables are Pulumi's, in which those of `t` are, or are not. */
  const pulumis =
    (there: { readonly table: boolean; readonly control: boolean }) =>
    (session: WarehouseSession): Partial<WarehouseSession> => ({
      hasControl: (table) => (table === 't' ? Promise.resolve(there.control) : session.hasControl(table)),
      hasTable: (table) => (table === 't' ? Promise.resolve(there.table) : session.hasTable(table)),
      prepareControl: (type, table) =>
        table === 't' && !there.control
          ? Promise.reject(new NotReadyError('Table ops.control_t: expected it to be there, found none'))
          : session.prepareControl(type, table),
    });

  const load = (road: Road, there: { table: boolean; control: boolean }): Promise<LoadedHour> =>
    withRoad(road, ({ loader }) => loadHour(withSessions(loader, pulumis(there)), HOUR));

  it('with its table and fence ends in the ledger, once; the count view shows no rows of it any more', async () => {
    const road = await withoutSchema();
    const loaded = await load(road, { table: false, control: false });
    assert.deepEqual(STATES(loaded), ['other carried', 't empty']);
    assert.equal(loaded.conserved, true);
    const rows = [
      { epoch: 1, revision: 1, state: 'loaded', row_count: 1 },
      { epoch: 2, revision: 1, state: 'empty', row_count: 0 },
    ];
    assert.deepEqual(await road.query(LEDGER), rows);
    assert.deepEqual(STATES(await load(road, { table: false, control: false })), [
      'other unchanged',
      't unchanged',
    ]);
    assert.deepEqual(await road.query(LEDGER), rows);
    assert.deepEqual(await road.query("SELECT row_count FROM ops.counts WHERE log_type = 't'"), [
      { row_count: 0 },
    ]);
  });

  it('but for its table fails: nothing touches its rows without a fence, and it says what to do', async () => {
    const road = await withoutSchema();
    const { types } = await load(road, { table: true, control: false });
    const [other, gone] = types;
    assert.deepEqual([other?.state, gone?.state], ['carried', 'failed']);
    const { name, message, advice } = gone?.error as { name: string; message: string; advice: string };
    assert.equal(name, 'TerminalError');
    assert.equal(
      message,
      't 2026-11-20T14: the type has no schema any more: expected the control table of t beside the table, found none',
    );
    assert.match(advice, /Put schemas\/t\.json back and run "pulumi up".* or drop the table t/);
    assert.deepEqual(await road.query('SELECT n FROM raw.t'), [{ n: 1 }]);
  });

  it('with its schema alone is emptied behind its fence, as ever', async () => {
    const road = await withoutSchema();
    assert.deepEqual(STATES(await load(road, { table: true, control: true })), ['other carried', 't empty']);
    assert.deepEqual(await road.query('SELECT n FROM raw.t'), []);
  });
});
